import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernels, Tensor, Tf } from '../../../plugins/sdk/index.ts';
import { createKernels } from '../../../server/engine/kernels.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

describeWith(engineNeed(), 'kernels that tfjs lacks', () => {
  let engine: Engine;
  let tf: Tf;
  let kernels: Kernels;
  beforeAll(async () => {
    engine = await loadEngine();
    tf = engine.tf;
    kernels = createKernels(engine);
  });

  /** The same by small tfjs ops, as the equations have it. */
  const composite = (x: Tensor, scale: Tensor, offset: Tensor, epsilon: number): Tensor => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), scale), offset);
  };
  const close = (a: Tensor, b: Tensor, tolerance = 1e-5): void => {
    expect(a.shape).toEqual(b.shape);
    expect(tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0])).toBeLessThan(tolerance);
  };
  const scoped = (work: () => void): Promise<void> => withoutLeaks(engine, 'kernel', () => tf.tidy(work));

  describe('batch-norm in training', () => {
    it('[2,3,3,4]: values as the composite, variance with n − 1', () =>
      scoped(() => {
        const x = tf.randomNormal([2, 3, 3, 4], 3, 2);
        const [scale, offset] = [tf.randomNormal([4]), tf.randomNormal([4])];
        const { value, mean, variance } = kernels.batchNormTraining(x, scale, offset, 1e-3);
        close(value, composite(x, scale, offset, 1e-3));
        const moments = tf.moments(x, [0, 1, 2]);
        close(mean, moments.mean);
        close(variance, tf.mul(moments.variance, 18 / 17), 1e-4);
      }));

    it('[2,3,3,4]: gradients for input, scale and offset as the composite', () =>
      scoped(() => {
        const given = [tf.randomNormal([2, 3, 3, 4], 3, 2), tf.randomNormal([4]), tf.randomNormal([4])];
        const weights = tf.randomNormal([2, 3, 3, 4]);
        const gradients = (normalise: (...given: Tensor[]) => Tensor): Tensor[] =>
          tf.grads((...given) => tf.sum(tf.mul(weights, tf.square(normalise(...given)))))(given);
        const fused = gradients((x, scale, offset) => kernels.batchNormTraining(x!, scale!, offset!, 1e-5).value);
        const reference = gradients((x, scale, offset) => composite(x!, scale!, offset!, 1e-5));
        fused.forEach((gradient, i) => close(gradient, reference[i]!, 1e-3));
      }));

    it('x=[0,2,4,6] → mean 3, variance 20/3', () =>
      scoped(() => {
        const x = tf.tensor4d([0, 2, 4, 6], [1, 2, 2, 1]);
        const { value, mean, variance } = kernels.batchNormTraining(x, tf.ones([1]), tf.zeros([1]), 0);
        expect(mean.dataSync()[0]).toBeCloseTo(3, 6);
        expect(variance.dataSync()[0]).toBeCloseTo(20 / 3, 5);
        expect(value.dataSync()[0]).toBeCloseTo(-3 / Math.sqrt(5), 5);
      }));
  });

  it('relu: values and gradients as tfjs', () =>
    scoped(() => {
      const x = tf.tensor1d([-2, -0.5, 0, 0.5, 2]);
      close(kernels.relu(x), tf.relu(x));
      const gradient = tf.grad((x: Tensor) => tf.sum(tf.mul(kernels.relu(x), tf.tensor1d([1, 2, 3, 4, 5]))))(x);
      expect([...gradient.dataSync()]).toEqual([0, 0, 0, 4, 5]);
    }));

  describe('random numbers from a fed seed', () => {
    const seed = (a: number, b: number): Tensor => tf.tensor1d([a, b], 'int32');

    it('uniform in [0, 1): mean 1/2, variance 1/12', () =>
      scoped(() => {
        const { mean, variance } = tf.moments(kernels.uniform([100, 200], seed(1, 2), 0));
        expect(mean.dataSync()[0]).toBeCloseTo(0.5, 1.7);
        expect(variance.dataSync()[0]).toBeCloseTo(1 / 12, 2);
        const drawn = kernels.uniform([10_000], seed(1, 2), 0).dataSync();
        expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...drawn)).toBeLessThan(1);
      }));

    it('normal: mean 0, variance 1', () =>
      scoped(() => {
        const { mean, variance } = tf.moments(kernels.normal([100, 200], seed(1, 2), 0));
        expect(Math.abs(mean.dataSync()[0]!)).toBeLessThan(0.03);
        expect(Math.abs(variance.dataSync()[0]! - 1)).toBeLessThan(0.05);
      }));

    it('equal for equal seed and salt, unrelated otherwise, also where seed + salt are equal', () =>
      scoped(() => {
        const draw = (a: number, b: number, salt: number): number[] => [...kernels.normal([1000], seed(a, b), salt).dataSync()];
        const first = draw(5, 7, 1);
        expect(draw(5, 7, 1)).toEqual(first);
        for (const other of [draw(6, 7, 0), draw(5, 8, 1), draw(5, 7, 2), draw(6, 6, 1)]) {
          const correlation = other.reduce((sum, x, i) => sum + x * first[i]!, 0) / 1000;
          expect(Math.abs(correlation)).toBeLessThan(0.12);
        }
      }));
  });
});
