import type { Problem } from '../../plugins/sdk/index.ts';

/** What a run tells while it works. Counts start at 1 where people read them. */
export type RunEvent =
  | { type: 'reading'; done: number; total: number }
  /** `fits` are to run in this order, for so many epochs at most; the rest are numbers of images. */
  | { type: 'category'; category: string; index: number; total: number; train: number; validation: number; test: number; fits: { fit: string; epochs: number }[] }
  /** What is computed from now on, and the nodes at work; `frozen` are those of a fit that compute only to be kept. */
  | { type: 'stage'; category: string; stage: 'fit' | 'calibrate' | 'predict'; node?: string; nodes: string[]; frozen?: string[] }
  /** Milliseconds that each node takes for one image, run op by op on its own, its inputs and outputs copied. */
  | { type: 'profile'; category: string; milliseconds: Record<string, number> }
  /** What a result, told by a node, says of an image with the weights that an epoch has left; nothing is calibrated yet. */
  | { type: 'sample'; category: string; fit: string; epoch: number; result: string; node: string; image: string; picture: string }
  | { type: 'features'; category: string; fit: string; set: string; done: number; total: number }
  /** A fit goes on after so many epochs; the events of these follow once more. */
  | { type: 'resumed'; category: string; fit: string; epoch: number }
  | { type: 'step'; category: string; fit: string; epoch: number; step: number; steps: number; loss: number; rate: number }
  | ({ type: 'epoch'; category: string; fit: string; epochs: number } & EpochRecord)
  | { type: 'fitted'; category: string; fit: string; bestEpoch: number; bestLoss: number; stopped: 'epochs' | 'early' }
  | { type: 'calibrating'; category: string; done: number; total: number }
  | { type: 'predicting'; category: string; done: number; total: number }
  | { type: 'drawing'; category: string; done: number; total: number }
  /** Something was not as it should be, and the run goes on. */
  | { type: 'warning'; category: string; problem: Problem };

/** One epoch of a fit: mean losses over its images, the rate of its last step. */
export interface EpochRecord {
  epoch: number;
  trainLoss: number;
  validationLoss: number;
  rate: number;
  /** The lowest validation loss so far. */
  isBest: boolean;
}

export type Emit = (event: RunEvent) => void;
