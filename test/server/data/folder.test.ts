import { type Folder, foldersIn } from '../../../plugins/sdk/layout.ts';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFolder } from '../../../server/data/folder.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeFolder, type Content } from './pictures.ts';

const home = temporaryFolder();
let folders = 0;

const file = new Uint8Array(1);

async function folderOf(files: Record<string, Content>): Promise<string> {
  const root = join(home, String(folders++));
  mkdirSync(root);
  await writeFolder(root, files);
  return root;
}

/** Every file of a listing, by its path. */
const paths = (folder: Folder): string[] => foldersIn(folder).flatMap(({ path, files }) => files.map((name) => path + name));

describe('a listing', () => {
  it('has folders and files by name, with paths from where it began', async () => {
    const root = await folderOf({ 'b/2': file, 'b/10': file, 'a/x/y': file, c: file });
    expect(await listFolder(root)).toEqual({
      name: root.slice(home.length + 1),
      path: '',
      files: ['c'],
      folders: [
        { name: 'a', path: 'a/', files: [], folders: [{ name: 'x', path: 'a/x/', files: ['y'], folders: [] }] },
        { name: 'b', path: 'b/', files: ['10', '2'], folders: [] },
      ],
    });
  });

  it('follows links to files and folders, and to the folder itself', async () => {
    const elsewhere = await folderOf({ 'deep/z': file });
    const root = await folderOf({ folder: { link: elsewhere }, file: { link: join(elsewhere, 'deep/z') } });
    expect(paths(await listFolder(root))).toEqual(['file', 'folder/deep/z']);
    symlinkSync(root, join(home, 'linked'));
    expect(paths(await listFolder(join(home, 'linked')))).toEqual(['file', 'folder/deep/z']);
  });

  it('leaves out what a link leads nowhere to, where it is not called as an image', async () => {
    const { files, faults } = await listFolder(await folderOf({ gone: { link: 'nowhere' }, a: file }));
    expect([files, faults]).toEqual([['a'], undefined]);
  });

  it('leaves out hidden files and folders', async () => {
    expect(paths(await listFolder(await folderOf({ '.git/config': file, '.a': file, '__MACOSX/b': file, c: file })))).toEqual(['c']);
  });
});

describe('what has the name of an image and is no file', () => {
  it.each<[string, (at: string) => unknown, string]>([
    ['a link that leads nowhere', (at) => symlinkSync('nowhere', at), 'a link that leads nowhere'],
    ['a pipe', (at) => execFileSync('mkfifo', [at]), 'a pipe'],
    ['a device', (at) => symlinkSync('/dev/null', at), 'a device'],
    ['a folder without images', (at) => mkdirSync(at), 'a folder'],
  ])('%s is a fault, named', async (_, make, found) => {
    const root = await folderOf({ 'good/a.png': file });
    make(join(root, 'good/x.png'));
    const { folders } = await listFolder(root);
    expect(folders[0]!.files).toEqual(['a.png']);
    expect(folders[0]!.faults).toEqual([
      {
        code: 'not-a-file',
        severity: 'error',
        file: 'good/x.png',
        message: `expected an image, found ${found} of that name`,
        hint: 'rename it, or move it out of the dataset',
      },
    ]);
  });

  it('a folder of images may be called as it likes', async () => {
    const { folders, faults } = await listFolder(await folderOf({ 'hole.png/a.png': file }));
    expect([folders[0]!.name, faults]).toEqual(['hole.png', undefined]);
  });
});

describe('links that lead in a ring', () => {
  it('to the folder itself, or to the one above: walked once', async () => {
    const root = await folderOf({ 'a/1': file, 'a/self': { link: '.' }, 'a/up': { link: '..' } });
    expect(paths(await listFolder(root))).toEqual(['a/1']);
  });

  it('of two folders that link to each other: each is seen from the other, once', async () => {
    const root = await folderOf({ 'a/1': file, 'a/b': { link: '../b' }, 'b/2': file, 'b/a': { link: '../a' } });
    expect(paths(await listFolder(root))).toEqual(['a/1', 'a/b/2', 'b/2', 'b/a/1']);
  });

  it('of a link to itself: nothing', async () => {
    expect(paths(await listFolder(await folderOf({ loop: { link: 'loop' }, a: file })))).toEqual(['a']);
  });
});

describe('limits of a listing', () => {
  it('goes six folders deep', async () => {
    const deep = (levels: number): string => Array.from({ length: levels }, (_, i) => `d${i + 1}/`).join('') + 'file';
    const root = await folderOf({ [deep(6)]: file, [deep(7)]: file });
    expect(paths(await listFolder(root))).toEqual([deep(6)]);
  });

  it('more than half a million files, by way of links: refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 720 }, (_, i) => [`files/${i}`, file]));
    const links = Object.fromEntries(Array.from({ length: 720 }, (_, i) => [`link${i}`, { link: 'files' }]));
    const root = await folderOf({ ...many, ...links });
    await expect(listFolder(root)).rejects.toMatchObject({
      code: 'folder-too-large',
      place: { file: root },
      message: 'expected a dataset, found more than 500000 files',
    });
  });
});

describe('a folder that cannot be listed', () => {
  it('is not there: no-such-folder', async () => {
    await expect(listFolder(join(home, 'nowhere'))).rejects.toMatchObject({
      code: 'no-such-folder',
      message: 'expected a folder of images, found nothing there',
    });
  });

  it('is a file: not-a-folder', async () => {
    const root = await folderOf({ a: file });
    await expect(listFolder(join(root, 'a'))).rejects.toMatchObject({ code: 'not-a-folder', place: { file: join(root, 'a') } });
  });

  it('is a link to itself: cannot-read-folder', async () => {
    const root = await folderOf({ loop: { link: 'loop' } });
    await expect(listFolder(join(root, 'loop'))).rejects.toMatchObject({
      code: 'cannot-read-folder',
      place: { file: join(root, 'loop') },
      message: 'expected a folder that can be read, found ELOOP',
    });
  });
});

const isRoot = process.getuid?.() === 0;
describeWith({ name: 'user other than root, who may read everything', met: !isRoot, required: false }, 'a folder without permission', () => {
  const locked = async (look: (root: string) => Promise<void>): Promise<void> => {
    const root = await folderOf({ 'a/b': file, c: file });
    chmodSync(join(root, 'a'), 0);
    try {
      await look(root);
    } finally {
      chmodSync(join(root, 'a'), 0o700);
    }
  };

  it('is refused: cannot-read-folder', () =>
    locked((root) =>
      expect(listFolder(join(root, 'a'))).rejects.toMatchObject({
        code: 'cannot-read-folder',
        message: 'expected a folder that can be read, found EACCES',
      }),
    ));

  it('below the one that is listed is a fault of it, by its path', () =>
    locked(async (root) => {
      const { files, folders, faults } = await listFolder(root);
      expect([files, folders]).toEqual([['c'], []]);
      expect(faults).toMatchObject([{ code: 'cannot-read-folder', file: 'a' }]);
    }));
});
