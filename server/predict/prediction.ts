import type { Problem } from '../../plugins/sdk/index.ts';
import { uninspectedOf } from '../data/inspection.ts';
import type { FinishedRun } from './finished-run.ts';
import type { FailedImage, ScoredImage } from './score-images.ts';

/** What is told of an image. */
export interface Prediction {
  file: string;
  /** Raw; of a map its largest value, as `NAME.max`. */
  scores: Record<string, number>;
  /** The verdict of the graph's own detection; null where the graph gives none. */
  anomalous: boolean | null;
  /** Of every result that gives verdicts. */
  verdicts: Record<string, boolean>;
  /** Share of the image that the network behind the verdict did not see, 0–1. */
  uninspected: number;
  /** File of its map; null where none was asked for. */
  map: string | null;
  /** Pixels above or below the range of a 16-bit map, which are written as its ends. */
  saturated?: number;
}

/** An image that could not be scored. */
export interface Failure {
  file: string;
  error: Pick<Problem, 'code' | 'message' | 'hint'>;
}

/** Name under which a graph reports its own verdict. */
const own = 'detection';

/** The name of the result whose verdict is the run's: its detection, or the only one that gives verdicts. */
export function verdictOf({ thresholds }: FinishedRun): string | null {
  if (thresholds.has(own)) return own;
  return thresholds.size === 1 ? [...thresholds.keys()][0]! : null;
}

/** Names of the scores of an image, in the order of the graph; as columns of `scores.csv`. */
export function scoreNames({ plan }: FinishedRun): string[] {
  return plan.predict.sinks.map(({ name, kind }) => (kind === 'map' ? `${name}.max` : name));
}

export function predictionOf(run: FinishedRun, { file, values, inspection }: ScoredImage): Prediction {
  const scores: Record<string, number> = {};
  const verdicts: Record<string, boolean> = {};
  for (const [{ name, kind }, { data }] of values) {
    const score = kind === 'score' ? data[0]! : data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    scores[kind === 'map' ? `${name}.max` : name] = score;
    const threshold = run.thresholds.get(name);
    if (threshold) verdicts[name] = score >= threshold.value;
  }
  const verdict = verdictOf(run);
  const sinks = [...values.keys()];
  const judge = sinks.find(({ name }) => name === verdict) ?? sinks[0]!;
  return {
    file,
    scores,
    anomalous: verdict === null ? null : verdicts[verdict]!,
    verdicts,
    uninspected: uninspectedOf(inspection(judge)),
    map: null,
  };
}

export function failureOf({ file, error: { code, message, hint } }: FailedImage): Failure {
  return { file, error: { code, message, ...(hint ? { hint } : {}) } };
}
