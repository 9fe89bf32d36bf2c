import type { Tensor3D } from '@tensorflow/tfjs-core';
import { defineNode, map, number, type Signals } from '../sdk/index.ts';

/** Gaussian filter; `map` `[h, w, 1]` to the same. Borders are reflected, as scipy's `gaussian_filter` does. */
export const smooth = defineNode({
  type: 'scoring/smooth',
  version: 1,
  title: 'Smooth map',
  summary: 'Gaussian filter, which takes the noise of single positions out of a map.',
  category: 'scoring',
  cite: "Thomine & Snoussi 2024, §3.3 (authors' code: σ = 4 at 224×224)",
  params: {
    sigma: number({
      default: 4,
      min: 0.1,
      max: 256,
      step: 0.5,
      unit: 'px',
      help: "Standard deviation in pixels of the network's images, whatever the stride of the map.",
    }),
  },
  inputs: { map: map() },
  outputs: { map: map() },
  infer(inputs, _params, ctx): Signals {
    const [h = 0, w = 0] = inputs['map']!.shape;
    ctx.cost({ multiplyAdds: h * w * (h + w), activationBytes: 2 * 4 * h * w });
    return { map: inputs['map']! };
  },
  build({ tf, inputs }, { sigma }) {
    const { shape, stride = 1 } = inputs['map']!;
    const [h = 0, w = 0] = shape;
    const [rows, columns] = [gaussian(h, sigma / stride), gaussian(w, sigma / stride)];
    // Rows · map · columnsᵀ. At 224×224 two products of matrices take a third of the time of two convolutions.
    return (tensors) => {
      const x = tf.reshape(tensors['map']!, [-1, h, w]) as Tensor3D;
      const alongRows = tf.matMul(tf.tensor3d(rows, [1, h, h]), x);
      const alongBoth = tf.matMul(alongRows, tf.tensor3d(columns, [1, w, w]), false, true);
      return { map: tf.reshape(alongBoth, [-1, h, w, 1]) };
    };
  },
});

/** `[n, n]`: how much of each of `n` values goes into each filtered one; the filter ends at 4 deviations. */
function gaussian(n: number, sigma: number): Float32Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    kernel.forEach((value, k) => (matrix[i * n + reflected(i + k - radius, n)]! += value / total));
  }
  return Float32Array.from(matrix);
}

/** The place in 0…n−1 that a place beyond the borders mirrors: `c b a | a b c | c b a`. */
function reflected(i: number, n: number): number {
  const period = ((i % (2 * n)) + 2 * n) % (2 * n);
  return period < n ? period : 2 * n - 1 - period;
}
