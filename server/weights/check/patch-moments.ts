import type { Images } from './natural-images.ts';

/** Mean and covariance of square patches of images, whose numbers run as a kernel's: row, column, channel. */
export interface PatchMoments {
  kernel: number;
  /** `kernel² · 3` numbers. */
  mean: Float64Array;
  /** Square of that, row-major. */
  covariance: Float64Array;
}

/** Distance of the patches that are looked at, px; neighbours say nearly the same. */
const step = 8;

/** Moments of all patches that lie within the images. A linear filter's mean and deviation follow from them. */
export function patchMoments({ count, side, data }: Images, kernel: number): PatchMoments {
  const size = kernel * kernel * 3;
  const mean = new Float64Array(size);
  const products = new Float64Array(size * size);
  const patch = new Float64Array(size);
  let patches = 0;
  for (let image = 0; image < count; image++) {
    for (let y = 0; y + kernel <= side; y += step) {
      for (let x = 0; x + kernel <= side; x += step) {
        for (let row = 0; row < kernel; row++) {
          const from = ((image * side + y + row) * side + x) * 3;
          for (let i = 0; i < kernel * 3; i++) patch[row * kernel * 3 + i] = data[from + i]!;
        }
        patches++;
        add(patch, mean, products);
      }
    }
  }
  for (let i = 0; i < size; i++) mean[i]! /= patches;
  const covariance = products.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return products[Math.min(i, j) * size + Math.max(i, j)]! / patches - mean[i]! * mean[j]!;
  });
  return { kernel, mean, covariance };
}

/** Adds a patch to the sums; of the products above the diagonal only. */
function add(patch: Float64Array, sums: Float64Array, products: Float64Array): void {
  for (let i = 0; i < patch.length; i++) {
    const value = patch[i]!;
    sums[i]! += value;
    for (let j = i, at = i * patch.length + i; j < patch.length; j++, at++) products[at]! += value * patch[j]!;
  }
}

/** Mean and variance of what a filter (row, column, channel) gives on patches of these moments. */
export function responseOf(filter: Float64Array, { mean, covariance }: PatchMoments): { mean: number; variance: number } {
  const size = filter.length;
  let [average, variance] = [0, 0];
  for (let i = 0; i < size; i++) {
    average += filter[i]! * mean[i]!;
    let along = 0;
    for (let j = 0; j < size; j++) along += covariance[i * size + j]! * filter[j]!;
    variance += filter[i]! * along;
  }
  return { mean: average, variance: Math.max(0, variance) };
}
