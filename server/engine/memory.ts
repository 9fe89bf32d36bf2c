import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Engine } from './load.ts';

/** Tensors that are alive: as tfjs counts them, and as the native binding does (what tfjs lost sight of is only there). */
export interface TensorCount {
  tensors: number;
  native: number;
  bytes: number;
}

export function countTensors({ tf, binding }: Pick<Engine, 'tf' | 'binding'>): TensorCount {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, native: binding.getNumOfTensors(), bytes: numBytes };
}

/** Runs `work` and says how many tensors lived before and after it. */
export async function measureTensors<T>(
  engine: Pick<Engine, 'tf' | 'binding'>,
  work: () => T | Promise<T>,
): Promise<{ value: T; before: TensorCount; after: TensorCount }> {
  const before = countTensors(engine);
  const value = await work();
  return { value, before, after: countTensors(engine) };
}

/** Runs `work`, which must end with the tensors it began with, in tfjs and in the native binding. */
export async function withoutLeaks<T>(
  engine: Pick<Engine, 'tf' | 'binding'>,
  stage: string,
  work: () => T | Promise<T>,
): Promise<T> {
  const { value, before, after } = await measureTensors(engine, work);
  if (after.tensors !== before.tensors || after.native !== before.native) {
    const count = ({ tensors, native }: TensorCount) => `${tensors} tensors (${native} native)`;
    throw new StillroomError('tensor-leak', `${stage}: expected ${count(before)} afterwards, found ${count(after)}`);
  }
  return value;
}
