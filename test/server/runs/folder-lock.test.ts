import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../server/runs/folder-lock.ts';

describe('the lock of a run folder', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stillroom-lock-'));
    file = join(folder, '.run.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const heldBy = (holder: unknown): void => writeFileSync(file, typeof holder === 'string' ? holder : JSON.stringify(holder));

  it('names this process while it is held, and is gone when it is given back', async () => {
    const release = await lockFolder(folder, file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, host: hostname() });
    await release();
    expect(existsSync(file)).toBe(false);
  });

  it('is refused while another process is there, and had once that is gone', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      heldBy({ pid: other.pid, host: hostname() });
      await expect(lockFolder(folder, file)).rejects.toMatchObject({
        code: 'run-folder-busy',
        message: `expected no other process at work in the folder, found process ${other.pid} on ${hostname()}`,
        place: { file: folder },
      });
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: other.pid, host: hostname() });
    } finally {
      const gone = new Promise((resolve) => other.once('close', resolve));
      other.kill('SIGKILL');
      await gone;
    }
    await (await lockFolder(folder, file))();
  });

  it('is refused where another machine holds it', async () => {
    heldBy({ pid: process.pid, host: 'elsewhere' });
    await expect(lockFolder(folder, file)).rejects.toMatchObject({ code: 'run-folder-busy' });
  });

  it.each([
    ['was cut off while it was written', '{"pid": 1'],
    ['is empty', ''],
    ['is of an earlier process with the number of this one', { pid: process.pid, host: hostname() }],
  ])('is taken over where it %s', async (_, holder) => {
    heldBy(holder);
    await (await lockFolder(folder, file))();
    expect(existsSync(file)).toBe(false);
  });

  it('cannot be had below a file', async () => {
    heldBy('');
    await expect(lockFolder(file, join(file, '.run.lock'))).rejects.toMatchObject({ code: 'cannot-write' });
  });
});
