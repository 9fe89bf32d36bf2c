import { bell } from '../chance.ts';
import { clamp, cosine, mix, sine, smoothstep } from '../exact-math.ts';
import { coarsened, drawSeed, octaveNoise } from '../noise.ts';
import { emptyPicture, type Colour } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import { cellAt, type Cell } from './cells.ts';
import { SIDE, type Specimen } from './surface.ts';

const CEMENT: Colour = [0.7, 0.69, 0.66];

/** Chips of the terrazzo, equally likely. */
const CHIPS: readonly Colour[] = [
  [0.78, 0.77, 0.75],
  [0.6, 0.6, 0.61],
  [0.8, 0.79, 0.77],
  [0.54, 0.54, 0.55],
  [0.68, 0.63, 0.57],
  [0.5, 0.5, 0.51],
  [0.66, 0.58, 0.52],
];

/** Polished terrazzo: angular stone chips of several sizes and colours in pale cement, small ones between large ones. */
export function tile(random: Random): Specimen {
  const turn = random.uniform();
  const layers = [
    { size: 18 * (1 + 0.04 * bell(random)), fill: 0.55, seed: drawSeed(random) },
    { size: 8 * (1 + 0.04 * bell(random)), fill: 0.5, seed: drawSeed(random) },
  ];
  const edge = octaveNoise(random, { along: 7, octaves: 2 });
  const stone = octaveNoise(random, { along: 6, octaves: 3, gain: 0.7 });
  const cloud = coarsened(octaveNoise(random, { along: 100, octaves: 2 }), SIDE, 5);
  const c = cosine(turn);
  const s = sine(turn);
  const cell: Cell = { id: 0, nearest: 0, second: 0 };

  const paint: Specimen['paint'] = () => {
    const picture = emptyPicture(SIDE, SIDE);
    for (let y = 0, at = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, at += 3) {
        const ragged = 1.3 * edge(x, y);
        const u = c * x + s * y + ragged;
        const v = c * y - s * x - ragged;
        let cover = 0;
        let colour = CEMENT;
        let vein = 0;
        for (const { size, fill, seed } of layers) {
          cellAt(u / size, v / size, seed, 0.9, cell);
          if ((cell.id & 1023) / 1023 > fill) continue;
          const gap = 0.1 + 0.2 * (((cell.id >>> 20) & 255) / 255);
          const inside = clamp((cell.second - cell.nearest - gap) * size * 0.6 + 0.5);
          if (inside <= cover) continue;
          cover = inside;
          colour = CHIPS[(cell.id >>> 10) % CHIPS.length]!;
          vein = 0.07 * stone(x + (cell.id & 511), y * 1.6 - (cell.id & 255));
        }
        const cementGrain = 0.06 * stone(x * 1.7, y * 1.7);
        const seam = 1 - 0.14 * (1 - smoothstep(0, 0.5, Math.abs(cover - 0.5))) * (cover > 0 ? 1 : 0);
        const light = (1 + mix(cementGrain, vein, cover) + 0.07 * cloud(x, y)) * seam;
        for (let k = 0; k < 3; k++) picture.data[at + k] = clamp(mix(CEMENT[k]!, colour[k]!, cover) * light);
      }
    }
    return picture;
  };
  return { paint, beneath: [0.33, 0.31, 0.29], rim: [0.9, 0.89, 0.87] };
}
