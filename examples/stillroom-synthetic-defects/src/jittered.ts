import type { Tensor, Tf } from 'stillroom/sdk';
import type { Draw } from './paint.ts';

/** Each channel of each image times a number from 1 − `by` to 1 + `by`, kept within the range of the images at hand. */
export function jittered(tf: Tf, x: Tensor, by: number, draw: Draw, which: number): Tensor {
  const [batch = 1, , , channels = 1] = x.shape;
  const factor = tf.add(tf.mul(draw([batch, 1, 1, channels], which), 2 * by), 1 - by);
  return tf.minimum(tf.maximum(tf.mul(x, factor), tf.min(x)), tf.max(x));
}
