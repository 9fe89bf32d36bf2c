import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from './node.ts';

/**
 * Bilinear resizing with half-pixel centres (PyTorch's `align_corners=False`), `[N,h,w,C]` → `[N,height,width,C]`.
 * The gradient is our own: that of tfjs takes the corners for centres whatever the forward pass did.
 */
export function resizeBilinear(tf: Tf, x: Tensor4D, height: number, width: number): Tensor4D {
  const [n, h, w, c] = x.shape;
  const resized = tf.customGrad((image) => ({
    value: tf.image.resizeBilinear(image as Tensor4D, [height, width], false, true),
    gradFunc(dy) {
      // The forward pass is R · x · Cᵀ for each channel, so the gradient is Rᵀ · dy · C.
      const rows = tf.tensor3d(transposedWeights(h, height), [1, h, height]);
      const columns = tf.tensor3d(transposedWeights(w, width), [1, w, width]);
      const overRows = tf.matMul(rows, tf.reshape(dy, [n, height, width * c]) as Tensor3D);
      const overBoth = tf.matMul(columns, tf.reshape(overRows, [n * h, width, c]) as Tensor3D);
      return tf.reshape(overBoth, [n, h, w, c]);
    },
  }));
  return resized(x) as Tensor4D;
}

/** `[from, to]`: how much of each of `from` values goes into each of `to` interpolated ones. */
function transposedWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(from * to);
  for (let i = 0; i < to; i++) {
    const at = ((i + 0.5) * from) / to - 0.5;
    const below = Math.floor(at);
    const share = at - below;
    weights[Math.max(below, 0) * to + i]! += 1 - share;
    weights[Math.min(below + 1, from - 1) * to + i]! += share;
  }
  return weights;
}
