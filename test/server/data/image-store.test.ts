import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../plugins/sdk/index.ts';
import type * as Decode from '../../../server/data/decode.ts';
import { decodeViews } from '../../../server/data/decode.ts';
import { ImageStore } from '../../../server/data/image-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

vi.mock('../../../server/data/decode.ts', async (original) => {
  const decode = await original<typeof Decode>();
  return { ...decode, decodeViews: vi.fn(decode.decodeViews) };
});
const decoded = vi.mocked(decodeViews);

const home = temporaryFolder();
const geometry = { mode: 'crop', resize: [6, 8], size: [4, 5] } as const;
/** Bytes of a decoded image. */
const size = 4 * 5 * 3;
const images = [0, 1, 2, 3].map((i) => ({ file: join(home, `${i}.png`), height: 9, width: 7 }));

beforeEach(async () => {
  const random = createRandom('store');
  for (const { file } of images) {
    const values = Uint8Array.from({ length: 9 * 7 * 3 }, () => random.integer(256));
    await sharp(values, { raw: { height: 9, width: 7, channels: 3 } }).png().toFile(file);
  }
});

const remove = (...indices: number[]): void => indices.forEach((i) => rmSync(images[i]!.file));

/** What a batch must be: each image decoded, over 255. */
async function expected(indices: readonly number[]): Promise<number[]> {
  const decoded = await Promise.all(indices.map((i) => decodeViews(images[i]!.file, geometry)));
  return decoded.flat().flatMap((bytes) => [...bytes].map((value) => Math.fround(value / 255)));
}

describe('a store of four images 4×5', () => {
  it('knows how many they are, and of what shape', () => {
    const store = new ImageStore(images, geometry);
    expect([store.length, store.shape]).toEqual([4, [4, 5, 3]]);
  });

  it.each([
    ['with room for all', {}],
    ['with room for two', { budget: 2 * size }],
    ['with room for none', { budget: 0 }],
  ])('%s gives the same values: RGB over 255, image after image, as often as it is asked', async (_, options) => {
    const store = new ImageStore(images, geometry, options);
    for (const indices of [[2, 0], [3, 1, 2, 0], [1, 1], []]) {
      expect([...(await store.batch(indices))]).toEqual(await expected(indices));
    }
  });

  it('keeps what it has decoded: the file is not looked at again', async () => {
    const store = new ImageStore(images, geometry);
    const first = await store.batch([0, 1]);
    remove(0, 1);
    expect(await store.batch([0, 1])).toEqual(first);
  });

  it.each([
    [0, []],
    [size - 1, []],
    [size, [0]],
    [3 * size - 1, [0, 1]],
  ])('keeps within %d bytes the first that fit: %j', async (budget, kept) => {
    const store = new ImageStore(images, geometry, { budget });
    for (const index of [0, 1, 2]) await store.batch([index]);
    remove(0, 1, 2);
    for (const index of [0, 1, 2]) {
      const again = store.batch([index]);
      if (kept.includes(index)) expect(await again).toHaveLength(size);
      else await expect(again).rejects.toMatchObject({ code: 'unreadable-image' });
    }
  });

  it('decodes ahead what it is told to, and no image twice before it is asked for, even without room', async () => {
    const store = new ImageStore(images, geometry, { budget: 0 });
    const values = await expected([0, 1]);
    decoded.mockClear();
    store.prefetch([0]);
    store.prefetch([0, 1]);
    await vi.waitFor(() => expect(decoded).toHaveBeenCalledTimes(2));
    expect([...(await store.batch([0, 1]))]).toEqual(values);
    expect(decoded).toHaveBeenCalledTimes(2);
    // What was decoded ahead is given away once.
    await store.batch([1]);
    expect(decoded).toHaveBeenCalledTimes(3);
  });

  it('tells in a batch what went wrong while decoding ahead, with the file', async () => {
    writeFileSync(images[1]!.file, 'broken');
    const store = new ImageStore(images, geometry);
    store.prefetch([0, 1]);
    expect(await store.batch([0])).toHaveLength(size);
    await expect(store.batch([0, 1])).rejects.toMatchObject({
      code: 'unreadable-image',
      place: { file: images[1]!.file },
    });
  });

  it('after a batch that failed it still gives the others, and the repaired file', async () => {
    const good = join(home, 'good.png');
    copyFileSync(images[1]!.file, good);
    const values = await expected([1]);
    writeFileSync(images[1]!.file, 'broken');
    const store = new ImageStore(images, geometry);
    await expect(store.batch([0, 1])).rejects.toThrow();
    expect([...(await store.batch([0]))]).toEqual(await expected([0]));
    copyFileSync(good, images[1]!.file);
    expect([...(await store.batch([1]))]).toEqual(values);
  });

  it('refuses an image that is not there', async () => {
    await expect(new ImageStore(images, geometry).batch([4])).rejects.toThrow('view 4 of 4 asked for');
  });
});

describe('a store of tiles', () => {
  // Of 9×7 px in tiles of 4×5: rows at 0, 4 and 5, columns at 0 and 2.
  const tiles = { mode: 'tiles', size: [4, 5], scale: 1, overlap: 0, fill: 0 } as const;
  const values = async (i: number): Promise<number[][]> =>
    (await decodeViews(images[i]!.file, tiles)).map((view) => [...view].map((value) => Math.fround(value / 255)));

  it('has the views of all images, image after image', async () => {
    const store = new ImageStore(images, tiles);
    expect([store.length, store.inspections.map(({ windows }) => windows.length)]).toEqual([24, [6, 6, 6, 6]]);
    const [first, second] = [await values(0), await values(1)];
    expect([...(await store.batch([7, 5, 6, 0]))]).toEqual([...second[1]!, ...first[5]!, ...second[0]!, ...first[0]!]);
  });

  it.each([['with room for all', {}], ['with room for none', { budget: 0 }]])('%s decodes an image once for tiles that are asked for in turn', async (_, options) => {
    const store = new ImageStore(images, tiles, options);
    decoded.mockClear();
    const found: number[] = [];
    for (const batch of [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]) found.push(...(await store.batch(batch)));
    expect(decoded).toHaveBeenCalledTimes(2);
    expect(found).toEqual([...(await values(0)), ...(await values(1))].flat());
  });

  it('refuses an image of more tiles than can be meant, with its file', () => {
    const huge = { file: 'huge.png', height: 8000, width: 16_000 };
    expect(() => new ImageStore([huge], tiles)).toThrow(expect.objectContaining({ code: 'too-many-tiles', place: { file: 'huge.png' } }) as Error);
  });
});
