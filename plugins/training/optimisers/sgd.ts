import { defineOptimiser, type Optimiser, type OptimiserSettings } from '../../sdk/index.ts';

/** As PyTorch's: the weight decay is added to the gradient before momentum. */
export const sgd = defineOptimiser<OptimiserSettings & { kind: 'sgd' }>({
  name: 'sgd',
  title: 'SGD',
  example: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
  slots: ({ momentum }) => (momentum > 0 ? ['momentum'] : []),
  hyper: ({ momentum, weightDecay }, { rate }) => ({
    rate,
    ...(momentum > 0 ? { momentum } : {}),
    ...(weightDecay > 0 ? { weightDecay } : {}),
  }),
  move(tf, { value, gradient, slots, hyper }): ReturnType<Optimiser['move']> {
    const { rate, momentum, weightDecay } = hyper;
    const pull = weightDecay ? tf.add(gradient, tf.mul(value, weightDecay)) : gradient;
    if (!momentum) return { value: tf.sub(value, tf.mul(pull, rate!)), slots: {} };
    const velocity = tf.add(tf.mul(slots['momentum']!, momentum), pull);
    return { value: tf.sub(value, tf.mul(velocity, rate!)), slots: { momentum: velocity } };
  },
  kernel: 'descent',
});
