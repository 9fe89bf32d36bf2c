import { expect, it } from 'vitest';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { resizeBilinear } from '../../../plugins/sdk/resize.ts';
import { loadEngine } from '../../../server/engine/load.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

describeWith(engineNeed(), 'bilinear resizing with half-pixel centres', () => {
  // PyTorch: F.interpolate(torch.tensor([[[[0., 4.]]]]), size=(1, 4), mode='bilinear', align_corners=False)
  it('x=[1,2] → [1,4]', async () => {
    const { tf } = await loadEngine();
    const found = tf.tidy(() => resizeBilinear(tf, tf.tensor4d([0, 4], [1, 1, 2, 1]), 1, 4).dataSync());
    expect([...found]).toEqual([0, 1, 3, 4]);
  });

  // Each of four outputs takes (1, 0), (¾, ¼), (¼, ¾), (0, 1) of the two inputs.
  it('gradient of x=[1,2] → [1,4]: the shares that each input has', async () => {
    const { tf } = await loadEngine();
    const found = tf.tidy(() => {
      const loss = (x: Tensor4D) => tf.sum(tf.mul(resizeBilinear(tf, x, 1, 4), [[[[1], [10], [100], [1000]]]]));
      return tf.grad((x) => loss(x as Tensor4D))(tf.tensor4d([0, 4], [1, 1, 2, 1])).dataSync();
    });
    expect([...found]).toEqual([1 + 7.5 + 25, 2.5 + 75 + 1000]);
  });

  it('is linear, so <y, R x> = <Rᵀ y, x>: x=[2,4,3,2] → [7,5], up; [3,2], down', async () => {
    const { tf } = await loadEngine();
    for (const [height, width] of [[7, 5], [3, 2]] as const) {
      const products = tf.tidy(() => {
        const x = tf.randomNormal([2, 4, 3, 2], 0, 1, 'float32', 1) as Tensor4D;
        const y = tf.randomNormal([2, height, width, 2], 0, 1, 'float32', 2) as Tensor4D;
        const back = tf.grad((v) => resizeBilinear(tf, v as Tensor4D, height, width))(x, y);
        const there = tf.sum(tf.mul(y, resizeBilinear(tf, x, height, width)));
        return tf.stack([there, tf.sum(tf.mul(back, x))]).dataSync();
      });
      expect(products[1]).toBeCloseTo(products[0]!, 4);
    }
  });
});
