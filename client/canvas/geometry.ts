/** How large nodes are and where their sockets lie, px of the canvas: known without looking at what is drawn. */
export const nodeWidth = 216;
const header = 34;
const row = 22;
const pad = 6;

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export type Side = 'in' | 'out';

export function nodeHeight(inputs: number, outputs: number): number {
  return header + 2 * pad + Math.max(1, inputs, outputs) * row;
}

/** Of the nth socket of a side, from the node's corner. */
export function socketOffset(side: Side, index: number, width: number): Point {
  return { x: side === 'in' ? 0 : width, y: header + pad + (index + 0.5) * row };
}

/** A wire that leaves to the right and comes in from the left. */
export function wirePath(from: Point, to: Point): string {
  const reach = Math.max(36, Math.min(Math.abs(to.x - from.x) / 2, 220));
  return `M${from.x} ${from.y}C${from.x + reach} ${from.y} ${to.x - reach} ${to.y} ${to.x} ${to.y}`;
}

/** The place on a wire, from 0 to 1. */
export function wirePoint(from: Point, to: Point, t: number): Point {
  const reach = Math.max(36, Math.min(Math.abs(to.x - from.x) / 2, 220));
  const cubic = (a: number, b: number, c: number, d: number): number => (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
  return { x: cubic(from.x, from.x + reach, to.x - reach, to.x), y: cubic(from.y, from.y, to.y, to.y) };
}

export function boundsOf(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
