import type { Random } from '../../../../plugins/sdk/random.ts';
import { cosine, sine } from '../exact-math.ts';
import { octaveNoise } from '../noise.ts';
import type { Picture } from '../picture.ts';

export interface BlobShape {
  x: number;
  y: number;
  /** Mean radius, px. */
  radius: number;
  /** Long over short axis. */
  aspect?: number;
  /** Direction of the long axis, turns. */
  turn?: number;
  /** How far the outline strays, as a share of the radius. */
  rough: number;
  /** Size of the outline's lobes as a share of the radius. */
  lobe?: number;
}

/** How deep inside an irregular patch a place lies, px; negative outside. */
export function drawBlob(random: Random, shape: BlobShape): (x: number, y: number) => number {
  const { radius, aspect = 1, turn = 0, rough, lobe = 0.8 } = shape;
  const outline = octaveNoise(random, { along: radius * lobe, octaves: 3, gain: 0.55 });
  const stretch = Math.sqrt(aspect);
  const c = cosine(turn);
  const s = sine(turn);
  return (x, y) => {
    const dx = x - shape.x;
    const dy = y - shape.y;
    const u = (c * dx + s * dy) / stretch;
    const v = (c * dy - s * dx) * stretch;
    return radius * (1 - rough * outline(x, y)) - Math.sqrt(u * u + v * v);
  };
}

/** Visits every pixel that lies no more than `outside` px beyond a patch. */
export function eachInBlob(
  { width, height }: Picture,
  depthAt: (x: number, y: number) => number,
  outside: number,
  visit: (pixel: number, depth: number, x: number, y: number) => void,
): void {
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const depth = depthAt(x, y);
      if (depth > -outside) visit(pixel, depth, x, y);
    }
  }
}
