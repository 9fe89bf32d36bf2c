import { describe, expect, it } from 'vitest';
import { createRandom, type Geometry, type Size } from '../../../plugins/sdk/index.ts';
import { inspectionOf } from '../../../server/data/inspection.ts';
import { assembledSize, assembleMaps, assembleViews } from '../../../server/runtime/assemble-views.ts';

const tiles = (size: Size, overlap = 0): Geometry => ({ mode: 'tiles', size, scale: 1, overlap, fill: 0 });

/** Maps of the views of an image, each a piece of one large map; outside of the image they are senseless. */
function pieces(image: Size, geometry: Geometry, valueAt: (y: number, x: number) => number): Float32Array[] {
  return inspectionOf(image, geometry).windows.map(({ top, left, height, width }) =>
    Float32Array.from({ length: height * width }, (_, i) => {
      const [y, x] = [top + Math.floor(i / width), left + (i % width)];
      return y < 0 || x < 0 || y >= image[0] || x >= image[1] ? 1e9 : valueAt(y, x);
    }),
  );
}

describe('the map of an image', () => {
  it('with one view is that of the view itself, at whatever size', () => {
    const map = Float32Array.of(1, 2, 3, 4);
    const inspection = inspectionOf([90, 70], { mode: 'crop', resize: [20, 20], size: [16, 16] });
    expect(assembleMaps([map], [2, 2], inspection)).toBe(map);
    expect(assembledSize([2, 2], inspection)).toEqual([2, 2]);
  });

  it('in a letterbox is what the image takes of it', () => {
    const geometry: Geometry = { mode: 'letterbox', size: [8, 8], fill: 0 };
    const inspection = inspectionOf([10, 20], geometry);
    const map = Float32Array.from({ length: 64 }, (_, i) => i);
    expect([...assembleMaps([map], [8, 8], inspection)]).toEqual(Array.from({ length: 32 }, (_, i) => 16 + i));
    expect(assembledSize([8, 8], inspection)).toEqual([4, 8]);
  });

  it('in tiles that agree is what they agree on, without what is filled', () => {
    const random = createRandom('assemble');
    for (let trial = 0; trial < 40; trial++) {
      const [image, size] = [[3 + random.integer(40), 3 + random.integer(40)], [4 + random.integer(12), 4 + random.integer(12)]] as const;
      const geometry = tiles(size, random.uniform() * 0.75);
      const valueAt = (y: number, x: number): number => Math.fround(Math.sin(y / 3) + Math.cos(x / 5));
      const joined = assembleMaps(pieces(image, geometry, valueAt), size, inspectionOf(image, geometry));
      const errors = joined.map((value, i) => Math.abs(value - valueAt(Math.floor(i / image[1]), i % image[1])));
      expect(Math.max(...errors)).toBeLessThan(1e-5);
      expect(joined).toHaveLength(image[0] * image[1]);
    }
  });

  it('goes over smoothly from a tile to the next', () => {
    const geometry = tiles([1, 8], 0.5);
    const joined = assembleMaps([new Float32Array(8), new Float32Array(8).fill(4)], [1, 8], inspectionOf([1, 12], geometry));
    // Where both are seen, columns 4 to 7, the share of the second rises in equal steps: 1/8, 3/8, 5/8, 7/8.
    expect([...joined]).toEqual([0, 0, 0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4, 4, 4]);
  });

  it('is exactly that of a tile where no other one shows the place', () => {
    const geometry = tiles([5, 5]);
    const { uniform } = createRandom('exact');
    const maps = [0, 1].map(() => Float32Array.from({ length: 25 }, uniform));
    const joined = assembleMaps(maps, [5, 5], inspectionOf([5, 10], geometry));
    for (let y = 0; y < 5; y++) {
      expect(joined.subarray(y * 10, y * 10 + 5)).toEqual(maps[0]!.subarray(y * 5, y * 5 + 5));
      expect(joined.subarray(y * 10 + 5, y * 10 + 10)).toEqual(maps[1]!.subarray(y * 5, y * 5 + 5));
    }
  });

  it('is brought to the size of the tiles where it is smaller', () => {
    const joined = assembleMaps([Float32Array.of(1), Float32Array.of(2)], [1, 1], inspectionOf([2, 4], tiles([2, 2])));
    expect([...joined]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });
});

describe('the score of an image', () => {
  it('is the largest of its views’', () => {
    const scores = [0.1, 0.7, -2].map((score) => ({ shape: [], data: Float32Array.of(score) }));
    expect(assembleViews({ kind: 'score' }, scores, inspectionOf([4, 12], tiles([4, 4])))).toEqual({ shape: [], data: Float32Array.of(0.7) });
  });
});
