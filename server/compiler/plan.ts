import type {
  AnyNodeDefinition,
  DatasetSource,
  FitSettings,
  Geometry,
  Optimiser,
  Schedule,
  Signal,
  WeightSpec,
} from '../../plugins/sdk/index.ts';

/** One value of the graph: an output of a node. */
export interface ValueRef {
  node: string;
  socket: string;
}

/** `teacher.layer1`: a value's name wherever names are needed. */
export const refName = ({ node, socket }: ValueRef): string => `${node}.${socket}`;

/** A node, ready to be built. */
export interface PlanNode {
  id: string;
  definition: AnyNodeDefinition;
  params: Record<string, unknown>;
  /** Where each connected input comes from. */
  inputs: Record<string, ValueRef>;
  /** What flows on its connected inputs. */
  inputSignals: Record<string, Signal>;
  outputSignals: Record<string, Signal>;
  weights: readonly WeightSpec[];
}

/** A piece of the graph that runs as one function: nodes in the order they run, what is fed and what is wanted. */
export interface Part {
  nodes: readonly PlanNode[];
  inputs: readonly ValueRef[];
  outputs: readonly ValueRef[];
}

/** Images that programs are fed: a dataset decoded in one way. */
export interface ImageSource {
  /** The output of the node that decodes. */
  value: ValueRef;
  signal: Signal;
  geometry: Geometry;
}

/** What one `Fit` node fits. */
export interface FitPlan {
  node: string;
  settings: FitSettings;
  /** What `settings.optimiser` and `settings.schedule` name. */
  optimiser: Optimiser;
  schedule: Schedule;
  /** Nodes with trainable weights that the loss depends on. */
  trained: readonly string[];
  /** Frozen networks that see nothing random: their outputs may be cached across epochs. Null where there are none. */
  frozen: Part | null;
  /** From images and frozen features to the losses, whose sum is minimised. */
  step: Part;
}

/** A node that learns statistics of normal images, and what must run to feed it. */
export interface CalibrationPlan {
  node: PlanNode;
  /** The values that the pass is given, by input socket. */
  inputs: Record<string, ValueRef>;
}

/** Calibrations that can share one pass over the images, as none waits for another. */
export interface CalibrationStage {
  images: 'validation' | 'train';
  calibrations: readonly CalibrationPlan[];
  part: Part;
}

/** Where a prediction ends. */
export interface SinkPlan {
  node: PlanNode;
  name: string;
  kind: 'score' | 'map';
  value: ValueRef;
  /** The images whose geometry the result lies in. */
  source: ImageSource;
}

/** The three programs of a graph. */
export interface Plan {
  dataset: { node: string; source: DatasetSource };
  sources: readonly ImageSource[];
  /** Every node that takes part, in topological order; equal ones stand once. */
  nodes: ReadonlyMap<string, PlanNode>;
  fits: readonly FitPlan[];
  calibrations: readonly CalibrationStage[];
  predict: { part: Part; sinks: readonly SinkPlan[] };
}
