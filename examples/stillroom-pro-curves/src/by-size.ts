/** Regions by their size: a third of them each, by rank, so that every class has some. Fewer than three are one class. */
export function bySize<T extends { length: number }>(regions: readonly T[]): { name: string; regions: T[]; largest: number }[] {
  const sorted = regions.toSorted((a, b) => a.length - b.length);
  const named = sorted.length < 3 ? [] : ['small', 'medium', 'large'];
  const cut = (i: number): number => Math.round((i * sorted.length) / named.length);
  return named.map((name, i) => {
    const own = sorted.slice(cut(i), cut(i + 1));
    return { name, regions: own, largest: own.at(-1)!.length };
  });
}
