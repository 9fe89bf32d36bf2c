import { describe, expect, it } from 'vitest';
import { fitTrivial } from '../../../../server/data/demo/trivial-detectors.ts';

const SIDE = 16;

/** 16×16 RGB of one value, changed where told. */
function plain(value: number, changed: (x: number, y: number) => number | undefined = () => undefined): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return changed(pixel % SIDE, Math.floor(pixel / SIDE)) ?? value;
  });
}

function detector(name: string, images: Uint8Array[]) {
  return fitTrivial(images, SIDE, SIDE).find((d) => d.name === name)!;
}

describe('distance to the mean image', () => {
  it('is 3 everywhere for 130 where training images of 90 and 110 have mean 100 and deviation 10', () => {
    const { map, score } = detector('mean-image', [plain(90), plain(110)]).score(plain(130));
    expect(score).toBeCloseTo(3, 5);
    expect(Math.min(...map)).toBeCloseTo(3, 5);
  });

  it('takes a deviation below 1 level as 1, and smooths a single pixel to 4 · 1/(2π4²)', () => {
    const image = plain(100, (x, y) => (x === 8 && y === 8 ? 104 : undefined));
    const { map, score } = detector('mean-image', [plain(100), plain(100)]).score(image);
    expect(score).toBeCloseTo(4 / (2 * Math.PI * 16), 3);
    expect(map[8 * SIDE + 8]).toBe(score);
  });
});

describe('local statistics of one 16×16 patch', () => {
  it('means of 90 and 110, one of 130: (3² in three features of nine) / 9 = 3', () => {
    const { map, score } = detector('local-statistics', [plain(90), plain(110)]).score(plain(130));
    expect(score).toBeCloseTo(3, 4);
    expect(map).toHaveLength(SIDE * SIDE);
  });

  it('sees structure that leaves the mean as it is', () => {
    const checks = (by: number) => plain(100, (x, y) => 100 + ((x + y) % 2 === 0 ? by : -by));
    const { score } = detector('local-statistics', [checks(10), checks(12)]);
    // Deviation 20 where 10 and 12 have mean 11 and deviation 1: z² = 81.
    // Gradient energy grows with the square of the contrast: 400, 576 and 1600 times the same count; z² = (1112/88)².
    expect(score(checks(20)).score).toBeCloseTo((3 * 81 + 3 * (1112 / 88) ** 2) / 9, 2);
    expect(score(checks(11)).score).toBeLessThan(0.01);
  });
});

describe('local colour histogram', () => {
  it('is 0 for the training image, 1 for one without a common colour, 1/3 where half of it is another', () => {
    const { score } = detector('colour-histogram', [plain(10)]);
    expect(score(plain(10)).score).toBe(0);
    expect(score(plain(250)).score).toBeCloseTo(1, 6);
    // p = ½, ½ against 1, 0: ½ · (¼ / 1½ + ¼ / ½) = 1/3.
    expect(score(plain(10, (x) => (x < 8 ? 250 : undefined))).score).toBeCloseTo(1 / 3, 6);
  });
});

describe('maps of larger images', () => {
  it('are highest where the changed patch is', () => {
    const side = 64;
    const image = (changed: boolean): Uint8Array =>
      Uint8Array.from({ length: side * side * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
        return changed && x >= 40 && x < 56 && y >= 8 && y < 24 ? 200 : 100 + ((x * 7 + y * 3) % 5);
      });
    for (const { name, score } of fitTrivial([image(false)], side, side)) {
      const { map, score: highest } = score(image(true));
      const at = map.indexOf(highest);
      expect([name, Math.abs((at % side) - 48) <= 8, Math.abs(Math.floor(at / side) - 16) <= 8]).toEqual([name, true, true]);
    }
  });
});

describe('fitting on nothing, or on images of another size', () => {
  it('is refused', () => {
    expect(() => fitTrivial([], 16, 16)).toThrow('at least one training image');
    expect(() => fitTrivial([new Uint8Array(10)], 16, 16)).toThrow('expected 768 values per image, found 10');
  });
});
