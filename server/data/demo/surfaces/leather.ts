import { bell } from '../chance.ts';
import { clamp, cosine, sine, smoothstep } from '../exact-math.ts';
import { coarsened, drawSeed, octaveNoise } from '../noise.ts';
import { emptyPicture, type Colour, type Picture } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import { cellAt, type Cell } from './cells.ts';
import { SIDE, type Specimen } from './surface.ts';

const HIDE: Colour = [0.5, 0.33, 0.22];

/** Brown grained leather: pebbles of uneven size parted by fine furrows, pores, and now and then a soft crease. */
export function leather(random: Random): Specimen {
  const height = drawHeight(random);
  const dye = coarsened(octaveNoise(random, { along: 90, octaves: 3, gain: 0.55 }), SIDE, 5);
  const fine = octaveNoise(random, { along: 3.2, octaves: 2, gain: 0.7 });
  const tint = 1 + 0.015 * bell(random);
  const picture = paint(height, dye, fine, tint);
  return {
    paint: () => ({ ...picture, data: picture.data.slice() }),
    beneath: [0.17, 0.12, 0.09],
    rim: [0.78, 0.62, 0.48],
  };
}

/** Height of the grain at each pixel with a border of one, `(SIDE + 2)²`; about 0–1. */
function drawHeight(random: Random): Float32Array {
  const seed = drawSeed(random);
  const angle = 0.1 + 0.02 * bell(random);
  const size = 8.6 * (1 + 0.05 * bell(random));
  const c = cosine(angle) / size;
  const s = sine(angle) / (size * 0.82);
  const warpX = coarsened(octaveNoise(random, { along: 26, octaves: 2 }), SIDE, 3);
  const warpY = coarsened(octaveNoise(random, { along: 26, octaves: 2 }), SIDE, 3);
  const relief = octaveNoise(random, { along: 17, octaves: 3 });
  const crease = octaveNoise(random, { along: 170, across: 70, turn: random.uniform(), octaves: 2, gain: 0.3 });
  const creaseDepth = 0.35 * random.uniform();
  const height = new Float32Array((SIDE + 2) * (SIDE + 2));
  const cell: Cell = { id: 0, nearest: 0, second: 0 };
  for (let y = -1, at = 0; y <= SIDE; y++) {
    for (let x = -1; x <= SIDE; x++, at++) {
      const wx = x + 5 * warpX(x, y);
      const wy = y + 5 * warpY(x, y);
      cellAt(c * wx + s * wy, (cosine(angle) / (size * 0.82)) * wy - (sine(angle) / size) * wx, seed, 0.95, cell);
      const pebble = smoothstep(0.02, 0.36, cell.second - cell.nearest);
      const own = ((cell.id >>> 8) & 255) / 255;
      const fold = Math.abs(crease(x, y) - 0.12);
      const furrow = creaseDepth * (1 - smoothstep(0, 0.035, fold));
      height[at] = 0.75 * pebble * (0.75 + 0.25 * own) + 0.22 * relief(x, y) - furrow;
    }
  }
  return height;
}

function paint(
  height: Float32Array,
  dye: (x: number, y: number) => number,
  fine: (x: number, y: number) => number,
  tint: number,
): Picture {
  const picture = emptyPicture(SIDE, SIDE);
  const row = SIDE + 2;
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 3) {
      const h = (y + 1) * row + x + 1;
      const slopeX = (height[h + 1]! - height[h - 1]!) / 2;
      const slopeY = (height[h + row]! - height[h - row]!) / 2;
      const facing = 0.55 * slopeX + 0.7 * slopeY;
      const gloss = smoothstep(0.08, 0.3, facing);
      const hollow = smoothstep(-0.2, 0.6, height[h]!);
      const light = (0.72 + 0.3 * hollow + 0.75 * facing + 0.07 * fine(x, y)) * (1 + 0.06 * dye(x, y));
      const shine = 0.11 * gloss;
      picture.data[at] = clamp(HIDE[0] * light * tint + shine);
      picture.data[at + 1] = clamp(HIDE[1] * light + shine * 0.95);
      picture.data[at + 2] = clamp(HIDE[2] * light * (2 - tint) + shine * 0.85);
    }
  }
  return picture;
}
