import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Problem, StillroomError } from '../../../plugins/sdk/index.ts';
import type { Dataset } from '../../../server/data/dataset.ts';
import { readDataset, type ReadOptions } from '../../../server/data/read-dataset.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { black, encoded, picture, writeFolder, type Content } from './pictures.ts';

const home = temporaryFolder();
let folders = 0;

async function folderOf(files: Record<string, Content>, name = 'carpet'): Promise<string> {
  const root = join(home, String(folders++), name);
  mkdirSync(root, { recursive: true });
  await writeFolder(root, files);
  return root;
}

/** What is read of a folder, with every path as it is named within. */
async function read(files: Record<string, Content>, options?: ReadOptions) {
  const root = await folderOf(files);
  const dataset = await readDataset(root, options);
  return { ...summary(dataset), dataset, problems: dataset.problems.map((problem) => short(problem, root)) };
}

async function refusal(files: Record<string, Content>, options?: ReadOptions) {
  const root = await folderOf(files);
  const error = (await readDataset(root, options).then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason,
  )) as StillroomError;
  return { ...short({ ...error.problems[0]!, code: error.code }, root), message: error.message, all: error.problems.map((p) => short(p, root)) };
}

function summary({ layout, categories }: Dataset) {
  return {
    layout,
    categories: categories.map(({ name, train, test }) => ({
      name,
      train: train.map(({ path }) => path),
      test: test.map(({ path, defect, anomalous, mask }) => [path, defect, anomalous, mask?.path ?? null]),
    })),
  };
}

function short({ code, severity, file, message, hint }: Problem, root: string) {
  return { code, severity, file: file?.slice(root.length + 1), message: message.replaceAll(root, ''), hint };
}

const mark = picture(255);
/** A category in order, nothing to say about it. */
const inOrder = {
  'train/good/000.png': picture(1),
  'train/good/001.png': picture(2),
  'test/good/000.png': picture(3),
  'test/hole/000.png': picture(4),
  'ground_truth/hole/000_mask.png': mark,
};

describe('a folder in the layout of MVTec AD', () => {
  it('normal images train, test images have their defect and their mask, nothing is wrong', async () => {
    const { layout, categories, problems, dataset } = await read(inOrder);
    expect(layout).toBe('mvtec');
    expect(categories).toEqual([
      {
        name: 'carpet',
        train: ['train/good/000.png', 'train/good/001.png'],
        test: [
          ['test/good/000.png', 'good', false, null],
          ['test/hole/000.png', 'hole', true, 'ground_truth/hole/000_mask.png'],
        ],
      },
    ]);
    expect(problems).toEqual([]);
    const [image] = dataset.categories[0]!.train;
    expect(image).toEqual({
      file: join(dataset.root, 'train/good/000.png'),
      path: 'train/good/000.png',
      height: 4,
      width: 6,
      hash: createHash('sha256').update(await encoded(picture(1))).digest('hex'),
    });
  });

  it('paths come sorted by code unit, whatever the file system says', async () => {
    const names = ['10', '9', 'B', 'a', 'ä'];
    const { categories } = await read({
      ...Object.fromEntries(names.map((name, i) => [`train/good/${name}.png`, picture(i + 1)])),
    });
    expect(categories[0]!.train).toEqual(names.map((name) => `train/good/${name}.png`));
  });

  it('masks may be named as their images are; a name with _mask is the surer one', async () => {
    const { categories, problems } = await read({
      ...inOrder,
      'test/hole/001.png': picture(5),
      'test/hole/002.jpg': await sharp(await encoded(picture(6))).jpeg().toBuffer(),
      'ground_truth/hole/000.png': picture(200),
      'ground_truth/hole/001.png': mark,
      'ground_truth/hole/002_MASK.png': mark,
    });
    expect(categories[0]!.test.slice(1).map(([image, , , mask]) => [image, mask])).toEqual([
      ['test/hole/000.png', 'ground_truth/hole/000_mask.png'],
      ['test/hole/001.png', 'ground_truth/hole/001.png'],
      ['test/hole/002.jpg', 'ground_truth/hole/002_MASK.png'],
    ]);
    expect(problems).toMatchObject([{ code: 'mask-without-image', file: 'ground_truth/hole/000.png' }]);
  });

  it('masks of good images, which some sets ship, are of no use and no matter', async () => {
    const { categories, problems } = await read({ ...inOrder, 'ground_truth/good/000_mask.png': black });
    expect(categories[0]!.test[0]).toEqual(['test/good/000.png', 'good', false, null]);
    expect(problems).toEqual([]);
  });

  it('hidden files, what macOS leaves behind, and other files are looked past', async () => {
    const { problems, categories } = await read({
      ...inOrder,
      '.DS_Store': Buffer.from('x'),
      'train/good/._000.png': Buffer.from('x'),
      '__MACOSX/train/good/000.png': Buffer.from('x'),
      'license.txt': Buffer.from('x'),
      'train/good/notes.csv': Buffer.from('x'),
    });
    expect(problems).toEqual([]);
    expect(categories[0]!.train).toHaveLength(2);
  });

  it('train only: it can be fitted, and there is nothing to measure', async () => {
    const { categories, problems } = await read({ 'train/good/a.png': picture(1) });
    expect(categories[0]!.test).toEqual([]);
    expect(problems).toMatchObject([
      {
        code: 'no-metrics',
        message: 'expected good and defective test images of carpet, found no good and no defective ones: there will be scores, but no metrics',
      },
    ]);
  });
});

