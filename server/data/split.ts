import { createRandom } from '../../plugins/sdk/random.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { byCodeUnits } from './order.ts';

/**
 * Draws the share of the normal images that validates instead of training. Depends on the seed and on the order of
 * the paths alone, not on the order in which they come. At least one image trains, and one validates where the share
 * is above 0. Errors: `too-few-images`.
 */
export function splitTrain<T extends { path: string }>(
  images: readonly T[],
  validationShare: number,
  seed: number,
): { train: T[]; validation: T[] } {
  const sorted = [...images].sort((a, b) => byCodeUnits(a.path, b.path));
  if (validationShare === 0) return { train: sorted, validation: [] };
  if (sorted.length < 2) {
    throw new StillroomError('too-few-images', `expected at least 2 normal images to train and validate on, found ${sorted.length}`, {
      hint: 'add images, or set `validationShare` to 0',
    });
  }
  const count = Math.min(sorted.length - 1, Math.max(1, Math.round(sorted.length * validationShare)));
  const order = createRandom('validation split', seed).shuffle([...sorted.keys()]);
  const validates = new Set(order.slice(0, count));
  return {
    train: sorted.filter((_, i) => !validates.has(i)),
    validation: sorted.filter((_, i) => validates.has(i)),
  };
}

/** The order in which an epoch visits `n` images; each epoch has its own, whichever were run before it. */
export function epochOrder(n: number, epoch: number, seed: number): number[] {
  return createRandom('epoch order', seed, epoch).shuffle([...Array(n).keys()]);
}
