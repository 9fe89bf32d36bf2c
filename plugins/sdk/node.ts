import type * as tfc from '@tensorflow/tfjs-core';
import type { CalibrationPass } from './calibration.ts';
import type { DatasetSource, Geometry } from './images.ts';
import type { FitSettings } from './fit.ts';
import type { Params, ParamValues } from './params.ts';
import type { InferContext, Signal, Sockets } from './signal.ts';
import type { Sink } from './sink.ts';
import type { WeightSpec } from './weight.ts';

export type Tf = typeof tfc;
export type Tensor = tfc.Tensor;

export type Signals = Record<string, Signal>;
export type Tensors = Record<string, Tensor>;

/** A weight of a node while a program is built or run. */
export interface Weight {
  readonly spec: WeightSpec;
  /** Its value now; gradients flow to trainable weights through it. */
  read(): Tensor;
  /** Gives it a new value when the current step ends (moving averages). Not for trainable weights. */
  assign(value: Tensor): void;
}

/** TensorFlow kernels that tfjs lacks; each is checked against tfjs's own composite by value and by gradient. */
export interface Kernels {
  /**
   * Batch-norm with the batch's own statistics (`FusedBatchNormV3`).
   * `x` `[N,h,w,C]`, `scale` and `offset` `[C]`; `mean` `[C]`, `variance` `[C]` unbiased, as PyTorch keeps it.
   */
  batchNormTraining(
    x: Tensor,
    scale: Tensor,
    offset: Tensor,
    epsilon: number,
  ): { value: Tensor; mean: Tensor; variance: Tensor };
  /** ReLU whose gradient is one kernel (`ReluGrad`). */
  relu(x: Tensor): Tensor;
  /** Uniform numbers in [0, 1) from a fed seed; the same seed and salt give the same numbers. */
  uniform(shape: readonly number[], seed: Tensor, salt: number): Tensor;
  /** Normal numbers from a fed seed; the same seed and salt give the same numbers. */
  normal(shape: readonly number[], seed: Tensor, salt: number): Tensor;
}

/** What `build` gets. `tf` comes in by hand so that a node's file imports nothing of TensorFlow but types. */
export interface BuildEnv {
  tf: Tf;
  kernels: Kernels;
  /** The weights that the definition's `weights` declared, by name. */
  weights: Record<string, Weight>;
  /** What flows on the node's inputs, as inferred. */
  inputs: Signals;
  /** What flows on its outputs, as inferred. */
  outputs: Signals;
}

export interface Mode {
  /** True in a fit step, false in validation, calibration and prediction. */
  training: boolean;
  /** int32 `[2]`, fed anew each step; only for nodes that declare `random`. */
  seed: Tensor;
}

/** Input tensors (batched, NHWC float32) by socket to output tensors by socket. Pure but for `Weight.assign`. */
export type Apply = (inputs: Tensors, mode: Mode) => Tensors;

export type Category =
  | 'data'
  | 'teachers'
  | 'students'
  | 'autoencoders'
  | 'distillation'
  | 'training'
  | 'scoring'
  | 'evaluation'
  | 'memory'
  | 'flows'
  | 'other';

export interface NodeDefinition<P extends Params = Params> {
  /** `<package>/<node>`; stable forever. */
  type: string;
  /** Raised when parameters or sockets change; `migrate` then maps the older ones. */
  version: number;
  title: string;
  /** What it does, in a sentence or two. */
  summary: string;
  category: Category;
  /** Source: paper, section, equation. */
  cite?: string;
  params: P;
  inputs: Sockets | ((params: ParamValues<P>) => Sockets);
  outputs: Sockets | ((params: ParamValues<P>) => Sockets);
  /**
   * Output signals from input signals: pure, no tensors, microseconds. Called only when every required input is known
   * and the parameters are valid. Reports what does not fit through `ctx.problem` and then may leave outputs out.
   */
  infer(inputs: Signals, params: ParamValues<P>, ctx: InferContext): Signals;
  /** The node's weights, from the same facts as `infer`. */
  weights?(inputs: Signals, params: ParamValues<P>): readonly WeightSpec[];
  /** The node in tensors. Absent where the node works outside the tensor programs (datasets, fits, reports). */
  build?(env: BuildEnv, params: ParamValues<P>): Apply;

  /** The architecture whose pretrained weights fill this node's weights. A node with it is frozen. */
  pretrained?(params: ParamValues<P>): { architecture: string; weights: string };
  /** Draws random numbers when `mode.training`; its outputs are never cached across epochs. */
  random?: boolean;
  /** Reads values back while running, so it cannot be traced into a native graph; the program is cut there. */
  eager?: boolean;

  /** A node that stands for images on disk. */
  dataset?(params: ParamValues<P>): DatasetSource;
  /** A node that decodes a dataset's images: how pixels of a file become the batch. */
  geometry?(params: ParamValues<P>): Geometry;
  /** A node that fits everything trainable that its `loss` inputs depend on. */
  fit?(params: ParamValues<P>): FitSettings;
  /** A node that learns statistics of normal images after fitting. The results fill its `calibrated` weights. */
  calibrate?(params: ParamValues<P>): CalibrationPass;
  /** A node at which a prediction ends: a named score or map, with what is measured on it. */
  sink?(params: ParamValues<P>): Sink;

  /** From the parameters of version `k` to those of `k + 1`. */
  migrate?: Record<number, (params: Record<string, unknown>) => Record<string, unknown>>;
}

/** Declares a node type. Only gives the definition its types back; nothing happens here. */
export function defineNode<const P extends Params>(definition: NodeDefinition<P>): NodeDefinition<P> {
  return definition;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- definitions of every parameter type in one list
export type AnyNodeDefinition = NodeDefinition<any>;

export function inputSockets(definition: AnyNodeDefinition, params: unknown): Sockets {
  return typeof definition.inputs === 'function' ? definition.inputs(params as never) : definition.inputs;
}

export function outputSockets(definition: AnyNodeDefinition, params: unknown): Sockets {
  return typeof definition.outputs === 'function' ? definition.outputs(params as never) : definition.outputs;
}
