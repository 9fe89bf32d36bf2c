import { clamp, cosine, mix, sine } from './exact-math.ts';
import type { Random } from '../../../plugins/sdk/random.ts';

/** A number that any place in the plane has of its own; −1…1, mean about 0. */
export type Noise = (x: number, y: number) => number;

/** 32 bits that depend on every bit of the lattice point and the seed (finaliser of MurmurHash3). */
export function latticeHash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 0–1 for a lattice point. */
export function latticeValue(x: number, y: number, seed: number): number {
  return latticeHash(x, y, seed) / 4294967296;
}

export function drawSeed(random: Random): number {
  return random.integer(0x7fffffff);
}

/** Gradient noise on the unit lattice (Perlin 2002's fade); about −1…1, deviation about 0.35. */
export function gradientNoise(seed: number): Noise {
  return (x, y) => {
    const ix = Math.floor(x);
    const iy = Math.floor(y);
    const fx = x - ix;
    const fy = y - iy;
    const u = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
    const v = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
    const low = mix(slope(ix, iy, fx, fy, seed), slope(ix + 1, iy, fx - 1, fy, seed), u);
    const high = mix(slope(ix, iy + 1, fx, fy - 1, seed), slope(ix + 1, iy + 1, fx - 1, fy - 1, seed), u);
    return 1.4 * mix(low, high, v);
  };
}

function slope(ix: number, iy: number, fx: number, fy: number, seed: number): number {
  const h = latticeHash(ix, iy, seed);
  return ((h & 0xffff) / 32768 - 1) * fx + ((h >>> 16) / 32768 - 1) * fy;
}

export interface NoiseShape {
  /** Size of the largest features along and across their direction, px. */
  along: number;
  across?: number;
  /** Direction of `along` in turns; 0 is to the right. */
  turn?: number;
  octaves?: number;
  /** Amplitude of each octave relative to the one before. */
  gain?: number;
}

/** The same noise, computed every `step` px and bilinear in between: for what changes slowly, over an image's side. */
export function coarsened(noise: Noise, side: number, step: number): Noise {
  const points = Math.ceil(side / step) + 2;
  const grid = Float32Array.from({ length: points * points }, (_, i) =>
    noise((i % points) * step, Math.floor(i / points) * step),
  );
  return (x, y) => {
    const column = clamp(Math.floor(x / step), 0, points - 2);
    const row = clamp(Math.floor(y / step), 0, points - 2);
    const at = row * points + column;
    const share = x / step - column;
    const upper = mix(grid[at]!, grid[at + 1]!, share);
    return mix(upper, mix(grid[at + points]!, grid[at + points + 1]!, share), y / step - row);
  };
}

/** Octaves of gradient noise, stretched and turned; about −1…1. */
export function octaveNoise(random: Random, shape: NoiseShape): Noise {
  const { along, across = along, turn = 0, octaves = 1, gain = 0.5 } = shape;
  const layers = Array.from({ length: octaves }, () => gradientNoise(drawSeed(random)));
  const c = cosine(turn);
  const s = sine(turn);
  return (x, y) => {
    let u = (x * c + y * s) / along;
    let v = (y * c - x * s) / across;
    let amplitude = 1;
    let sum = 0;
    for (const layer of layers) {
      sum += amplitude * layer(u, v);
      amplitude *= gain;
      u *= 2.03;
      v *= 2.03;
    }
    return sum;
  };
}
