import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawContactSheet, spread } from '../../../server/data/contact-sheet.ts';
import { DatasetDescription } from '../../../server/data/describe-category.ts';
import { readDataset } from '../../../server/data/read-dataset.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { encoded, picture, type Content } from './pictures.ts';
import { Reading } from './reading.ts';

const reading = new Reading(temporaryFolder());

/** A mask of 40×40 px whose middle 20×20 are marked. */
const square = async (): Promise<Buffer> => {
  const values = new Uint8Array(1600);
  for (let y = 10; y < 30; y++) values.fill(1, y * 40 + 10, y * 40 + 30);
  return sharp(values, { raw: { width: 40, height: 40, channels: 1 } }).toColourspace('b-w').png().toBuffer();
};
const image = (grey: number): Content => picture(grey, 40, 40);

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const colours = new Map<string, number>();
  for (let i = 0; i < data.length; i += 3) {
    const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  return { ...info, count: (colour: string): number => colours.get(colour) ?? 0 };
}

const outline = '255,32,96';

describe('a contact sheet', () => {
  it('shows images in their own size or smaller, and outlines what masks mark', async () => {
    const { dataset } = await reading.read({
      'train/good/a.png': image(90),
      'train/good/b.png': image(91),
      'test/good/a.png': image(92),
      'test/hole/a.png': image(93),
      'ground_truth/hole/a.png': await square(),
      'test/bare/a.png': picture(94, 40, 400),
    });
    const { png, left } = await drawContactSheet(dataset);
    const { count, width, height } = await pixelsOf(png);
    expect(left).toEqual([]);
    for (const grey of [90, 91, 92]) expect(count(`${grey},${grey},${grey}`)).toBeGreaterThanOrEqual(1600);
    // A frame of one pixel around the 20×20 marked ones: 22² − 20².
    expect(count(outline)).toBe(84);
    // 400 px wide, shrunk to the width of a cell: 176×18.
    expect(count('94,94,94')).toBeGreaterThanOrEqual(176 * 18);
    expect(count('94,94,94')).toBeLessThan(176 * 18 + 100);
    expect([width > 1000, height < 800]).toEqual([true, true]);
  });

  it('has a row for each split and defect', async () => {
    const heightOf = async (files: Record<string, Content>): Promise<number> =>
      (await pixelsOf((await drawContactSheet((await reading.read(files)).dataset)).png)).height;
    const base = { 'train/good/a.png': image(1), 'test/good/a.png': image(2) };
    const one = await heightOf(base);
    const row = (await heightOf({ ...base, 'test/x/a.png': image(3) })) - one;
    expect(await heightOf({ ...base, 'test/x/a.png': image(3), 'test/y/a.png': image(4), 'validation/good/a.png': image(5) })).toBe(one + 3 * row);
  });

  it('bears names of any kind', async () => {
    const { dataset } = await reading.read({
      'train/good/<&">\u0001.png': image(1),
      [`test/${'very long name of a defect '.repeat(6).trim()}/${'x'.repeat(200)}.png`]: image(2),
    });
    await expect(drawContactSheet(dataset)).resolves.toMatchObject({ left: [] });
  });

  it('leaves categories out that find no room, and names them', async () => {
    const { dataset } = await reading.read({ 'train/good/a.png': image(1) });
    const [category] = dataset.categories;
    const many = Array.from({ length: 125 }, (_, i) => ({ ...category!, name: `c${i}`, train: [] }));
    const full = { ...category!, test: Array.from({ length: 119 }, (_, i) => ({ ...category!.train[0]!, defect: `d${i}`, anomalous: true, mask: null })) };
    const { left } = await drawContactSheet({ ...dataset, categories: [full, ...many.slice(0, 1), { ...category!, name: 'last' }] });
    expect(left).toEqual(['last']);
  });
});

describe('what is spread over a row', () => {
  it.each([
    [3, 8, [0, 1, 2]],
    [8, 8, [0, 1, 2, 3, 4, 5, 6, 7]],
    [15, 8, [0, 2, 4, 6, 8, 10, 12, 14]],
    [100, 3, [0, 50, 99]],
  ])('of %d at most %d', (n, most, expected) => {
    expect(spread([...Array(n).keys()], most)).toEqual(expected);
  });
});

describe('the description of a category', () => {
  it('counts sizes by area, formats, bits and colours, and shares of what masks mark', async () => {
    const root = await reading.folder(
      {
        'train/good/a.png': picture(1, 10, 20),
        'train/good/b.png': picture(2, 30, 10),
        'train/good/c.jpg': await sharp(await encoded(picture(3, 40, 40))).toColourspace('srgb').jpeg().toBuffer(),
        'test/hole/a.png': image(5),
        'test/hole/b.png': image(6),
        'ground_truth/hole/a.png': await square(),
      },
      'set',
    );
    const description = new DatasetDescription();
    const { categories } = await readDataset(root, { onInspected: description.onInspected });
    expect(description.of(categories[0]!)).toEqual({
      ...{ name: 'set', train: 3, validation: null, good: 0, defective: 2, masks: 1, alpha: 0 },
      sizes: { distinct: 3, smallest: { width: 20, height: 10 }, median: { width: 40, height: 40 }, largest: { width: 40, height: 40 } },
      formats: { jpeg: 1, png: 4 },
      bits: { 8: 5 },
      colours: { RGB: 1, grey: 4 },
      defects: { hole: { images: 2, masks: 1, coverage: { min: 0.25, median: 0.25, max: 0.25 } } },
    });
  });
});
