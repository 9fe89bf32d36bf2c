import { quantile } from '../sdk/index.ts';

export interface NormalisationSettings {
  method: 'quantile' | 'mean-deviation' | 'quantile-range';
  /** 0–1 */
  quantile: number;
  /** 0–1, below `quantile`. */
  lowQuantile: number;
}

/**
 * What is taken off and what is divided by, from the pixels of all maps together. The scale is 0 where the maps are
 * flat, and not finite where there are none or a value in them is not.
 */
export function summarise(
  maps: readonly Float32Array[],
  settings: NormalisationSettings,
): { offset: number; scale: number } {
  const count = maps.reduce((sum, values) => sum + values.length, 0);
  const mean = sumOf(maps, (x) => x) / count;
  // A mean is finite only if all values are, and sorting would hide one that is not.
  if (!Number.isFinite(mean)) return { offset: 0, scale: NaN };
  if (settings.method === 'mean-deviation') {
    return { offset: mean, scale: Math.sqrt(sumOf(maps, (x) => (x - mean) ** 2) / count) };
  }
  const ascending = concatenate(maps, count).sort();
  const high = quantile(ascending, settings.quantile);
  if (settings.method === 'quantile') return { offset: 0, scale: high };
  const low = quantile(ascending, settings.lowQuantile);
  return { offset: low, scale: high - low };
}

function sumOf(maps: readonly Float32Array[], of: (value: number) => number): number {
  let sum = 0;
  for (const values of maps) for (const value of values) sum += of(value);
  return sum;
}

function concatenate(maps: readonly Float32Array[], count: number): Float32Array {
  const all = new Float32Array(count);
  let at = 0;
  for (const values of maps) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}
