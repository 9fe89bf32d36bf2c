import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from './caller.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
/** The number of a process that has ended. */
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

function write(path: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'half');
  return file;
}

describe('a server that starts', () => {
  it('removes what a killed one was writing, and nothing else', async () => {
    const left = (name: string, pid = deadPid): string => `.${name}.${pid}-0123abcd.tmp`;
    const gone = ['server', 'graphs/00000000-0000-0000-0000-000000000000', 'dataset-records', 'runs', 'runs/a'].map((folder) => write(`${folder}/${left('record.json')}`));
    const kept = [`runs/a/${left('job.json', process.ppid)}`, 'runs/a/notes.tmp', `datasets/mine/${left('picture.png')}`].map(write);
    await (await Caller.start(home)).served.close();
    expect(gone.filter((file) => existsSync(file))).toEqual([]);
    expect(kept.filter((file) => !existsSync(file))).toEqual([]);
  });
});
