/** A share in percent with one digit: `80.5`; a dash where it is not known. */
export function percent(value: number | null | undefined): string {
  return typeof value === 'number' ? (100 * value).toFixed(1) : '–';
}

/** A share as it is said: `23 %`, `3.7 %`, `0.05 %`. */
export function share(value: number): string {
  const inPercent = 100 * value;
  return `${inPercent >= 10 ? Math.round(inPercent) : Number(inPercent.toPrecision(inPercent >= 1 ? 2 : 1))} %`;
}

/** A score or a loss in four digits. */
export function figure(value: number | null | undefined): string {
  if (typeof value !== 'number') return '–';
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

/** `4.2 s`, `12 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Mean of what could be measured; null where nothing could. */
export function mean(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number');
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

/** `1 image`, `3 images`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
