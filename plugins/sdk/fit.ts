/** Settings of an optimiser or a schedule that a plugin brings: plain data, and by which name it is known. */
export interface PluginSettings {
  kind: `${string}/${string}`;
  [setting: string]: unknown;
}

export type OptimiserSettings =
  | PluginSettings
  | { kind: 'adam'; beta1: number; beta2: number; epsilon: number }
  | { kind: 'adamw'; beta1: number; beta2: number; epsilon: number; weightDecay: number }
  | { kind: 'sgd'; momentum: number; weightDecay: number };

export type ScheduleSettings =
  | PluginSettings
  | { kind: 'constant' }
  /** Multiplies the rate by `factor` after `patience` epochs without a better validation loss. */
  | { kind: 'plateau'; factor: number; patience: number; minimum: number }
  /** Smith's one-cycle over the whole fit, as PyTorch's `OneCycleLR` with cosine annealing: the peak is `learningRate × peak`. */
  | { kind: 'one-cycle'; peak: number; warmUp: number };

/** How a `Fit` node fits. */
export interface FitSettings {
  optimiser: OptimiserSettings;
  learningRate: number;
  schedule: ScheduleSettings;
  epochs: number;
  /** Images in a step; a last, shorter batch of an epoch is left out, as padding would spoil batch-norm. */
  batch: number;
  /** Which checkpoint is kept: that of the lowest validation loss, or the last. */
  keep: 'best' | 'last';
  /** Stops after so many epochs without a better validation loss; 0 never. */
  earlyStop: number;
}
