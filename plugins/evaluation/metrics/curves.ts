import { eachThreshold, type Ranked } from './ranked.ts';

/** Points of a curve in the unit square, thresholds descending. */
export interface Points {
  x: number[];
  y: number[];
}

/**
 * Takes points of a curve that rises in both directions and keeps at most about `limit` of them: those that lie far
 * enough along it from the last one kept, and the last. All of them where `limit` is infinite.
 */
export function thinned(limit: number, length = 2): { add(x: number, y: number): void; points(): Points } {
  const step = length / limit;
  const points: Points = { x: [0], y: [0] };
  let last = { x: 0, y: 0 };
  const keep = (): void => {
    points.x.push(last.x);
    points.y.push(last.y);
  };
  const isFar = (): boolean => last.x - points.x.at(-1)! + last.y - points.y.at(-1)! >= step;
  return {
    add(x, y) {
      last = { x, y };
      if (isFar()) keep();
    },
    points() {
      if (last.x !== points.x.at(-1) || last.y !== points.y.at(-1)) keep();
      return points;
    },
  };
}

/** Receiver operating characteristic from (0, 0) to (1, 1): false-positive rate, true-positive rate. */
export function rocCurve(ranked: Ranked, limit = Infinity): Points | null {
  const { positives, negatives } = ranked;
  if (positives.length === 0 || negatives.length === 0) return null;
  const curve = thinned(limit);
  eachThreshold(ranked, (_threshold, truePositives, falsePositives) => {
    curve.add(falsePositives / negatives.length, truePositives / positives.length);
  });
  return curve.points();
}

/** Precision over recall, from (0, 1); of each recall its highest precision. */
export function prCurve(ranked: Ranked, limit = Infinity): Points | null {
  const { positives, negatives } = ranked;
  if (positives.length === 0 || negatives.length === 0) return null;
  const points: Points = { x: [0], y: [1] };
  let before = 0;
  eachThreshold(ranked, (_threshold, truePositives, falsePositives) => {
    const recall = truePositives / positives.length;
    const isLast = truePositives === positives.length;
    if (truePositives === before || (!isLast && recall - points.x.at(-1)! < 1 / limit)) return;
    points.x.push(recall);
    points.y.push(truePositives / (truePositives + falsePositives));
    before = truePositives;
  });
  return points;
}