describe('a folder of several categories', () => {
  const set = Object.fromEntries(
    ['tile', 'carpet'].flatMap((name) => Object.entries(inOrder).map(([path, content]) => [`${name}/${path}`, content])),
  );

  it('is read category by category, paths from the top', async () => {
    const { layout, categories, problems } = await read({ ...set, 'readme.txt': Buffer.from('x') });
    expect(layout).toBe('mvtec-set');
    expect(categories.map(({ name, train }) => [name, train[0]])).toEqual([
      ['carpet', 'carpet/train/good/000.png'],
      ['tile', 'tile/train/good/000.png'],
    ]);
    expect(problems).toEqual([]);
  });

  it('some of them may be chosen; the others are not even looked at', async () => {
    const broken = { ...set, 'carpet/train/good/000.png': Buffer.from('broken') };
    const { categories, problems } = await read(broken, { category: ['tile'] });
    expect(categories.map(({ name }) => name)).toEqual(['tile']);
    expect(problems).toEqual([]);
  });

  it('one that is not there is refused, with those that are', async () => {
    expect(await refusal(set, { category: ['tile', 'tyle'] })).toMatchObject({
      code: 'unknown-category',
      message: 'expected a category of this dataset, found "tyle"',
      hint: 'choose from carpet, tile',
    });
  });

  it('counts every file on the way', async () => {
    const seen: [number, number][] = [];
    await read(set, { onProgress: (done, total) => seen.push([done, total]) });
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, 10]));
  });
});

describe('a plain folder', () => {
  it('its images are normal ones; what lies deeper has no use', async () => {
    const { layout, categories, problems } = await read({ 'b.png': picture(1), 'a.png': picture(2), 'old/c.png': picture(3) });
    expect(layout).toBe('plain');
    expect(categories).toEqual([{ name: 'carpet', train: ['a.png', 'b.png'], test: [] }]);
    expect(problems.map(({ code, file }) => [code, file])).toEqual([
      ['no-metrics', undefined],
      ['unused-images', 'old/c.png'],
    ]);
  });
});

