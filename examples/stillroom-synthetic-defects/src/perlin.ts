import type { Tensor, Tf } from 'stillroom/sdk';
import { jittered } from './jittered.ts';
import type { Draw, Painted } from './paint.ts';

/** The next image of the batch, turned by half and in other colours, where Perlin noise is above a threshold. */
export function perlin(tf: Tf, x: Tensor, { cells, threshold, opacity }: { cells: number; threshold: number; opacity: number }, draw: Draw): Painted {
  const [batch = 1, height = 1, width = 1] = x.shape;
  const noise = perlinNoise(tf, tf.mul(draw([batch, cells + 1, cells + 1], 1), 2 * Math.PI), [height, width]);
  const mask = tf.reshape(tf.cast(tf.greater(noise, threshold), 'float32'), [batch, height, width, 1]);
  const next = tf.gather(x, Array.from({ length: batch }, (_, i) => (i + 1) % batch));
  const texture = jittered(tf, tf.reverse(next, [1, 2]), 0.5, draw, 2);
  const strength = tf.add(tf.mul(draw([batch, 1, 1, 1], 3), 1 - opacity), opacity);
  return { images: tf.add(x, tf.mul(tf.sub(texture, x), strength)), mask };
}

/**
 * Perlin 2002's gradient noise, about −0.7 to 0.7, `[N, height, width]`, from the directions of the gradients at the corners
 * of its cells, in radians, `[N, cells + 1, cells + 1]`.
 */
export function perlinNoise(tf: Tf, directions: Tensor, [height, width]: readonly [number, number]): Tensor {
  const cells = directions.shape[1]! - 1;
  const vertical = axis(cells, height);
  const horizontal = axis(cells, width);
  const [alongX, alongY] = [tf.cos(directions), tf.sin(directions)];
  const column = (values: readonly number[]): Tensor => tf.tensor(values as number[], [1, values.length, 1]);
  const row = (values: readonly number[]): Tensor => tf.tensor(values as number[], [1, 1, values.length]);

  const corner = (down: number, right: number): Tensor => {
    const at = (of: Tensor): Tensor => tf.gather(tf.gather(of, vertical.map(({ cell }) => cell + down), 1), horizontal.map(({ cell }) => cell + right), 2);
    const byY = tf.mul(at(alongY), column(vertical.map(({ inside }) => inside - down)));
    return tf.add(byY, tf.mul(at(alongX), row(horizontal.map(({ inside }) => inside - right))));
  };
  const between = (a: Tensor, b: Tensor, share: Tensor): Tensor => tf.add(a, tf.mul(tf.sub(b, a), share));
  const [down, right] = [column(vertical.map(({ inside }) => fade(inside))), row(horizontal.map(({ inside }) => fade(inside)))];
  return between(between(corner(0, 0), corner(0, 1), right), between(corner(1, 0), corner(1, 1), right), down);
}

/** The cell that the middle of each pixel lies in, and how far inside, 0–1. */
function axis(cells: number, length: number): { cell: number; inside: number }[] {
  return Array.from({ length }, (_, i) => {
    const at = ((i + 0.5) * cells) / length;
    const cell = Math.min(cells - 1, Math.floor(at));
    return { cell, inside: at - cell };
  });
}

const fade = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);
