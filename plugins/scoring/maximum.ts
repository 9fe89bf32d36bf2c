import type { Tensor2D } from '@tensorflow/tfjs-core';
import { choice, defineNode, map, number, score, type Signals } from '../sdk/index.ts';

/** `map` `[H, W, 1]` to the image's anomaly `score` `[]`. */
export const maximum = defineNode({
  type: 'scoring/maximum',
  version: 1,
  title: 'Maximum of map',
  summary: "The image's anomaly score: the largest value of its map, or the mean of its largest ones.",
  category: 'scoring',
  cite: 'Thomine & Snoussi 2024, Eq. 5',
  params: {
    method: choice({
      default: 'max',
      options: { max: 'largest value', 'mean-top': 'mean of the largest values' },
      help: 'What the score is made of; the mean is less moved by a single noisy pixel.',
    }),
    share: number({
      default: 0.001,
      min: 0,
      max: 1,
      step: 0.001,
      help: 'Share of the pixels that count, 0–1, at least one; with `mean-top` only.',
    }),
  },
  inputs: { map: map() },
  outputs: { score: score() },
  infer(inputs, _params, ctx): Signals {
    const [h = 0, w = 0] = inputs['map']!.shape;
    ctx.cost({ multiplyAdds: h * w, activationBytes: 4 });
    return { score: { type: 'score', shape: [] } };
  },
  build({ tf }, { method, share }) {
    return (inputs) => {
      const x = inputs['map']!;
      if (method === 'max') return { score: tf.max(x, [1, 2, 3]) };
      const pixels = x.shape[1]! * x.shape[2]!;
      const count = Math.max(1, Math.round(share * pixels));
      const { values } = tf.topk(tf.reshape(x, [-1, pixels]) as Tensor2D, count, false);
      return { score: tf.mean(values, 1) };
    };
  },
});
