import type { Random } from '../../../../plugins/sdk/random.ts';
import { cosine, sine } from '../exact-math.ts';
import { drawSeed, gradientNoise } from '../noise.ts';
import type { Picture } from '../picture.ts';

export interface Curve {
  x: number;
  y: number;
  /** Direction in which it sets out, turns. */
  turn: number;
  /** px. */
  length: number;
  /** How far its direction strays over its length, turns. */
  bend: number;
  /** How often it turns about over its length. */
  turns?: number;
}

export type Point = readonly [x: number, y: number];

const STEP = 0.5;

/** A line that wanders, with its middle at (x, y); a point every half px. */
export function drawCurve(random: Random, { x, y, turn, length, bend, turns = 1.5 }: Curve): Point[] {
  const heading = gradientNoise(drawSeed(random));
  const steps = Math.round(length / STEP);
  const points: [number, number][] = [];
  let px = 0;
  let py = 0;
  for (let i = 0; i <= steps; i++) {
    points.push([px, py]);
    const direction = turn + bend * heading((i / steps) * turns, 0.37);
    px += STEP * cosine(direction);
    py += STEP * sine(direction);
  }
  const [mx, my] = points[steps >> 1]!;
  return points.map(([a, b]) => [a - mx + x, b - my + y]);
}

/** Visits the pixels within `reach` px of a line once each, with their distance (left of its way negative) and place on it. */
export function eachNearStroke(
  { width, height }: Picture,
  points: readonly Point[],
  reach: number,
  visit: (pixel: number, distance: number, along: number) => void,
): void {
  const nearest = new Map<number, { distance: number; along: number }>();
  for (const [i, [px, py]] of points.entries()) {
    const [ax, ay] = points[Math.max(0, i - 1)]!;
    const [bx, by] = points[Math.min(points.length - 1, i + 1)]!;
    for (let y = Math.max(0, Math.ceil(py - reach)); y <= Math.min(height - 1, Math.floor(py + reach)); y++) {
      for (let x = Math.max(0, Math.ceil(px - reach)); x <= Math.min(width - 1, Math.floor(px + reach)); x++) {
        const dx = x - px;
        const dy = y - py;
        const distance = Math.sqrt(dx * dx + dy * dy);
        const known = nearest.get(y * width + x);
        if (distance > reach || (known && Math.abs(known.distance) <= distance)) continue;
        const left = (bx - ax) * dy - (by - ay) * dx < 0;
        nearest.set(y * width + x, { distance: left ? -distance : distance, along: i / (points.length - 1) });
      }
    }
  }
  for (const [pixel, { distance, along }] of nearest) visit(pixel, distance, along);
}
