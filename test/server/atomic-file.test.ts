import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { asWriteError, isLeftover, removeLeftovers, writeFileAtomically } from '../../server/atomic-file.ts';
import { describeWith } from '../support/needs.ts';
import { mountNeed, smallDisk, type SmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;
const newFolder = (): string => {
  const path = join(folder, String(count++));
  mkdirSync(path);
  return path;
};

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('writing a file atomically', () => {
  it('makes the file and the folders above it, and leaves nothing beside it', async () => {
    const file = join(newFolder(), 'a', 'b', 'c.txt');
    await writeFileAtomically(file, (handle) => handle.writeFile('whole'));
    expect(readFileSync(file, 'utf8')).toBe('whole');
    expect(readdirSync(join(file, '..'))).toEqual(['c.txt']);
  });

  it('leaves the old file in place until the new one is whole', async () => {
    const file = join(newFolder(), 'c.txt');
    writeFileSync(file, 'old');
    await writeFileAtomically(file, async (handle) => {
      await handle.writeFile('ne');
      expect(readFileSync(file, 'utf8')).toBe('old');
      const beside = readdirSync(join(file, '..')).filter((name) => name !== 'c.txt');
      expect(beside).toHaveLength(1);
      expect(isLeftover(beside[0]!)).toBe(true);
      await handle.writeFile('w');
    });
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  it('that fails leaves the old file and nothing else, and throws what went wrong', async () => {
    const file = join(newFolder(), 'c.txt');
    writeFileSync(file, 'old');
    const failure = new RangeError('half-way');
    const failing = writeFileAtomically(file, async (handle) => {
      await handle.writeFile('ne');
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(join(file, '..'))).toEqual(['c.txt']);
  });

  it('twice at once gives one of both, whole', async () => {
    const file = join(newFolder(), 'c.txt');
    const texts = ['a', 'b'].map((letter) => letter.repeat(100_000));
    await Promise.all(texts.map((text) => writeFileAtomically(file, (handle) => handle.writeFile(text))));
    expect(texts).toContain(readFileSync(file, 'utf8'));
    expect(readdirSync(join(file, '..'))).toEqual(['c.txt']);
  });

  it('below a file, or in place of a folder, cannot be: the error names the file and what to do', async () => {
    const place = newFolder();
    writeFileSync(join(place, 'file'), '');
    mkdirSync(join(place, 'folder'));
    const write = (file: string) => writeFileAtomically(file, (handle) => handle.writeFile('x'));
    await expect(write(join(place, 'file', 'a', 'c.txt'))).rejects.toMatchObject({
      code: 'cannot-write',
      place: { file: join(place, 'file', 'a', 'c.txt') },
      hint: 'choose a path whose folders are folders',
    });
    await expect(write(join(place, 'folder'))).rejects.toMatchObject({ code: 'cannot-write', place: { file: join(place, 'folder') } });
    expect(readdirSync(place).sort()).toEqual(['file', 'folder']);
  });
});

describeWith(mountNeed(), 'a file on a disk', () => {
  let disk: SmallDisk;
  beforeAll(() => void (disk = smallDisk(256)));
  const write = (bytes: number) => writeFileAtomically(join(disk.path, 'c.bin'), (handle) => handle.writeFile(Buffer.alloc(bytes, 'n')), bytes);

  it('that is full stays as it was, and the error says what room it takes; with room it is written', async () => {
    await writeFileAtomically(join(disk.path, 'c.bin'), (handle) => handle.writeFile('old'));
    await expect(write(400_000)).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/^expected 400 kB of room for this file, found the disk full \(\d+ kB free\)$/),
      place: { file: join(disk.path, 'c.bin') },
    });
    expect(readFileSync(join(disk.path, 'c.bin'), 'utf8')).toBe('old');
    expect(readdirSync(disk.path)).toEqual(['c.bin']);
    disk.resize(1024);
    await write(400_000);
    expect(readFileSync(join(disk.path, 'c.bin'))).toHaveLength(400_000);
  });

  it('that is read-only stays as it was', async () => {
    const before = readFileSync(join(disk.path, 'c.bin'));
    disk.setReadOnly(true);
    await expect(write(10)).rejects.toMatchObject({ code: 'cannot-write', hint: 'choose a folder that is not read-only' });
    disk.setReadOnly(false);
    expect(readFileSync(join(disk.path, 'c.bin')).equals(before)).toBe(true);
  });
});

describe('what killed processes left', () => {
  it('is removed in a folder and below it; files of people and of writes that go on stay', async () => {
    const place = newFolder();
    mkdirSync(join(place, 'below'));
    const dead = deadPid();
    const left = [`.a.txt.${dead}-0123abcd.tmp`, `below/.b.safetensors.${dead}-ffffffff.tmp`];
    // In a container another process of the same number may have been killed.
    left.push(`.a.txt.${process.pid}-0123abcd.tmp`);
    const kept = ['a.txt', `.a.txt.${process.ppid}-0123abcd.tmp`, '.notes.tmp', `.a.${dead}.tmp`, `a.txt.${dead}-0123abcd.tmp`];
    for (const name of [...left, ...kept]) writeFileSync(join(place, name), 'x');
    await removeLeftovers(place);
    expect(readdirSync(place).sort()).toEqual([...kept, 'below'].sort());
    expect(readdirSync(join(place, 'below'))).toEqual([]);
  });

  it('is not what this process writes just now', async () => {
    const place = newFolder();
    await writeFileAtomically(join(place, 'a.txt'), async (handle) => {
      await handle.writeFile('whole');
      await removeLeftovers(place);
    });
    expect(readFileSync(join(place, 'a.txt'), 'utf8')).toBe('whole');
  });

  it('in a folder that is not there is nothing', async () => {
    await removeLeftovers(join(folder, 'none'));
    expect(readdirSync(folder)).not.toContain('none');
  });
});

describe('what the system says of a failed write', () => {
  const failed = (code: string): Error => Object.assign(new Error(code), { code });

  it.each([
    ['EACCES', 'choose a folder that you may write to'],
    ['EROFS', 'choose a folder that is not read-only'],
    ['ENAMETOOLONG', 'choose a shorter path'],
    ['EIO', 'see whether the disk is damaged, or was taken out'],
  ])('%s: %s', (code, hint) => {
    const cause = failed(code);
    expect(asWriteError(cause, '/out/file')).toMatchObject({
      code: 'cannot-write',
      message: `expected to write this file, found ${code}`,
      hint,
      place: { file: '/out/file' },
      cause,
    });
  });

  it('of a full disk says how much is wanted, where that is known, and how much is free', () => {
    const hint = 'free some space there and run the same again: what was written before is whole';
    const cause = failed('ENOSPC');
    const unknown = { code: 'disk-full', message: 'expected room for this file, found the disk full', hint, place: { file: '/none/there/file' }, cause };
    expect(asWriteError(cause, '/none/there/file')).toMatchObject(unknown);
    expect(asWriteError(cause, join(folder, 'file'), 12_345_678)).toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/^expected 12\.3 MB of room for this file, found the disk full \(\d[\d.]* ([kMG]B|bytes) free\)$/),
    });
    expect(asWriteError(failed('EDQUOT'), '/none/there/file', 999)).toMatchObject({
      code: 'disk-full',
      message: 'expected 999 bytes of room for this file, found your quota of the disk used up',
    });
  });

  it('is a defect of ours where no person can help', () => {
    for (const cause of [failed('EBADF'), new TypeError('of null'), 'text']) expect(asWriteError(cause, '/out/file')).toBe(cause);
  });
});
