import { eachThreshold, type Ranked } from './ranked.ts';

/**
 * The highest F1 of any threshold, 0–1, and the threshold, at or above which a score is called anomalous; the lowest
 * one where several are best. Null where either kind is missing. It looks at test labels: never a verdict's threshold.
 */
export function f1Max(ranked: Ranked): { f1: number; threshold: number } | null {
  const { positives, negatives } = ranked;
  if (positives.length === 0 || negatives.length === 0) return null;
  let [best, at] = [-1, 0];
  eachThreshold(ranked, (threshold, truePositives, falsePositives) => {
    const f1 = (2 * truePositives) / (truePositives + falsePositives + positives.length);
    if (f1 >= best) [best, at] = [f1, threshold];
  });
  return { f1: best, threshold: at };
}