describe('a folder of good ones beside folders of defects', () => {
  const good = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`OK/${i}.png`, picture(i + 1)]));

  it('a fifth of the good ones is kept for the test, always the same', async () => {
    const files = { ...good, 'hole/0.png': picture(50), 'ground_truth/hole/0.png': mark };
    const { layout, categories, problems } = await read(files);
    expect(layout).toBe('good-and-defects');
    const [{ train, test } = { train: [], test: [] }] = categories;
    expect(train).toHaveLength(8);
    expect(test.map(([, defect, anomalous, mask]) => [defect, anomalous, mask])).toEqual([
      ['good', false, null],
      ['good', false, null],
      ['hole', true, 'ground_truth/hole/0.png'],
    ]);
    expect(new Set([...train, ...test.map(([path]) => path)]).size).toBe(11);
    expect(problems).toMatchObject([
      { code: 'good-images-held-out', message: 'carpet: 2 of 10 normal images are kept for the test', severity: 'warning' },
    ]);
    expect((await read(files)).categories).toEqual(categories);
  });

  it('without defects all of them train', async () => {
    const { categories, problems } = await read(good);
    expect(categories[0]!.train).toHaveLength(10);
    expect(problems.map(({ code }) => code)).toEqual(['no-metrics']);
  });

  it('without good ones it is refused', async () => {
    expect(await refusal({ 'hole/0.png': picture(1) })).toMatchObject({
      code: 'no-good-images',
      file: 'good',
      message: 'expected normal images of carpet to fit on, found none',
    });
  });
});

describe('a folder that cannot be read', () => {
  it.each([
    ['holds other files', { 'a.txt': Buffer.from('x'), 'b/c.gif': Buffer.from('x') }, '2 files, none of them an image'],
    ['holds images in folders of no known layout', { 'a/b/c.png': picture(1) }, '1 images in folders of no known layout'],
  ])('%s', async (_, files, found) => {
    const { code, message, hint } = await refusal(files);
    expect([code, message]).toEqual(['no-images', `expected a folder of images, found ${found}`]);
    expect(hint).toContain('train/good');
  });

  it('has no normal images, or none that can be read', async () => {
    expect(await refusal({ 'test/good/a.png': picture(1) })).toMatchObject({ code: 'no-good-images', file: 'train/good' });
    const broken = { ...inOrder, 'train/good/000.png': Buffer.from('x'), 'train/good/001.png': Buffer.from('y') };
    expect(await refusal(broken, { onProblem: 'skip' })).toMatchObject({
      code: 'no-good-images',
      message: 'expected normal images of carpet to fit on, found 2 that cannot be used',
    });
  });
});

describe('a file that cannot be used', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

  it('all of them are told at once, by path', async () => {
    const { code, file, all } = await refusal({
      ...inOrder,
      'train/good/001.png': Buffer.from('x'),
      'test/hole/000.png': svg,
      'ground_truth/hole/000_mask.png': Buffer.alloc(0),
    });
    expect([code, file]).toEqual(['unreadable-image', 'ground_truth/hole/000_mask.png']);
    expect(all.map((problem) => [problem.code, problem.file])).toEqual([
      ['unreadable-image', 'ground_truth/hole/000_mask.png'],
      ['unsupported-image', 'test/hole/000.png'],
      ['unreadable-image', 'train/good/001.png'],
    ]);
  });

  it('a mask that cannot be read leaves its image without one', async () => {
    const files = { ...inOrder, 'ground_truth/hole/000_mask.png': Buffer.alloc(0) };
    const { categories, problems } = await read(files, { onProblem: 'skip' });
    expect(categories[0]!.test[1]).toEqual(['test/hole/000.png', 'hole', true, null]);
    expect(problems.map(({ code }) => code)).toEqual(['unreadable-image', 'no-mask']);
  });

  it('headers alone show no truncation; they are quick and take no hash', async () => {
    const whole = await encoded(picture(7, 64, 64));
    const files = { ...inOrder, 'train/good/000.png': whole.subarray(0, whole.length - 20) };
    const { problems, dataset } = await read(files, { scrutiny: 'header' });
    expect(problems).toEqual([]);
    expect(dataset.categories[0]!.train[0]).not.toHaveProperty('hash');
  });
});

