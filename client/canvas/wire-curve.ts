import type { Point } from './geometry.ts';

/** A cubic Bézier curve: where it begins, what draws it at both ends, where it ends. */
export type Cubic = readonly [Point, Point, Point, Point];

/** How far along the line to the next point a curve is drawn in its direction, as a share of that line. */
const share = 1 / 3;

/** A wire, curve after curve: it leaves to the right, goes smoothly through points, and comes in from the left. */
export function wireCurves(from: Point, to: Point, through: readonly Point[] = []): Cubic[] {
  const stops = [from, ...through, to];
  const last = stops.length - 1;
  const ways = stops.map((_, i): Point => (i === 0 || i === last ? { x: 1, y: 0 } : unit(stops[i - 1]!, stops[i + 1]!)));
  const handle = (i: number, a: Point, b: Point): number => (i === 0 || i === last ? endReach(a, b, last === 1) : distance(a, b) * share);
  return stops.slice(1).map((end, i): Cubic => {
    const start = stops[i]!;
    return [start, ahead(start, ways[i]!, handle(i, start, end)), ahead(end, ways[i + 1]!, -handle(i + 1, start, end)), end];
  });
}

export function pathOf(curves: readonly Cubic[]): string {
  const [{ x, y }] = curves[0]!;
  return `M${x} ${y}${curves.map(([, a, b, c]) => `C${a.x} ${a.y} ${b.x} ${b.y} ${c.x} ${c.y}`).join('')}`;
}

/** The place on a curve, from 0 to 1. */
export function pointOn([a, b, c, d]: Cubic, t: number): Point {
  const cubic = (axis: keyof Point): number => (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b[axis] + 3 * (1 - t) * t ** 2 * c[axis] + t ** 3 * d[axis];
  return { x: cubic('x'), y: cubic('y') };
}

/** How far a place is from a wire, px, and on which of its curves the nearest point lies. */
export function nearestOn(curves: readonly Cubic[], { x, y }: Point): { away: number; curve: number } {
  const steps = Math.max(16, Math.ceil(48 / curves.length));
  let nearest = { away: Infinity, curve: 0 };
  for (const [curve, cubic] of curves.entries()) {
    for (let i = 0; i <= steps; i++) {
      const point = pointOn(cubic, i / steps);
      const away = Math.hypot(point.x - x, point.y - y);
      if (away < nearest.away) nearest = { away, curve };
    }
  }
  return nearest;
}

/** A wire leaves its sockets visibly sideways; one that turns at a point nearby does not run past it. */
function endReach(a: Point, b: Point, isWhole: boolean): number {
  const reach = Math.max(36, Math.min(Math.abs(b.x - a.x) / 2, 220));
  return isWhole ? reach : Math.min(reach, distance(a, b) / 2);
}

const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);
const ahead = ({ x, y }: Point, way: Point, by: number): Point => ({ x: x + way.x * by, y: y + way.y * by });

function unit(a: Point, b: Point): Point {
  const length = distance(a, b) || 1;
  return { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
}
