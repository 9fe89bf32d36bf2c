import type { Tensor, Tensors, Tf } from './node.ts';

/** A weight at a step: what an optimiser moves it by. All of the weight's shape, but for `hyper`. */
export interface WeightAtStep {
  value: Tensor;
  gradient: Tensor;
  /** What the last step has left in the slots, by name; zeros before the first. */
  slots: Tensors;
  /** What `hyper` gave for this step, as scalars. */
  hyper: Tensors;
}

/**
 * How a gradient moves a weight. A fit names it by `FitSettings.optimiser.kind`, and the rest of those settings is `S`:
 * plain data of its own.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- optimisers of all settings in one list
export interface Optimiser<S = any> {
  /** `<plugin>/<optimiser>`; stable, as it stands in the identity of runs. Those that come with Stillroom are one word. */
  name: string;
  title: string;
  /** Source: paper, section, equation. */
  cite?: string;
  /** Settings that it works well with: what the conformance kit tries it with. */
  example: S;
  /** Names of what it keeps for each weight between steps, in a tensor of the weight's shape. It is saved in checkpoints. */
  slots(settings: S): readonly string[];
  /**
   * The numbers that a step is fed, by name: always the same names. What changes from step to step (the rate, powers of
   * decays) must come through here, since `move` is traced once and replayed. `step` is 1 for the first step of a fit.
   */
  hyper(settings: S, at: { rate: number; step: number }): Record<string, number>;
  /** The weight and all its slots after the step, in ordinary ops. Pure; it reads no value back. */
  move(tf: Tf, at: WeightAtStep): { value: Tensor; slots: Tensors };
  /**
   * TensorFlow's own kernel that does the same in one op, where a fit runs natively. `adam` takes the slots `m` and `v` and
   * the numbers `stepSize`, `beta1`, `beta2`, `epsilon` and, for a decay apart from the gradient, `decay`; `descent` the
   * number `rate`, with or without the slot and the number `momentum`, and the number `weightDecay`.
   */
  kernel?: 'adam' | 'descent';
}

/** Declares an optimiser. Only gives it the type of its settings; nothing happens here. */
export const defineOptimiser = <S>(optimiser: Optimiser<S>): Optimiser<S> => optimiser;
