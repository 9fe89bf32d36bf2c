import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../plugins/sdk/random.ts';
import { autocorrelationOf } from '../../../../server/weights/check/autocorrelation.ts';

describe('autocorrelation of kernels', () => {
  it('is 1 where all numbers of a filter are equal, −1 where they alternate', () => {
    // 2×2, one input, two outputs: of equal numbers, and of a chequerboard.
    const kernels = Float32Array.of(2, 1, 2, -1, 2, -1, 2, 1);
    const both = autocorrelationOf(kernels, [2, 2, 1, 2])!;
    expect(both.value).toBeCloseTo((1 - 1) / 2, 6);
    expect(autocorrelationOf(kernels.filter((_, i) => i % 2 === 0), [2, 2, 1, 1])!.value).toBeCloseTo(1, 6);
    expect(autocorrelationOf(kernels.filter((_, i) => i % 2 === 1), [2, 2, 1, 1])!.value).toBeCloseTo(-1, 6);
  });

  it('keeps inputs apart and counts each filter alike, however strong', () => {
    // Two inputs, each equal over 1×2 positions, of opposite signs; the second filter is a thousandth as strong.
    const kernels = Float32Array.of(10, 0.3, -10, -0.3, 10, 0.3, -10, -0.3);
    expect(autocorrelationOf(kernels, [1, 2, 2, 2])!.value).toBeCloseTo(1, 5);
  });

  it('is within its error of 0 where numbers are drawn at random', () => {
    const random = createRandom('noise');
    for (let round = 0; round < 20; round++) {
      const kernels = Float32Array.from({ length: 3 * 3 * 3 * 32 }, () => random.normal());
      const { value, error } = autocorrelationOf(kernels, [3, 3, 3, 32])!;
      expect(error).toBeCloseTo(1 / Math.sqrt(2 * 6 * 3 * 32), 6);
      expect(Math.abs(value)).toBeLessThan(4 * error);
    }
  });

  it('is not defined for 1×1 kernels and for nothing but zeros', () => {
    expect(autocorrelationOf(Float32Array.of(1, 2, 3), [1, 1, 3, 1])).toBeUndefined();
    expect(autocorrelationOf(new Float32Array(27), [3, 3, 3, 1])).toBeUndefined();
  });
});
