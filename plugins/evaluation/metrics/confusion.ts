import type { Ranked } from './ranked.ts';

export interface Confusion {
  truePositives: number;
  falsePositives: number;
  trueNegatives: number;
  falseNegatives: number;
}

/** How many are called what, where a score at or above the threshold is called anomalous. */
export function confusion({ positives, negatives }: Ranked, threshold: number): Confusion {
  const truePositives = countAtLeast(positives, threshold);
  const falsePositives = countAtLeast(negatives, threshold);
  return {
    truePositives,
    falsePositives,
    trueNegatives: negatives.length - falsePositives,
    falseNegatives: positives.length - truePositives,
  };
}

function countAtLeast(descending: Float32Array, threshold: number): number {
  const below = descending.findIndex((score) => score < threshold);
  return below < 0 ? descending.length : below;
}
