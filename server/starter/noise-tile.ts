import type { Random } from '../../plugins/sdk/index.ts';

/** Side of a tile, px; a power of two, so that tiles wrap round. */
export const tileSide = 256;

/** Fractal noise that wraps round, values about 0–1: octaves of interpolated lattice noise, each weaker by `decay`. */
export function noiseTile(random: Random, coarsest: number, decay: number, stretch: number): Float32Array {
  const tile = new Float32Array(tileSide * tileSide);
  let weight = 1;
  let total = 0;
  for (let cells = coarsest; cells <= tileSide / 2; cells *= 2) {
    addOctave(tile, random, Math.max(1, Math.round(cells / stretch)), cells, weight);
    total += weight;
    weight *= decay;
  }
  // The sum of octaves gathers round its middle: spread it over 0–1.
  for (let i = 0; i < tile.length; i++) tile[i] = 0.5 + (1.6 * (tile[i]! - total / 2)) / total;
  return tile;
}

function addOctave(tile: Float32Array, random: Random, columns: number, rows: number, weight: number): void {
  const lattice = Float32Array.from({ length: columns * rows }, () => random.uniform());
  const at = (x: number, y: number): number => lattice[(y % rows) * columns + (x % columns)]!;
  for (let y = 0; y < tileSide; y++) {
    const v = (y * rows) / tileSide;
    const [j, t] = [Math.floor(v), smooth(v - Math.floor(v))];
    for (let x = 0; x < tileSide; x++) {
      const u = (x * columns) / tileSide;
      const [i, s] = [Math.floor(u), smooth(u - Math.floor(u))];
      const top = at(i, j) * (1 - s) + at(i + 1, j) * s;
      const bottom = at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s;
      tile[y * tileSide + x]! += weight * (top * (1 - t) + bottom * t);
    }
  }
}

const smooth = (t: number): number => t * t * (3 - 2 * t);
