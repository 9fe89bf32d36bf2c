import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashDataset } from '../../../server/data/hash.ts';
import { readDataset } from '../../../server/data/read-dataset.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { picture, writeFolder } from './pictures.ts';

const home = temporaryFolder();
const root = join(home, 'carpet');
const paths = ['ground_truth/hole/0.png', 'test/good/0.png', 'test/hole/0.png', 'train/good/0.png', 'train/good/1.png'];
beforeAll(async () => {
  await writeFolder(root, Object.fromEntries(paths.map((path, i) => [path, picture(10 * i + 1)])));
});

/** The same files in another place, changed. */
function copy(name: string, change: (folder: string) => void = () => {}): string {
  const folder = join(home, name);
  mkdirSync(folder);
  cpSync(root, folder, { recursive: true });
  change(folder);
  return folder;
}

const hashOf = async (folder: string): Promise<string> => hashDataset((await readDataset(folder)).categories);

describe('the hash of a dataset', () => {
  it('is that of the lines `sha256  path` of its images and masks, by path', async () => {
    const sha = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
    const lines = paths.map((path) => `${sha(readFileSync(join(root, path)))}  ${path}\n`);
    expect(await hashOf(root)).toBe(sha(lines.join('')));
  });

  it('does not depend on where the dataset lies', async () => {
    expect(await hashOf(copy('elsewhere'))).toBe(await hashOf(root));
  });

  it('does not depend on the order in which files were read', async () => {
    const { categories } = await readDataset(root);
    const [{ name, train, test } = { name: '', train: [], test: [] }] = categories;
    expect(await hashDataset([{ name, train: [...train].reverse(), test: [...test].reverse() }])).toBe(await hashDataset(categories));
  });

  it('is the same where only headers were read: files are then hashed here', async () => {
    const { categories } = await readDataset(root, { scrutiny: 'header' });
    expect(await hashDataset(categories)).toBe(await hashOf(root));
  });

  it.each<[string, (folder: string) => unknown]>([
    ['a changed image', (folder) => writeFolder(folder, { 'train/good/0.png': picture(99) })],
    ['a changed mask', (folder) => writeFolder(folder, { 'ground_truth/hole/0.png': picture(99) })],
    ['a further image', (folder) => writeFolder(folder, { 'train/good/2.png': picture(99) })],
    ['another name', (folder) => renameSync(join(folder, 'train/good/0.png'), join(folder, 'train/good/00.png'))],
    ['another label', (folder) => renameSync(join(folder, 'test/hole'), join(folder, 'test/cut'))],
  ])('%s changes it', async (what, change) => {
    const folder = copy(what.replaceAll(' ', '-'));
    await change(folder);
    expect(await hashOf(folder)).not.toBe(await hashOf(root));
  });

  it('a file without meaning does not', async () => {
    const folder = copy('with-notes');
    await writeFolder(folder, { 'notes.txt': Buffer.from('x') });
    expect(await hashOf(folder)).toBe(await hashOf(root));
  });
});
