import { bell } from './chance.ts';
import { clamp } from './exact-math.ts';
import { drawSeed, latticeHash } from './noise.ts';
import type { Picture, Pixels } from './picture.ts';
import type { Random } from '../../../plugins/sdk/random.ts';

/** How one photograph was taken: what differs from image to image although the surface is sound. */
export interface Camera {
  /** Exposure, about 1. */
  exposure: number;
  /** White balance: factor per channel, about 1. */
  balance: readonly [number, number, number];
  /** Change of illumination from the middle to the right and lower border, as a share. */
  gradient: readonly [number, number];
  /** Loss of light in the corners, as a share. */
  vignette: number;
  /** Weight of each neighbour in the blur of three pixels a side, 0–0.25. */
  blur: number;
  /** Deviation of the sensor's noise at mid-grey, in levels of 255. */
  noise: number;
  noiseSeed: number;
}

export function drawCamera(random: Random): Camera {
  return {
    exposure: 1 + 0.05 * bell(random),
    balance: [1 + 0.012 * bell(random), 1, 1 + 0.012 * bell(random)],
    gradient: [0.09 * bell(random), 0.09 * bell(random)],
    vignette: 0.04 + 0.12 * random.uniform(),
    blur: 0.08 + 0.06 * random.uniform(),
    noise: 2 + random.uniform(),
    noiseSeed: drawSeed(random),
  };
}

/** What falls on the sensor, before its noise: lit, vignetted, slightly out of focus; levels of 255. */
export function expose({ width, height, data }: Picture, camera: Camera): Float32Array {
  const lit = new Float32Array(data.length);
  for (let y = 0, i = 0; y < height; y++) {
    const v = (2 * y) / height - 1;
    for (let x = 0; x < width; x++) {
      const u = (2 * x) / width - 1;
      const [gx, gy] = camera.gradient;
      const light = 255 * camera.exposure * (1 + gx * u + gy * v) * (1 - (camera.vignette * (u * u + v * v)) / 2);
      for (let channel = 0; channel < 3; channel++, i++) lit[i] = data[i]! * light * camera.balance[channel]!;
    }
  }
  return blur(lit, width, camera.blur);
}

/** Noise that grows with the root of the light, then rounding. The same pixel of the same camera has the same noise. */
export function develop(levels: Float32Array, width: number, height: number, camera: Camera): Pixels {
  const data = new Uint8Array(levels.length);
  for (let i = 0; i < levels.length; i++) {
    const level = clamp(levels[i]!, 0, 255);
    const deviation = camera.noise * Math.sqrt((level + 12) / 140);
    data[i] = Math.round(clamp(level + deviation * nearlyNormal(latticeHash(i, 0, camera.noiseSeed)), 0, 255));
  }
  return { width, height, data };
}

/** The four bytes of a hash, summed: mean 0, deviation 1, ±3.45 at most. */
function nearlyNormal(hash: number): number {
  return ((hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24) - 510) / 147.8;
}

function blur(levels: Float32Array, width: number, side: number): Float32Array {
  const rows = new Float32Array(levels.length);
  const out = new Float32Array(levels.length);
  const middle = 1 - 2 * side;
  const stride = width * 3;
  for (let i = 0; i < levels.length; i++) {
    const column = i % stride;
    const left = column >= 3 ? i - 3 : i;
    const right = column < stride - 3 ? i + 3 : i;
    rows[i] = middle * levels[i]! + side * (levels[left]! + levels[right]!);
  }
  for (let i = 0; i < levels.length; i++) {
    const up = i >= stride ? i - stride : i;
    const down = i < levels.length - stride ? i + stride : i;
    out[i] = middle * rows[i]! + side * (rows[up]! + rows[down]!);
  }
  return out;
}
