import { centreOf, type Box, type Point } from '../canvas/geometry.ts';

/** The nearest of the boxes in a direction, rather straight ahead; of no box, the one that is first from that side. */
export function neighbour<T extends { id: string; box: Box }>(all: readonly T[], from: string | null, { x, y }: Point): T | null {
  const start = all.find(({ id }) => id === from);
  let best: T | null = null;
  let least = Infinity;
  for (const one of all) {
    if (one === start) continue;
    const [here, there] = [start ? centreOf(start.box) : { x: 0, y: 0 }, centreOf(one.box)];
    const ahead = (there.x - here.x) * x + (there.y - here.y) * y;
    const aside = Math.abs((there.x - here.x) * y) + Math.abs((there.y - here.y) * x);
    if (start && ahead <= 0) continue;
    const away = start ? ahead + 2 * aside : ahead;
    if (away < least) [best, least] = [one, away];
  }
  return best;
}
