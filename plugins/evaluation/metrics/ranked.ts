import { sortDescending } from './sort.ts';

/** The scores of what is to be told apart, sorted once for all metrics: images, or pixels. */
export interface Ranked {
  /** Scores of what is anomalous, descending. */
  positives: Float32Array;
  /** Scores of what is normal, descending. */
  negatives: Float32Array;
}

/** Finite scores with their labels, 0 where normal. */
export function rank(scores: Float32Array, labels: Uint8Array): Ranked {
  const isPositive = (_: number, i: number): boolean => labels[i] !== 0;
  return {
    positives: sortDescending(scores.filter(isPositive)),
    negatives: sortDescending(scores.filter((score, i) => !isPositive(score, i))),
  };
}

/**
 * Visits every distinct score as a threshold, from the highest, with what is at or above it: the true and the false
 * positives. The last visit counts everything.
 */
export function eachThreshold(
  { positives, negatives }: Ranked,
  visit: (threshold: number, truePositives: number, falsePositives: number) => void,
): void {
  let [p, n] = [0, 0];
  while (p < positives.length || n < negatives.length) {
    const positive = p < positives.length ? positives[p]! : -Infinity;
    const negative = n < negatives.length ? negatives[n]! : -Infinity;
    const threshold = positive > negative ? positive : negative;
    while (p < positives.length && positives[p] === threshold) p++;
    while (n < negatives.length && negatives[n] === threshold) n++;
    visit(threshold, p, n);
  }
}
