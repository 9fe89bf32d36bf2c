import { eachThreshold, type Ranked } from './ranked.ts';

/**
 * Mean of the precisions at each threshold, weighed by the recall it adds, 0–1. As scikit-learn's
 * `average_precision_score`; null where either kind is missing.
 */
export function averagePrecision(ranked: Ranked): number | null {
  const { positives, negatives } = ranked;
  if (positives.length === 0 || negatives.length === 0) return null;
  let sum = 0;
  let before = 0;
  eachThreshold(ranked, (_threshold, truePositives, falsePositives) => {
    if (truePositives === before) return;
    sum += ((truePositives - before) * truePositives) / (truePositives + falsePositives);
    before = truePositives;
  });
  return sum / positives.length;
}
