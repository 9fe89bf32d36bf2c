import { createRandom, type Kernels, type Tensor, type Tf } from '../../plugins/sdk/index.ts';

/**
 * The kernels that nodes are given, in tfjs's own ops: for where there is no engine. The same by value and gradient,
 * but for random numbers, which are others; slower. A seed is read on the host, so none of it can be traced.
 */
export function compositeKernels(tf: Tf): Kernels {
  const drawn = (shape: readonly number[], seed: Tensor, salt: number, by: 'uniform' | 'normal'): Tensor => {
    // Straight from the backend: that a kernel reads its seed is no read of the node.
    const backend = tf.backend() as unknown as { readSync(id: object): ArrayLike<number> };
    const random = createRandom('draw', ...Array.from(backend.readSync(seed.dataId)), salt);
    const count = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(Float32Array.from({ length: count }, () => random[by]()), [...shape]);
  };
  return {
    batchNormTraining: (x, scale, offset, epsilon) => batchNormTraining(tf, x, scale, offset, epsilon),
    relu: (x) => tf.relu(x),
    uniform: (shape, seed, salt) => drawn(shape, seed, salt, 'uniform'),
    normal: (shape, seed, salt) => drawn(shape, seed, salt, 'normal'),
  };
}

/** `variance` is unbiased, what `value` is divided by is not, as in PyTorch. */
function batchNormTraining(tf: Tf, x: Tensor, scale: Tensor, offset: Tensor, epsilon: number): ReturnType<Kernels['batchNormTraining']> {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const value = tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), scale), offset);
  const count = x.size / x.shape.at(-1)!;
  return { value, mean, variance: tf.mul(variance, count / Math.max(1, count - 1)) };
}
