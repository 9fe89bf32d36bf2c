import type { Kernels, Tensor, Tf } from '../../plugins/sdk/index.ts';

/** What node packs need of the engine's kernels to be fitted, written in tfjs's own operations. */
export function referenceKernels(tf: Tf): Kernels {
  const without = (name: string) => (): never => {
    throw new Error(`${name} has no reference here: give the node the engine's kernels`);
  };
  return {
    batchNormTraining(x: Tensor, scale, offset, epsilon) {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const value = tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), scale), offset);
      const count = x.size / mean.size;
      return { value, mean, variance: tf.mul(variance, count / (count - 1)) };
    },
    relu: (x) => tf.relu(x),
    uniform: without('uniform'),
    normal: without('normal'),
  };
}
