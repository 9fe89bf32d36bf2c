/**
 * How many things each of several sorts may have, so that all together take no more than a budget: of every sort as
 * many bytes, and what one does not need goes to the others.
 */
export function shareOut(budget: number, sorts: readonly { each: number; most: number }[]): number[] {
  const counts = new Array<number>(sorts.length).fill(0);
  const modestFirst = [...sorts.keys()].sort((a, b) => sorts[a]!.each * sorts[a]!.most - sorts[b]!.each * sorts[b]!.most);
  let left = budget;
  for (const [done, sort] of modestFirst.entries()) {
    const { each, most } = sorts[sort]!;
    counts[sort] = Math.min(most, Math.floor(left / (sorts.length - done) / each));
    left -= counts[sort]! * each;
  }
  return counts;
}
