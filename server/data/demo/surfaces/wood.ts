import { bell } from '../chance.ts';
import { bump, clamp, cosine, mix, sine, smoothstep } from '../exact-math.ts';
import { coarsened, drawSeed, latticeValue, octaveNoise } from '../noise.ts';
import { emptyPicture, mixed, type Colour } from '../picture.ts';
import type { Random } from '../../../../plugins/sdk/random.ts';
import { SIDE, type Specimen } from './surface.ts';

const EARLY: Colour = [0.76, 0.59, 0.41];
const LATE: Colour = [0.58, 0.4, 0.25];
const KNOT: Colour = [0.45, 0.29, 0.17];

/** Planed pine along y: growth rings of changing width, fibres, short pores, and in one of three planks a small knot. */
export function wood(random: Random): Specimen {
  const turn = 0.008 * bell(random);
  const ringWidth = 17 * (1 + 0.12 * bell(random));
  const phase = random.uniform() * 40;
  const tilt = 0.5 * bell(random);
  const bend = octaveNoise(random, { along: 300, across: 90, turn: 0.25, octaves: 2, gain: 0.35 });
  const width = octaveNoise(random, { along: 900, across: 70, turn: 0.25 });
  const fibre = octaveNoise(random, { along: 46, across: 1.7, turn: 0.25, octaves: 2, gain: 0.6 });
  const streak = octaveNoise(random, { along: 260, across: 9, turn: 0.25, octaves: 2 });
  const cloud = coarsened(octaveNoise(random, { along: 130, octaves: 2 }), SIDE, 5);
  const poreSeed = drawSeed(random);
  const knots = drawKnots(random);
  const c = cosine(turn);
  const s = sine(turn);

  const paint: Specimen['paint'] = () => {
    const picture = emptyPicture(SIDE, SIDE);
    for (let y = 0, at = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, at += 3) {
        let u = c * x + s * y;
        const v = c * y - s * x;
        let heart = 0;
        let knotRing = 0;
        for (const knot of knots) {
          const dx = u - knot.x;
          const dy = (v - knot.y) * 0.55;
          const r = Math.sqrt(dx * dx + dy * dy) / knot.radius;
          // Rings make way for the branch: they run round it as water round a stone.
          u = knot.x + dx * (r / (r + 1.1 * bump(r / 7) + 0.02));
          const inside = 1 - smoothstep(0.6, 1.25, r + 0.12 * fibre(x * 3, y));
          if (inside > heart) {
            heart = inside;
            knotRing = r * 3.4 + 0.4 * streak(x, y);
          }
        }
        const age = (u + 9 * bend(u, v) + tilt * v * 0.05) / ringWidth + 0.9 * width(u, v) + phase;
        const ring = ringDarkness(age);
        const grain = 0.055 * fibre(u, v) + 0.08 * streak(u, v);
        const light = 1 + grain + 0.1 * cloud(x, y) - 0.16 * pore(u, v, poreSeed);
        const plank = mixed(EARLY, LATE, ring);
        const knot = mixed(KNOT, LATE, 0.5 * ringDarkness(knotRing) + 0.15);
        for (let k = 0; k < 3; k++) picture.data[at + k] = clamp(mix(plank[k]!, knot[k]!, heart) * light);
      }
    }
    return picture;
  };
  return { paint, beneath: [0.13, 0.09, 0.06], rim: [0.8, 0.66, 0.49] };
}

/** Pale early wood darkens slowly to late wood, then stops at once: 0–1 over one year. */
function ringDarkness(age: number): number {
  const t = age - Math.floor(age);
  return t < 0.86 ? 0.75 * t * t * t + 0.12 * t : mix(0.58, 0, smoothstep(0.86, 1, t));
}

interface Knot {
  x: number;
  y: number;
  /** Half width, px. */
  radius: number;
}

function drawKnots(random: Random): Knot[] {
  if (random.uniform() > 0.35) return [];
  return [{ x: 20 + 216 * random.uniform(), y: 20 + 216 * random.uniform(), radius: 5 + 4 * random.uniform() }];
}

/** Short dark dashes along the grain: 0–1. */
function pore(u: number, v: number, seed: number): number {
  const column = Math.floor(u / 2.4);
  const shifted = v + 61 * latticeValue(column, 7, seed);
  const row = Math.floor(shifted / 26);
  const chance = latticeValue(column, row * 3 + 1, seed);
  if (chance > 0.3) return 0;
  const length = 0.25 + 0.6 * latticeValue(column, row * 3 + 2, seed);
  const t = shifted / 26 - row;
  const across = u / 2.4 - column - 0.5;
  return t < length ? bump(across * 2) * smoothstep(0, 0.1, t) * smoothstep(length, length - 0.1, t) : 0;
}

