import type { OptimiserSettings, Tensor, Tensors, Tf } from '../../plugins/sdk/index.ts';
import type { UpdateRule } from './program.ts';

/**
 * How an optimiser moves a state, as PyTorch's optimisers of these names define it: SGD's weight decay is added to the
 * gradient before momentum, AdamW's is apart from it.
 */
export function ruleOf(settings: OptimiserSettings): UpdateRule {
  switch (settings.kind) {
    case 'adam':
      return { kind: 'adam', hyper: ['stepSize', 'beta1', 'beta2', 'epsilon'], slots: ['m', 'v'] };
    case 'adamw':
      return { kind: 'adamw', hyper: ['stepSize', 'beta1', 'beta2', 'epsilon', 'decay'], slots: ['m', 'v'] };
    case 'sgd': {
      const { momentum, weightDecay } = settings;
      return {
        kind: 'sgd',
        hyper: ['rate', ...(momentum > 0 ? ['momentum'] : []), ...(weightDecay > 0 ? ['weightDecay'] : [])],
        slots: momentum > 0 ? ['momentum'] : [],
      };
    }
  }
}

/**
 * The scalars that a step is fed, under the names of `ruleOf(settings).hyper`.
 *
 * Adam's bias corrections are worked out here, in double precision: `stepSize` = rate √(1 − β₂ᵗ) / (1 − β₁ᵗ). TensorFlow's
 * kernel divides by √v + ε where PyTorch divides by √v / √(1 − β₂ᵗ) + ε, so its `epsilon` is ε √(1 − β₂ᵗ).
 *
 * @param rate learning rate of this step
 * @param step 1 for the first step of a fit
 * @throws RangeError where `step` is not a whole number from 1
 */
export function hyperOf(settings: OptimiserSettings, rate: number, step: number): Record<string, number> {
  if (!Number.isInteger(step) || step < 1) throw new RangeError(`expected a step from 1, found ${step}`);
  if (settings.kind === 'sgd') {
    const all: Record<string, number> = { rate, momentum: settings.momentum, weightDecay: settings.weightDecay };
    return Object.fromEntries(ruleOf(settings).hyper.map((name) => [name, all[name]!]));
  }
  const { beta1, beta2, epsilon } = settings;
  const root = Math.sqrt(1 - beta2 ** step);
  return {
    stepSize: (rate * root) / (1 - beta1 ** step),
    beta1,
    beta2,
    epsilon: epsilon * root,
    ...(settings.kind === 'adamw' ? { decay: rate * settings.weightDecay } : {}),
  };
}

/** What a rule makes of a state and its slots: the reference that the resource kernels are held to. */
export function applyRule(
  tf: Tf,
  rule: UpdateRule,
  value: Tensor,
  gradient: Tensor,
  slots: Tensors,
  hyper: Tensors,
): { value: Tensor; slots: Tensors } {
  if (rule.kind === 'sgd') {
    const { rate, momentum, weightDecay } = hyper;
    const pull = weightDecay ? tf.add(gradient, tf.mul(value, weightDecay)) : gradient;
    if (!momentum) return { value: tf.sub(value, tf.mul(pull, rate!)), slots: {} };
    const velocity = tf.add(tf.mul(slots['momentum']!, momentum), pull);
    return { value: tf.sub(value, tf.mul(velocity, rate!)), slots: { momentum: velocity } };
  }
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
