import type { SentError } from '../sent-error.ts';
import type { MapAnswer, MapTask, PredictAnswer, PredictTask, PredictedRow } from './predict-task.ts';
import type { PreviewAnswer, PreviewTask } from './preview-task.ts';
import type { LayerAnswer, LayerTask, WhyAnswer, WhyTask } from './why-task.ts';

/** What the interactive worker is asked, what it answers in the end, and what it tells on the way there. */
export interface Work {
  preview: { task: PreviewTask; answer: PreviewAnswer; row: never };
  predict: { task: PredictTask; answer: PredictAnswer; row: PredictedRow };
  map: { task: MapTask; answer: MapAnswer; row: never };
  why: { task: WhyTask; answer: WhyAnswer; row: never };
  layer: { task: LayerTask; answer: LayerAnswer; row: never };
}
export type Kind = keyof Work;

export type ToWorker = { ask: Kind; id: number; task: Work[Kind]['task'] } | { stop: number };

export type FromWorker =
  /** Told before it begins, so that it is known should it never end; null: no node's. */
  | { id: number; at: string | null }
  /** The node whose own code runs from now on, so that it is known should it never return; null when none does. */
  | { within: { node: string; type: string | null } | null }
  | { id: number; row: unknown }
  | { id: number; answer: unknown }
  | { id: number; error: SentError };
