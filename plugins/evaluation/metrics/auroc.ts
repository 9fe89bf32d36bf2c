import { eachThreshold, type Ranked } from './ranked.ts';

/**
 * Area under the receiver operating characteristic, 0–1: how likely an anomalous one scores above a normal one, ties
 * counted half. As scikit-learn's `roc_auc_score`; null where either kind is missing.
 */
export function auroc(ranked: Ranked): number | null {
  const pairs = ranked.positives.length * ranked.negatives.length;
  if (pairs === 0) return null;
  let doubled = 0;
  let [before, falseBefore] = [0, 0];
  eachThreshold(ranked, (_threshold, truePositives, falsePositives) => {
    doubled += (falsePositives - falseBefore) * (truePositives + before);
    [before, falseBefore] = [truePositives, falsePositives];
  });
  return doubled / (2 * pairs);
}
