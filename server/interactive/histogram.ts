import type { Histogram, Range } from './rendering.ts';

/** The smallest and the largest finite value; 0 and 0 where there is none. */
export function rangeOf(data: ArrayLike<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

/** Bins of one width from the smallest to the largest value, which belongs to the last. */
export function histogramOf(data: Float32Array, bins: number): Histogram {
  const { low, high } = rangeOf(data);
  const counts = new Array<number>(bins).fill(0);
  let [count, sum, squares] = [0, 0, 0];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    const bin = high > low ? Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)) : 0;
    counts[bin]!++;
    count++;
    sum += value;
  }
  const mean = count > 0 ? sum / count : 0;
  for (const value of data) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  return { low, high, counts, mean, deviation: count > 0 ? Math.sqrt(squares / count) : 0, notFinite: data.length - count };
}
