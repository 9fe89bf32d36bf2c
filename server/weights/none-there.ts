import { resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';

/** A separator, or what files of weights end in: a registered name has neither. */
const path = /[/\\]|\.(?:safetensors|pth?|ckpt|bin|npy|npz)$/i;

/** Whether a name is that of a file. */
export const isPath = (given: string): boolean => path.test(given);

/**
 * What is said of weights that are neither registered nor there: `file-not-found` where a path is given, else
 * `unknown-weights` with the names that there are.
 */
export function noneThere(given: string, expected: string, names: string): StillroomError {
  if (isPath(given)) {
    return new StillroomError('file-not-found', 'expected a file of weights, found nothing there', {
      file: resolve(given),
      hint: 'see that the path is right, or name registered weights: `stillroom weights list` shows them',
    });
  }
  return new StillroomError('unknown-weights', `expected ${expected}, found "${given}"`, { hint: `name one of ${names}` });
}
