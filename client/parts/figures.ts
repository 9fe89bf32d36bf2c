/** Numbers as people read them: three digits that count, thousands with their letter. */
export function figure(value: number): string {
  if (value >= 100) return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
  return String(Number(value.toPrecision(3)));
}

/** `4 min 10 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `4.69 M`, `390 k` */
export function count(value: number): string {
  const [unit, of] = value >= 1e9 ? ['G', 1e9] : value >= 1e6 ? ['M', 1e6] : value >= 1e3 ? ['k', 1e3] : ['', 1];
  return `${Number((value / of).toPrecision(3))}${unit ? ` ${unit}` : ''}`;
}

/** `0.42 ms`, `22 ms`, `1.3 s` */
export function milliseconds(value: number): string {
  return value >= 1000 ? `${Number((value / 1000).toPrecision(2))} s` : `${Number(value.toPrecision(2))} ms`;
}

export function bytes(value: number): string {
  const [unit, of] = value >= 2 ** 30 ? ['GiB', 2 ** 30] : value >= 2 ** 20 ? ['MiB', 2 ** 20] : value >= 2 ** 10 ? ['KiB', 2 ** 10] : ['bytes', 1];
  return `${Number((value / of).toPrecision(3))} ${unit}`;
}
