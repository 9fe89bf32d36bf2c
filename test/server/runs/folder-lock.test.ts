import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockFolder } from '../../../server/runs/folder-lock.ts';
import { markOf } from '../../../server/runs/process-mark.ts';

/** What only Linux tells of a process. */
const isTold = markOf(process.pid).boot !== undefined;

const marks: [string, object][] = [
  ['says that its process was of an earlier start of the machine', { ...markOf(process.ppid), boot: 'an earlier one' }],
  ['says that its process began at another time than the one which has its number now', { ...markOf(process.ppid), began: '1' }],
];

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
    const { release } = await lockFolder(folder, file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
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
    await (await lockFolder(folder, file)).release();
  });

  it('is refused to a second run of this very process', async () => {
    const { release } = await lockFolder(folder, file);
    await expect(lockFolder(folder, file)).rejects.toMatchObject({
      code: 'run-folder-busy',
      message: `expected no other process at work in the folder, found process ${process.pid} on ${hostname()}`,
    });
    await release();
    await (await lockFolder(folder, file)).release();
  });

  it('is had by one alone of many that ask at once, where a dead process has left it', async () => {
    heldBy({ pid: 2 ** 22 + 1, host: hostname() });
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder, file)));
    const had = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(had).toHaveLength(1);
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'run-folder-busy' });
    had[0]!.check();
    await had[0]!.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not hang on the time of day', async () => {
    const { check, release } = await lockFolder(folder, file);
    for (const days of [-400, 400]) {
      vi.useFakeTimers({ now: Date.now() + days * 86_400_000, toFake: ['Date'] });
      utimesSync(file, new Date(), new Date());
      check();
      await expect(lockFolder(folder, file)).rejects.toMatchObject({ code: 'run-folder-busy' });
      vi.useRealTimers();
    }
    await release();
  });

  it('is lost where its folder is deleted or moved, or another process has taken it', async () => {
    const lock = await lockFolder(folder, file);
    lock.check();
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    expect(() => lock.check()).toThrow(
      expect.objectContaining({
        code: 'run-folder-gone',
        message: 'expected the run folder where it was, found it deleted or moved',
        place: { file: folder },
      }),
    );
    renameSync(moved, folder);
    lock.check();
    heldBy({ pid: process.ppid, host: hostname() });
    expect(() => lock.check()).toThrow(expect.objectContaining({ code: 'run-folder-busy' }));
    await lock.release();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.ppid, host: hostname() });
  });

  it.each<[string, object]>([
    ['another machine', { host: 'elsewhere' }],
    ...(isTold ? ([['another container of this machine', { space: 'pid:[1]' }]] as [string, object][]) : []),
  ])('is refused where %s holds it, which cannot be looked into', async (_, where) => {
    heldBy({ ...markOf(2 ** 22 + 1), boot: markOf(process.pid).boot, ...where });
    await expect(lockFolder(folder, file)).rejects.toMatchObject({
      code: 'run-folder-busy',
      hint: `choose another --out, or wait for it; if there is no such process, delete ${file}`,
    });
  });

  it.each<[string, object | string]>([
    ['was cut off while it was written', '{"pid": 1'],
    ['is empty', ''],
    ['is of an earlier process with the number of this one', { pid: process.pid, host: hostname() }],
    ...(isTold ? marks : []),
  ])('is taken over where it %s', async (_, holder) => {
    heldBy(holder);
    await (await lockFolder(folder, file)).release();
    expect(existsSync(file)).toBe(false);
  });

  it('cannot be had below a file', async () => {
    heldBy('');
    await expect(lockFolder(file, join(file, '.run.lock'))).rejects.toMatchObject({ code: 'cannot-write' });
  });
});
