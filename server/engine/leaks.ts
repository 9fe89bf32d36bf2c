import type { Tensor, Tf } from '../../plugins/sdk/index.ts';

/** So many calls in which a node leaves tensors behind make it one that does: a value that it keeps for good is none. */
const calls = 3;

type Listener = (node: string, tensorsPerCall: number) => void;
let watching: { tell: Listener; seen: Map<string, number> } | null = null;

/** From now on `listener` is told once of each node that leaves tensors behind again and again. Returns what ends it. */
export function watchLeaks(listener: Listener): () => void {
  const mine = { tell: listener, seen: new Map<string, number>() };
  watching = mine;
  return () => {
    if (watching === mine) watching = null;
  };
}

/**
 * Does a node's work in tensors that are there at once, and counts those that outlive it without being its outputs, or what
 * it gave the program to hold (`held` says how many these are). Within a gradient tfjs keeps tensors itself: nothing is counted.
 */
export function countingLeaks<T>(tf: Tf, node: string, held: () => number, work: () => T): T {
  if (!watching || tf.engine().state.gradientDepth > 0) return work();
  const before = { tensors: tf.memory().numTensors, held: held(), id: newestId(tf) };
  const given = tf.tidy(work as never) as T;
  const outputs = new Set(tensorsIn(given).filter(({ id }) => id > before.id));
  const left = tf.memory().numTensors - before.tensors - outputs.size - (held() - before.held);
  if (left > 0) note(node, left);
  return given;
}

/** Tensors that are made from now on have higher ones. */
function newestId(tf: Tf): number {
  const mark = tf.scalar(0);
  mark.dispose();
  return mark.id;
}

function note(node: string, left: number): void {
  const { tell, seen } = watching!;
  const count = (seen.get(node) ?? 0) + 1;
  seen.set(node, count);
  if (count === calls) tell(node, left);
}

function tensorsIn(given: unknown): Tensor[] {
  if (typeof given !== 'object' || given === null) return [];
  return 'dataId' in given ? [given as Tensor] : Object.values(given).flatMap(tensorsIn);
}
