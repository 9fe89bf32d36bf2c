import type { Problem } from '../../plugins/sdk/index.ts';

/** What a run tells while it works. Counts start at 1 where people read them. */
export type RunEvent =
  | { type: 'reading'; done: number; total: number }
  | { type: 'category'; category: string; index: number; total: number; train: number; validation: number; test: number }
  | { type: 'stage'; category: string; stage: 'fit' | 'calibrate' | 'predict'; node?: string }
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