describe('the size of a mask', () => {
  it('is held to that of its image as a viewer shows it, turned by EXIF', async () => {
    const turned = await sharp(await encoded(picture(9, 6, 4))).withMetadata({ orientation: 6 }).png().toBuffer();
    const { problems } = await read({ ...inOrder, 'test/hole/000.png': turned });
    expect(problems).toEqual([]);
  });
});

describe('what is said and borne with', () => {
  it('an empty mask; not to be seen in headers', async () => {
    const files = { ...inOrder, 'ground_truth/hole/000_mask.png': black };
    expect((await read(files)).problems).toMatchObject([{ code: 'empty-mask', file: 'ground_truth/hole/000_mask.png' }]);
    expect((await read(files, { scrutiny: 'header' })).problems).toEqual([]);
  });

  it('no mask for some defective images: pixel metrics leave them out', async () => {
    const more = Object.fromEntries([1, 2, 3, 4].map((i) => [`test/hole/00${i}.png`, picture(10 + i)]));
    expect((await read({ ...inOrder, ...more })).problems).toMatchObject([
      {
        code: 'no-mask',
        file: 'test/hole/001.png',
        message:
          'expected masks for the 5 defective images of carpet, found none for test/hole/001.png, test/hole/002.png, ' +
          'test/hole/003.png and 1 more: pixel metrics leave them out',
      },
    ]);
  });

  it('no mask for any: no pixel metrics', async () => {
    const { 'ground_truth/hole/000_mask.png': _, ...files } = inOrder;
    expect((await read(files)).problems).toMatchObject([
      {
        code: 'no-mask',
        message: 'expected masks for the 1 defective images of carpet, found none: there will be no pixel metrics',
      },
    ]);
  });

  it('a mask without an image, of a defect that is there and of one that is not', async () => {
    const { problems } = await read({ ...inOrder, 'ground_truth/hole/777_mask.png': mark, 'ground_truth/cut/000_mask.png': mark });
    expect(problems).toMatchObject([
      {
        code: 'mask-without-image',
        message:
          'expected an image in test for each mask of carpet, found none for ground_truth/cut/000_mask.png, ground_truth/hole/777_mask.png',
      },
    ]);
  });

  it('leakage: the same file in train and in test, whatever it is called; not to be seen in headers', async () => {
    const files = { ...inOrder, 'test/good/777.png': picture(2) };
    expect((await read(files)).problems).toMatchObject([
      {
        code: 'leakage',
        file: 'test/good/777.png',
        message: 'expected test images of carpet that are not in train, found 1 in both: test/good/777.png = train/good/001.png',
      },
    ]);
    expect((await read(files, { scrutiny: 'header' })).problems).toEqual([]);
  });

  it('no metrics without good, or without defective test images', async () => {
    const { 'test/good/000.png': _, ...withoutGood } = inOrder;
    expect((await read(withoutGood)).problems).toMatchObject([
      { code: 'no-metrics', message: expect.stringContaining('found no good ones') as string },
    ]);
    const { 'test/hole/000.png': __, 'ground_truth/hole/000_mask.png': ___, ...withoutDefects } = inOrder;
    expect((await read(withoutDefects)).problems).toMatchObject([
      { code: 'no-metrics', message: expect.stringContaining('found no defective ones') as string },
    ]);
  });

  it('images where the layout has no use for them', async () => {
    const { problems } = await read({ ...inOrder, 'preview.png': picture(9), 'train/bad/0.png': picture(9), 'test/0.png': picture(9) });
    expect(problems).toMatchObject([
      {
        code: 'unused-images',
        file: 'preview.png',
        message: 'expected a use for every image, found none for preview.png, test/0.png, train/bad/0.png',
      },
    ]);
  });
});
