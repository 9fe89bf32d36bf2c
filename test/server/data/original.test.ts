import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { inspectionOf } from '../../../server/data/inspection.ts';
import { decodeOriginal, defectsOf, markedAt, sizeWithin } from '../../../server/data/original.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('the original image', () => {
  it('is drawn as large as it is, or smaller where a side is too long', () => {
    expect(sizeWithin([600, 800], 1024)).toEqual([600, 800]);
    expect(sizeWithin([4096, 2048], 1024)).toEqual([1024, 512]);
    expect(sizeWithin([1, 100_000], 1000)).toEqual([1, 1000]);
  });

  it('is decoded whole', async () => {
    const pixels = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => i * 10);
    await sharp(pixels, { raw: { width: 3, height: 2, channels: 3 } }).png().toFile(join(folder, 'image.png'));
    expect(await decodeOriginal(join(folder, 'image.png'), [2, 3])).toEqual(pixels);
    expect(await decodeOriginal(join(folder, 'image.png'), [1, 1])).toHaveLength(3);
  });
});

describe('what a mask marks', () => {
  const mask = (height: number, width: number, ...marked: number[]) => {
    const data = new Uint8Array(height * width);
    for (const i of marked) data[i] = 1;
    return { data, height, width, channels: 1 };
  };

  it('is never lost where the image is made smaller', () => {
    for (let i = 0; i < 100; i++) expect(markedAt(mask(10, 10, i), [3, 3]).reduce((a, b) => a + b)).toBeGreaterThan(0);
  });

  it('is as large as it was where the image is made larger, or stays', () => {
    expect([...markedAt(mask(1, 2, 1), [2, 4])]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
    expect([...markedAt(mask(2, 2, 3), [2, 2])]).toEqual([0, 0, 0, 1]);
  });

  it('is counted within and outside of what is inspected, in the mask’s own pixels', async () => {
    const { data } = mask(8, 8, 0, 1, 9, 27, 28, 63);
    await sharp(data.map((value) => value * 255), { raw: { width: 8, height: 8, channels: 1 } }).png().toFile(join(folder, 'mask.png'));
    const file = join(folder, 'mask.png');
    // The middle half of both sides are rows and columns 2 to 5 of the mask: 27 and 28 lie there.
    const crop = inspectionOf([100, 50], { mode: 'crop', resize: [20, 20], size: [10, 10] });
    expect(await defectsOf(file, crop)).toEqual({ marked: 6, outside: 4 });
    expect(await defectsOf(file, inspectionOf([100, 50], { mode: 'whole', size: [5, 5] }))).toEqual({ marked: 6, outside: 0 });
  });
});
