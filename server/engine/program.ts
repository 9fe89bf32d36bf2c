import type { HostTensor, Kernels, Optimiser, Tensor, Tensors, Tf } from '../../plugins/sdk/index.ts';

/**
 * A program is a few functions over shared state, written in ordinary tfjs. It runs as one native TensorFlow graph
 * (traced once, replayed with one call) or eagerly (the reference, and the mode for debugging). Both agree.
 */
export interface ProgramSpec {
  /** Names the program in messages: `fit student`, `predict`. */
  name: string;
  /**
   * Everything beyond shapes, constants' bytes and the engine's own code that the trace depends on (the logic of the
   * graph, versions of plugins). Equal keys mean that an emitted graph may be taken from the disk cache.
   */
  key: readonly string[];
  /** Values frozen into the graph (teachers' weights); what depends on them alone is computed once. */
  constants: Record<string, Values>;
  /** Values that live in native memory between calls: trainable weights, statistics, optimiser slots. */
  state: Record<string, Values>;
  functions: Record<string, ProgramFunction>;
}

export interface Values {
  shape: readonly number[];
  data: Float32Array;
}

export interface ProgramInput {
  shape: readonly number[];
  dtype: 'float32' | 'int32';
}

export interface ProgramFunction {
  inputs: Record<string, ProgramInput>;
  /** Runs the function in tensors; called once for a trace, every time when eager. */
  run(ctx: ProgramContext, inputs: Tensors): Tensors;
}

export interface ProgramContext {
  tf: Tf;
  kernels: Kernels;
  /** A constant or a state, by name. */
  read(name: string): Tensor;
  /** Gives a state its new value when the function ends; reads within the function see the old one. */
  assign(name: string, value: Tensor): void;
  /** Runs a part in the name of a node, of `type` where that is whose code it is, so that what goes wrong names it. */
  within<T>(node: string, part: () => T, type?: string | null): T;
  /**
   * Computes a scalar loss and its gradients for the named states, and moves them by the rule when the function ends.
   * `hyper` are scalars fed at each call (the rate, powers of the betas), so that the trace freezes none of them.
   */
  minimise(loss: () => Tensor, states: readonly string[], rule: UpdateRule, hyper: Tensors): Tensor;
}

/** How a gradient moves a state. */
export interface UpdateRule {
  /** Of the optimiser. */
  name: string;
  /** Names of the scalars it is fed through `hyper`. */
  hyper: readonly string[];
  /** Names of its slots; slot `m` of state `w` is the state `w/m`, which the program must declare. */
  slots: readonly string[];
  /** In tfjs ops: what is traced, and the reference that `kernel` is held to. */
  move: Optimiser['move'];
  /** TensorFlow's resource kernel that replays it in one op. */
  kernel?: Optimiser['kernel'];
}

export interface Program {
  readonly mode: 'native' | 'eager';
  /** Runs a function; inputs and outputs on the host. */
  call(fn: string, inputs: Record<string, ProgramFeed>): Record<string, HostTensor>;
  /** Values of states now; all of them where no names are given. */
  read(names?: readonly string[]): Record<string, Values>;
  write(values: Record<string, Values>): void;
  dispose(): void;
}

export interface ProgramFeed {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}
