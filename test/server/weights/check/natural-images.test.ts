import { describe, expect, it } from 'vitest';
import { naturalImages } from '../../../../server/weights/check/natural-images.ts';

const { count, side, data } = naturalImages(6, 128);
const pixels = count * side * side;
const channel = (c: number): Float64Array => Float64Array.from({ length: pixels }, (_, i) => data[i * 3 + c]!);
const mean = (values: ArrayLike<number>): number => Array.prototype.reduce.call(values, (a, b) => Number(a) + Number(b), 0) as number / values.length;
const colours = [channel(0), channel(1), channel(2)];

describe('generated images with the statistics of photographs', () => {
  it('are always the same', () => {
    expect(naturalImages(6, 128).data).toEqual(data);
  });

  it("have the mean of ImageNet's colours", () => {
    [0.485, 0.456, 0.406].forEach((expected, c) => expect(mean(colours[c]!)).toBeCloseTo(expected, 4));
  });

  it("have about ImageNet's deviations, colours going together as there", () => {
    const moment = (a: number, b: number): number =>
      mean(colours[a]!.map((value, i) => (value - mean0[a]!) * (colours[b]![i]! - mean0[b]!)));
    const mean0 = colours.map(mean);
    const deviations = [0, 1, 2].map((c) => Math.sqrt(moment(c, c)));
    for (const deviation of deviations) {
      expect(deviation).toBeGreaterThan(0.2);
      expect(deviation).toBeLessThan(0.32);
    }
    // Published eigenvalues and axes give correlations of 0.90, 0.90 and 0.77.
    const correlation = (a: number, b: number): number => moment(a, b) / deviations[a]! / deviations[b]!;
    expect(correlation(0, 1)).toBeCloseTo(0.9, 1);
    expect(correlation(1, 2)).toBeCloseTo(0.9, 1);
    expect(correlation(0, 2)).toBeLessThan(correlation(0, 1));
  });

  it('have a spectrum that falls about as the square of the frequency', () => {
    // The mean square of differences over 2ⁿ px grows by about 2 for each doubling where power falls as f⁻².
    const difference = (step: number): number => {
      let [sum, n] = [0, 0];
      for (let i = 0; i < pixels; i++) {
        if (i % side >= side - step) continue;
        sum += (colours[1]![i + step]! - colours[1]![i]!) ** 2;
        n++;
      }
      return sum / n;
    };
    for (const step of [2, 4]) {
      const growth = difference(2 * step) / difference(step);
      expect(growth).toBeGreaterThan(1.3);
      expect(growth).toBeLessThan(2.2);
    }
  });
});
