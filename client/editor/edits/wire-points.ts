import { parseEnd, type Wiring } from '../../../server/graph/document.ts';
import type { Point } from '../../canvas/geometry.ts';

export type WirePoints = Record<string, Point[]>;

export const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });

/** The points of wires that lie between nodes, moved as these are, by the inputs that the wires go to. */
export function pointsBetween({ edges, layout }: Wiring, nodes: ReadonlySet<string>, by: Point): WirePoints {
  const between = edges.filter(({ from, to }) => layout?.wires?.[to] && nodes.has(parseEnd(from).node) && nodes.has(parseEnd(to).node));
  return Object.fromEntries(between.map(({ to }) => [to, layout!.wires![to]!.map((point) => ({ ...point, ...rounded({ x: point.x + by.x, y: point.y + by.y }) }))]));
}

/** Inputs of nodes, and inputs that they feed, whose wires are led through points. */
export function ledAt({ edges, layout }: Wiring, nodes: ReadonlySet<string>): string[] {
  return edges.filter(({ from, to }) => layout?.wires?.[to] && (nodes.has(parseEnd(from).node) || nodes.has(parseEnd(to).node))).map(({ to }) => to);
}

/** Points of a wire with one more, in the middle of the longest line between two of its ends and points; and which it is. */
export function withMiddle(start: Point, through: readonly Point[], end: Point): { points: Point[]; point: number } {
  const stops = [start, ...through, end];
  const lengths = stops.slice(1).map((stop, i) => Math.hypot(stop.x - stops[i]!.x, stop.y - stops[i]!.y));
  const point = lengths.indexOf(Math.max(...lengths));
  const [a, b] = [stops[point]!, stops[point + 1]!];
  return { points: [...through.slice(0, point), rounded({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }), ...through.slice(point)], point };
}
