import type { Random } from '../../../plugins/sdk/random.ts';

/** About standard normal, ±6 at most: the sum of twelve uniforms, which needs no logarithm (see `exact-math.ts`). */
export function bell(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.uniform();
  return sum;
}

/** Uniform between two numbers. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** −1 or 1. */
export function sign(random: Random): -1 | 1 {
  return random.uniform() < 0.5 ? -1 : 1;
}
