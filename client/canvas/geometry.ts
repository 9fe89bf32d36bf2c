/** How large nodes are and where their sockets lie, px of the canvas: known without looking at what is drawn. */
export const nodeWidth = 216;
const header = 34;
const row = 22;
const pad = 6;
const footer = 20;

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export type Side = 'in' | 'out';

export function nodeHeight(inputs: number, outputs: number, footers = 0): number {
  return header + 2 * pad + Math.max(1, inputs, outputs) * row + footers * footer;
}

/** Of the nth socket of a side, from the node's corner. */
export function socketOffset(side: Side, index: number, width: number): Point {
  return { x: side === 'in' ? 0 : width, y: header + pad + (index + 0.5) * row };
}

export const centreOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

export function contains(box: Box, { x, y }: Point): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

export function holds(outer: Box, inner: Box): boolean {
  return contains(outer, inner) && contains(outer, { x: inner.x + inner.width, y: inner.y + inner.height });
}

export function meets(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

/** A box with more room on each side, as a share of its size. */
export function grown({ x, y, width, height }: Box, share: number): Box {
  return { x: x - width * share, y: y - height * share, width: width * (1 + 2 * share), height: height * (1 + 2 * share) };
}

/** The box between two corners, in whichever order they come. */
export function boxBetween(a: Point, b: Point): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** Distance of the lines to which nodes snap, px. */
export const gridStep = 12;
export const snapped = ({ x, y }: Point): Point => ({ x: Math.round(x / gridStep) * gridStep, y: Math.round(y / gridStep) * gridStep });

export function boundsOf(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
