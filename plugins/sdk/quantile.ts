/**
 * The value below which a share `q` (0–1) of sorted, ascending values lies; interpolated linearly between neighbours, as
 * numpy's default. There must be at least one value.
 */
export function quantile(ascending: Float32Array, q: number): number {
  const at = q * (ascending.length - 1);
  const below = Math.floor(at);
  const low = ascending[below]!;
  return low + (at - below) * (ascending[Math.ceil(at)]! - low);
}
