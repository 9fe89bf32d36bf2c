import { proportionInterval, type Interval } from '../../plugins/evaluation/metrics/proportion-interval.ts';
import type { Answer } from '../state/answer.ts';

export type CategoryResults = Answer<'/api/runs/{id}/categories/{category}'>;
/** A test image with its raw scores. */
export type ScoredImage = NonNullable<CategoryResults['scores']>[number];

export interface Confusion {
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
}

/** What a threshold calls the images that have a score of this name: anomalous at or above it. */
export function confusionAt(images: readonly ScoredImage[], name: string, threshold: number): Confusion {
  const found: Confusion = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (const { anomalous, scores } of images) {
    const score = scores[name];
    if (score === undefined) continue;
    if (score >= threshold) found[anomalous ? 'truePositives' : 'falsePositives']++;
    else found[anomalous ? 'falseNegatives' : 'trueNegatives']++;
  }
  return found;
}

export interface Share extends Interval {
  /** Null where there is nothing to take a share of. */
  share: number | null;
  hits: number;
  of: number;
}

export function shareOf(hits: number, of: number): Share {
  return { share: of === 0 ? null : hits / of, hits, of, ...proportionInterval(hits, of) };
}

/** How far a score lies on the wrong side of a threshold; below zero where it lies on the right one. */
export function errorOf({ anomalous, scores }: ScoredImage, name: string, threshold: number): number {
  const score = scores[name] ?? Number.NaN;
  return anomalous ? threshold - score : score - threshold;
}

export const isWrong = (image: ScoredImage, name: string, threshold: number): boolean => (image.scores[name]! >= threshold) !== image.anomalous;

export interface Bins {
  low: number;
  high: number;
  good: number[];
  defective: number[];
}

/** Scores counted in bins of one width, from the lowest to the highest. */
export function binsOf(images: readonly ScoredImage[], name: string, count: number): Bins {
  const scores = images.flatMap(({ scores: all }) => (Number.isFinite(all[name]) ? [all[name]!] : []));
  const low = scores.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const high = scores.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const bins: Bins = { low: scores.length > 0 ? low : 0, high: scores.length > 0 && high > low ? high : (scores.length > 0 ? low : 0) + 1, good: new Array<number>(count).fill(0), defective: new Array<number>(count).fill(0) };
  for (const { anomalous, scores: all } of images) {
    if (!Number.isFinite(all[name])) continue;
    const place = Math.min(count - 1, Math.floor(((all[name]! - bins.low) / (bins.high - bins.low)) * count));
    bins[anomalous ? 'defective' : 'good'][place]!++;
  }
  return bins;
}
