import type { Answers } from '../api/index.ts';
import type { Answer } from '../state/answer.ts';
import type { ProblemDetails } from '../state/call.ts';

/** A run as lists and topics tell it. */
export type RunState = Answers['Run'];
/** With what its files hold. */
export type RunDetails = Answer<'/api/runs/{id}'>;

/** One epoch of a fit: mean losses over its images, the rate of its last step. */
export interface Epoch {
  epoch: number;
  trainLoss: number;
  validationLoss: number;
  rate: number;
  isBest: boolean;
}

/** A picture of a map as it is while a graph is fitted. */
export interface Sample {
  category: string;
  image: string;
  epoch: number;
  result: string;
  /** That the result is told by. */
  node: string;
  picture: string;
}

export const isAtWork = ({ state }: RunState): boolean => state === 'running' || state === 'queued';
/** Whether it can go on from its last whole epoch. */
export const canGoOn = ({ state, isQueued }: RunState): boolean => isQueued && (state === 'paused' || state === 'failed' || state === 'cancelled');

const stages: Record<string, string> = { preparing: 'preparing', reading: 'looking at the images', fit: 'fitting', calibrate: 'calibrating', predict: 'scoring test images' };

/** `grid (1 of 3): fitting fit-ae, epoch 4 of 30` */
export function progressText({ category, index, total, stage, fit, epoch, epochs }: NonNullable<RunState['progress']>): string {
  const where = category === null ? '' : `${category} (${index} of ${total}): `;
  const when = epoch > 0 && stage === 'fit' ? `, epoch ${epoch}${epochs > 0 ? ` of ${epochs}` : ''}` : '';
  return `${where}${stages[stage] ?? stage}${fit && stage === 'fit' ? ` ${fit}` : ''}${when}`;
}

/** A share of a run that is at work: not all of it is done before it has ended. */
export const wholePercent = (share: number): string => `${Math.min(99, Math.floor(100 * share))} %`;

/** How a run ended badly, as what the API refuses is told. */
export function problemOfRun({ problem }: RunState): ProblemDetails | null {
  if (!problem) return null;
  const { message, code, ...where } = problem as { message: string; code: string; node?: string; field?: string; file?: string; hint?: string };
  return { title: message, status: 0, code, ...where };
}

export const fileOf = (run: string, path: string): string => `/api/runs/${encodeURIComponent(run)}/file?path=${encodeURIComponent(path)}`;

/** Where the picture of a sample is; it is another after each epoch. */
export const sourceOf = (run: string, { picture, epoch, category }: Sample): string => `${fileOf(run, picture)}&after=${encodeURIComponent(`${category} ${epoch}`)}`;

/** What the weights of a run permit one to conclude, where that is limited. */
export function cautionsOf(details: RunDetails | null): string[] {
  const weights = (details?.manifest?.['weights'] ?? []) as { caution?: string }[];
  return [...new Set(weights.flatMap(({ caution }) => caution ?? []))];
}
