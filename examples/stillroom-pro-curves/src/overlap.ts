/** Scores of all pixels of a category: of normal ones, and of each defective region. */
export interface Pixels {
  normal: Float32Array;
  regions: readonly Float32Array[];
}

export interface Point {
  /** False-positive rate of pixels, 0–1. */
  rate: number;
  /** Mean share of the regions that is found, 0–1. */
  overlap: number;
}

/**
 * Per-region overlap over the false-positive rate, from (0, 0) to the first point at or beyond `limit`, one point for each
 * distinct score. A region counts as found as a whole once `saturation` of its pixels are: 1 is the PRO of Bergmann et al.
 * 2021 (MVTec AD, §6.2), less the saturated one of Bergmann et al. 2022 (MVTec LOCO AD, eq. 1). Empty where nothing is
 * normal or no region is given.
 */
export function overlapCurve({ normal, regions }: Pixels, limit: number, saturation: number): Point[] {
  if (normal.length === 0 || regions.length === 0) return [];
  const negatives = normal.toSorted().reverse();
  const positives = regions.flatMap((scores, region) => Array.from(scores, (score) => ({ score, region }))).sort((a, b) => b.score - a.score);
  const needed = regions.map(({ length }) => saturation * length);
  const found = regions.map(() => 0);
  const points: Point[] = [{ rate: 0, overlap: 0 }];
  let overlap = 0;
  for (let [n, p] = [0, 0]; n < negatives.length || p < positives.length; ) {
    const score = Math.max(negatives[n] ?? -Infinity, positives[p]?.score ?? -Infinity);
    while (n < negatives.length && negatives[n] === score) n++;
    for (; p < positives.length && positives[p]!.score === score; p++) {
      const { region } = positives[p]!;
      const before = Math.min(1, found[region]! / needed[region]!);
      found[region]!++;
      overlap += Math.min(1, found[region]! / needed[region]!) - before;
    }
    points.push({ rate: n / negatives.length, overlap: Math.min(1, overlap / regions.length) });
    if (n / negatives.length > limit) break;
  }
  return points;
}

/** Area under a curve up to a false-positive rate, divided by it: 0–1; trapezoids, the last one cut at the limit. */
export function areaTo(limit: number, points: readonly Point[]): number | null {
  if (points.length === 0) return null;
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    if (a.rate >= limit) break;
    const end = b.rate <= limit ? b : { rate: limit, overlap: a.overlap + ((b.overlap - a.overlap) * (limit - a.rate)) / (b.rate - a.rate) };
    area += ((end.rate - a.rate) * (end.overlap + a.overlap)) / 2;
  }
  return area / limit;
}

/** So many points of a curve at most, at even steps of the rate, and its ends. */
export function thinned(points: readonly Point[], most: number): Point[] {
  const last = points.at(-1);
  if (!last) return [];
  const step = last.rate / most;
  let next = 0;
  return points.filter((point) => {
    const isKept = point === last || point.rate >= next;
    if (isKept) next = point.rate + step;
    return isKept;
  });
}
