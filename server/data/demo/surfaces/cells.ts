import { latticeHash } from '../noise.ts';

/** Where a place lies among scattered cell centres (Worley 1996). */
export interface Cell {
  /** Identity of the nearest centre. */
  id: number;
  /** Distances to the nearest and the second nearest centre, in cell sizes. */
  nearest: number;
  second: number;
}

/** The cell at a place; centres are one per unit square, moved about by up to `jitter` (0–1); written to `out`. */
export function cellAt(x: number, y: number, seed: number, jitter: number, out: Cell): void {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  let nearest = 9;
  let second = 9;
  let id = 0;
  for (let cy = iy - 1; cy <= iy + 1; cy++) {
    for (let cx = ix - 1; cx <= ix + 1; cx++) {
      const hash = latticeHash(cx, cy, seed);
      const dx = cx + 0.5 + jitter * ((hash & 0xffff) / 65536 - 0.5) - x;
      const dy = cy + 0.5 + jitter * ((hash >>> 16) / 65536 - 0.5) - y;
      const distance = dx * dx + dy * dy;
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
        id = hash;
      } else if (distance < second) second = distance;
    }
  }
  out.id = id;
  out.nearest = Math.sqrt(nearest);
  out.second = Math.sqrt(second);
}
