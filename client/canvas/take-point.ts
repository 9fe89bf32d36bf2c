import { snapped, type Point } from './geometry.ts';
import type { GraphView } from './graph-view.ts';
import type { Wire } from './wires.ts';

/** A point of a wire that somebody took hold of. */
export interface TakenPoint {
  wire: Wire;
  /** All of the wire's points, a new one among them. */
  points: readonly Point[];
  /** Which of them it is. */
  point: number;
  isNew: boolean;
}

/** The point that is drawn under the pointer. */
export function pointUnder(view: GraphView, target: EventTarget | null): TakenPoint | null {
  const handle = (target as Element).closest<SVGElement>('[data-point]');
  const wire = handle && view.wires.get(handle.dataset['edge']!);
  return wire ? { wire, points: wire.through, point: Number(handle.dataset['point']), isNew: false } : null;
}

/** A new point on the wire that is under the pointer, between those that it lies between. */
export function pointOnWire(view: GraphView, screen: Point): TakenPoint | null {
  const place = view.placeOf(screen);
  const wire = view.wireAt(place);
  if (!wire) return null;
  const point = view.wires.curveAt(wire.to, place);
  return { wire, points: [...wire.through.slice(0, point), resting(view, place), ...wire.through.slice(point)], point, isNew: true };
}

/** A wire's points with one of them moved. */
export function movedPoint(view: GraphView, { points, point }: TakenPoint, by: Point): Point[] {
  return points.map((one, i) => (i === point && (by.x !== 0 || by.y !== 0) ? resting(view, { x: one.x + by.x, y: one.y + by.y }) : one));
}

const resting = ({ snaps }: GraphView, place: Point): Point => (snaps ? snapped(place) : { x: Math.round(place.x), y: Math.round(place.y) });
