import { describe, expect, it } from 'vitest';
import { inOriginal, resizeMap, type ValueMap } from '../../../server/data/in-original.ts';
import { inspectionOf } from '../../../server/data/inspection.ts';
import { createRandom, type Size } from '../../../plugins/sdk/index.ts';

/** A map whose value at each place is linear in where the place lies in the image, 0–1 down and across. */
const rampOf = ([height, width]: Size, from: Size, to: Size): ValueMap => ({
  size: [height, width],
  data: Float32Array.from({ length: height * width }, (_, i) => {
    const down = from[0] + ((Math.floor(i / width) + 0.5) / height) * (to[0] - from[0]);
    const across = from[1] + (((i % width) + 0.5) / width) * (to[1] - from[1]);
    return 10 * down + across;
  }),
});

describe('a map in the original’s coordinates', () => {
  it('of the whole image has at each place the value that the place had', () => {
    const inspection = inspectionOf([60, 90], { mode: 'whole', size: [30, 30] });
    const map = inOriginal(rampOf([30, 30], [0, 0], [1, 1]), inspection, [60, 90]);
    for (const [y, x] of [[1, 2], [30, 45], [58, 87]] as const) {
      expect(map[y * 90 + x]).toBeCloseTo((10 * (y + 0.5)) / 60 + (x + 0.5) / 90, 5);
    }
  });

  it('of the middle is not a number around it', () => {
    // Of 8×8 the middle 4×4: of 16×32 rows 4 to 11 and columns 8 to 23.
    const inspection = inspectionOf([16, 32], { mode: 'crop', resize: [8, 8], size: [4, 4] });
    const map = inOriginal(rampOf([4, 4], [0.25, 0.25], [0.75, 0.75]), inspection, [16, 32]);
    const known = [...map.keys()].filter((i) => !Number.isNaN(map[i]!));
    expect(known).toHaveLength(8 * 16);
    expect([known[0], known.at(-1)]).toEqual([4 * 32 + 8, 11 * 32 + 23]);
    expect(map[7 * 32 + 15]).toBeCloseTo((10 * 7.5) / 16 + 15.5 / 32, 5);
  });

  it('of a letterbox has nothing of what was filled', () => {
    const inspection = inspectionOf([10, 40], { mode: 'letterbox', size: [16, 16], fill: 0 });
    const map = inOriginal(rampOf([4, 16], [0, 0], [1, 1]), inspection, [10, 40]);
    expect(map.some(Number.isNaN)).toBe(false);
    expect(map[4 * 40 + 20]).toBeCloseTo(4.5 + 20.5 / 40, 5);
  });

  it('keeps within the values of the map, and is the map at its own size', () => {
    const { uniform } = createRandom('map');
    const map = { size: [7, 5] as const, data: Float32Array.from({ length: 35 }, uniform) };
    expect(resizeMap(map, [7, 5])).toBe(map.data);
    expect(inOriginal(map, inspectionOf([7, 5], { mode: 'whole', size: [7, 5] }), [7, 5])).toEqual(map.data);
    const large = resizeMap(map, [50, 33]);
    expect(Math.max(...large)).toBeLessThanOrEqual(Math.max(...map.data));
    expect(Math.min(...large)).toBeGreaterThanOrEqual(Math.min(...map.data));
  });

  it('is the same band by band', () => {
    const inspection = inspectionOf([16, 32], { mode: 'crop', resize: [8, 8], size: [4, 4] });
    const map = rampOf([4, 4], [0, 0], [1, 1]);
    const bands = [[0, 5], [5, 6], [6, 16]].map(([from, to]) => [...inOriginal(map, inspection, [16, 32], { from: from!, to: to! })]);
    expect(bands.flat()).toEqual([...inOriginal(map, inspection, [16, 32])]);
  });
});
