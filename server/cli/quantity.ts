const SCALES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A count in three digits and an SI prefix: `4.69 M`. */
export function quantity(n: number): string {
  if (n === 0) return '–';
  const [scale, prefix] = SCALES.find(([s]) => n >= s * 0.9995) ?? [1, ''];
  return `${scale === 1 ? n : Number((n / scale).toPrecision(3))} ${prefix}`.trim();
}
