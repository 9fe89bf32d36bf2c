import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { UpdateRule } from './program.ts';

/** Where a tensor on the tape comes from. */
export type Ref =
  | { kind: 'op'; op: number; output: number }
  | { kind: 'input'; name: string }
  | { kind: 'state'; name: string }
  | { kind: 'constant'; constant: number };

/** An attribute of a TensorFlow op, as tfjs-node hands it to the binding. */
export interface TapeAttribute {
  name: string;
  type: number;
  value: unknown;
}

export interface TapeOp {
  op: string;
  attributes: readonly TapeAttribute[];
  inputs: readonly Ref[];
  /** The node in whose name it ran. */
  node: string | undefined;
}

export interface TapeConstant {
  shape: readonly number[];
  /** TensorFlow's number of the type. */
  dtype: number;
  bytes: Uint8Array;
  /** The node that made it. */
  node: string | undefined;
}

/** All that a function did while it ran once: what depends on its inputs or on states, and nothing else. */
export interface Tape {
  ops: readonly TapeOp[];
  constants: readonly TapeConstant[];
  /** All that JavaScript handed over while the function ran, whether it ends up among the constants or behind one. */
  handed: readonly TapeConstant[];
  outputs: readonly { name: string; ref: Ref; shape: readonly number[]; dtype: number }[];
  assignments: readonly { state: string; ref: Ref }[];
  moves: readonly { state: string; rule: UpdateRule; gradient: Ref; hyper: Record<string, Ref> }[];
}

/**
 * Two runs of one function under different inputs must differ in nothing that a replay would freeze: numbers drawn in
 * JavaScript, or a path chosen by chance.
 *
 * @throws StillroomError `frozen-randomness`, naming the node that made the first difference
 */
export function requireSteady(first: Tape, second: Tape, program: string): void {
  const refuse = (node: string | undefined, found: string): never => {
    throw new StillroomError(
      'frozen-randomness',
      `expected ${node ? 'the node' : `"${program}"`} to do the same each time but for its inputs, found ${found}`,
      {
        ...(node ? { node } : {}),
        hint: 'draw random numbers with `kernels.uniform` or `kernels.normal` from the seed that is fed',
      },
    );
  };
  const requireEqual = (a: TapeConstant, b: TapeConstant, node: string | undefined): void => {
    if (a.shape.join() === b.shape.join() && Buffer.compare(a.bytes, b.bytes) === 0) return;
    refuse(a.node ?? node, 'numbers drawn in JavaScript');
  };
  const requireSame = (a: Ref, b: Ref, node: string | undefined): void => {
    if (a.kind === 'constant' && b.kind === 'constant') {
      return requireEqual(first.constants[a.constant]!, second.constants[b.constant]!, node);
    }
    if (JSON.stringify(a) !== JSON.stringify(b)) refuse(node, 'other operations');
  };
  // What is computed from random numbers may by chance be equal (a mask of few pixels); the numbers are not. Where one
  // run hands over more than the other, a tensor made before was put to use for the first time: no sign of chance.
  if (first.handed.length === second.handed.length) {
    first.handed.forEach((constant, i) => requireEqual(constant, second.handed[i]!, undefined));
  }
  first.ops.forEach((a, i) => {
    const b = second.ops[i];
    if (a.op !== b?.op || a.inputs.length !== b.inputs.length) return refuse(a.node, 'other operations');
    if (JSON.stringify(a.attributes) !== JSON.stringify(b.attributes)) refuse(a.node, 'other settings of an operation');
    a.inputs.forEach((ref, k) => requireSame(ref, b.inputs[k]!, a.node));
  });
  const extra = second.ops[first.ops.length];
  if (extra) refuse(extra.node, 'other operations');
  const [ends, others] = [endsOf(first), endsOf(second)];
  if (ends.length !== others.length) refuse(undefined, 'other results');
  ends.forEach((ref, i) => requireSame(ref, others[i]!, undefined));
}

/** What the function is run for. */
export function endsOf(tape: Tape): Ref[] {
  return [
    ...tape.outputs.map(({ ref }) => ref),
    ...tape.assignments.map(({ ref }) => ref),
    ...tape.moves.flatMap(({ gradient, hyper }) => [gradient, ...Object.values(hyper)]),
  ];
}

/** Indices of the ops that an end depends on. */
export function liveOps(tape: Tape): Set<number> {
  const live = new Set<number>();
  const pending = endsOf(tape);
  for (let ref = pending.pop(); ref; ref = pending.pop()) {
    if (ref.kind !== 'op' || live.has(ref.op)) continue;
    live.add(ref.op);
    pending.push(...tape.ops[ref.op]!.inputs);
  }
  return live;
}
