import type { Tensor, Tf } from 'stillroom/sdk';
import { jittered } from './jittered.ts';
import type { Draw, Painted } from './paint.ts';

const shortest = 0.05;

/** A rectangle of each image, its colours changed a little, pasted over another place of the same image. */
export function cutPaste(tf: Tf, x: Tensor, { size, opacity }: { size: number; opacity: number }, draw: Draw): Painted {
  const [batch = 1, height = 1, width = 1, channels = 1] = x.shape;
  const one = (which: number): Tensor => draw([batch, 1, 1], which);
  const side = (which: number, length: number): Tensor => tf.floor(tf.mul(tf.add(tf.mul(one(which), Math.max(0, size - shortest)), shortest), length));
  const place = (which: number, length: number, taken: Tensor): Tensor => tf.floor(tf.mul(one(which), tf.sub(length, taken)));
  const [tall, wide] = [side(1, height), side(2, width)];
  const from = { y: place(3, height, tall), x: place(4, width, wide) };
  const to = { y: place(5, height, tall), x: place(6, width, wide) };

  const rows = tf.reshape(tf.range(0, height, 1, 'float32'), [1, height, 1]);
  const columns = tf.reshape(tf.range(0, width, 1, 'float32'), [1, 1, width]);
  const within = (at: Tensor, begin: Tensor, length: Tensor): Tensor => tf.mul(tf.cast(tf.greaterEqual(at, begin), 'float32'), tf.cast(tf.less(at, tf.add(begin, length)), 'float32'));
  const inside = tf.mul(within(rows, to.y, tall), within(columns, to.x, wide));

  // Where each pixel is taken from: from its own place outside of the rectangle.
  const shifted = (at: Tensor, by: Tensor): Tensor => tf.cast(tf.add(at, tf.mul(inside, by)), 'int32');
  const row = shifted(rows, tf.sub(from.y, to.y));
  const column = shifted(columns, tf.sub(from.x, to.x));
  const first = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1, 1]);
  const whole = (value: number): Tensor => tf.scalar(value, 'int32');
  const index = tf.add(tf.mul(tf.add(tf.mul(first, whole(height)), row), whole(width)), column);
  const taken = tf.reshape(tf.gather(tf.reshape(x, [batch * height * width, channels]), tf.reshape(index, [batch * height * width])), x.shape);

  const mask = tf.reshape(inside, [batch, height, width, 1]);
  const strength = tf.add(tf.mul(draw([batch, 1, 1, 1], 7), 1 - opacity), opacity);
  return { images: tf.add(x, tf.mul(tf.sub(jittered(tf, taken, 0.2, draw, 8), x), strength)), mask };
}
