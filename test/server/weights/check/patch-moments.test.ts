import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../plugins/sdk/random.ts';
import { patchMoments, responseOf } from '../../../../server/weights/check/patch-moments.ts';

const random = createRandom('patches');
const [count, side, kernel] = [2, 19, 3];
const images = { count, side, data: Float32Array.from({ length: count * side * side * 3 }, () => random.uniform()) };

describe('moments of patches', () => {
  it('give the mean and variance that a filter has on these patches', () => {
    const filter = Float64Array.from({ length: kernel * kernel * 3 }, () => random.normal());
    const responses: number[] = [];
    for (let image = 0; image < count; image++) {
      for (const top of [0, 8, 16]) {
        for (const left of [0, 8, 16]) {
          let sum = 0;
          for (let y = 0; y < kernel; y++) {
            for (let x = 0; x < kernel; x++) {
              for (let c = 0; c < 3; c++) {
                sum += filter[(y * kernel + x) * 3 + c]! * images.data[((image * side + top + y) * side + left + x) * 3 + c]!;
              }
            }
          }
          responses.push(sum);
        }
      }
    }
    const mean = responses.reduce((a, b) => a + b, 0) / responses.length;
    const variance = responses.reduce((a, b) => a + (b - mean) ** 2, 0) / responses.length;
    const found = responseOf(filter, patchMoments(images, kernel));
    expect(found.mean).toBeCloseTo(mean, 9);
    expect(found.variance).toBeCloseTo(variance, 9);
  });
});
