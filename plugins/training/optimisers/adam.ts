import { defineOptimiser, type Optimiser, type OptimiserSettings, type Tensor, type Tf } from '../../sdk/index.ts';

/**
 * Bias corrections are worked out in double precision: `stepSize` = rate √(1 − β₂ᵗ) / (1 − β₁ᵗ). TensorFlow's kernel
 * divides by √v + ε where PyTorch divides by √v / √(1 − β₂ᵗ) + ε, so its `epsilon` is ε √(1 − β₂ᵗ).
 */
export const adam = defineOptimiser<OptimiserSettings & { kind: 'adam' }>({
  name: 'adam',
  title: 'Adam',
  cite: 'Kingma & Ba 2015, algorithm 1',
  example: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  slots: () => ['m', 'v'],
  hyper({ beta1, beta2, epsilon }, { rate, step }) {
    const root = Math.sqrt(1 - beta2 ** step);
    return { stepSize: (rate * root) / (1 - beta1 ** step), beta1, beta2, epsilon: epsilon * root };
  },
  move,
  kernel: 'adam',
});

/** As PyTorch's: the decay is apart from the gradient. */
export const adamw = defineOptimiser<OptimiserSettings & { kind: 'adamw' }>({
  name: 'adamw',
  title: 'AdamW',
  cite: 'Loshchilov & Hutter 2019, algorithm 2',
  example: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  slots: () => ['m', 'v'],
  hyper: ({ kind: _, weightDecay, ...rest }, at) => ({ ...adam.hyper({ kind: 'adam', ...rest }, at), decay: at.rate * weightDecay }),
  move,
  kernel: 'adam',
});

function move(...[tf, { value, gradient, slots, hyper }]: Parameters<Optimiser['move']>): ReturnType<Optimiser['move']> {
  const { stepSize, beta1, beta2, epsilon, decay } = hyper;
  const start = decay ? tf.sub(value, tf.mul(value, decay)) : value;
  const m = towards(tf, slots['m']!, gradient, beta1!);
  const v = towards(tf, slots['v']!, tf.square(gradient), beta2!);
  return {
    value: tf.sub(start, tf.div(tf.mul(m, stepSize!), tf.add(tf.sqrt(v), epsilon!))),
    slots: { m, v },
  };
}

/** An exponential average: keeps the share `beta` of the old. */
function towards(tf: Tf, old: Tensor, now: Tensor, beta: Tensor): Tensor {
  return tf.add(old, tf.mul(tf.sub(now, old), tf.sub(1, beta)));
}
