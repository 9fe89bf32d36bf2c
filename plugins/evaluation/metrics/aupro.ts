import { thinned, type Points } from './curves.ts';
import type { RankedPixels } from './pixels.ts';
import { eachThreshold } from './ranked.ts';

/**
 * Area under the per-region overlap (mean over the defective regions of the share of each that is found) over the
 * false-positive rate of pixels, up to `limit` and divided by it: 0–1. Trapezoids between all distinct values, the last
 * one cut at the limit (Bergmann et al. 2021, MVTec AD, §6.2). Null where no pixel is defective, or none is normal.
 */
export function aupro(pixels: RankedPixels, limit = 0.3): number | null {
  let area = 0;
  let [x, y] = [0, 0];
  const ran = eachOverlap(pixels, limit, (rate, overlap) => {
    area += ((rate - x) * (overlap + y)) / 2;
    [x, y] = [rate, overlap];
  });
  return ran ? area / limit : null;
}

/** Points of the curve that `aupro` integrates: false-positive rate up to `limit`, mean per-region overlap. */
export function proCurve(pixels: RankedPixels, limit = 0.3, most = Infinity): Points | null {
  const curve = thinned(most, 1 + limit);
  return eachOverlap(pixels, limit, curve.add) ? curve.points() : null;
}

/** Visits the curve from its first point after (0, 0) to the one at the limit. False where it is not defined. */
function eachOverlap(pixels: RankedPixels, limit: number, visit: (rate: number, overlap: number) => void): boolean {
  const { positives, negatives, shares } = pixels;
  if (positives.length === 0 || negatives.length === 0) return false;
  let found = 0;
  let overlap = 0;
  let before = { rate: 0, overlap: 0 };
  eachThreshold(pixels, (_threshold, truePositives, falsePositives) => {
    if (before.rate > limit) return;
    while (found < truePositives) overlap += shares[found++]!;
    const rate = falsePositives / negatives.length;
    if (rate <= limit) visit(rate, overlap);
    else visit(limit, before.overlap + ((overlap - before.overlap) * (limit - before.rate)) / (rate - before.rate));
    before = { rate, overlap };
  });
  return true;
}
