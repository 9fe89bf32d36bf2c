import type { Frame } from '../../server/graph/document.ts';
import { socketToken } from '../state/socket-sheet.ts';
import { lookOf } from '../parts/categories.ts';
import type { CanvasNode } from './canvas-node.svelte.ts';
import { frameColour } from './frame-colour.ts';
import type { Box, Point } from './geometry.ts';
import type { Cubic } from './wire-curve.ts';
import type { Ends, Wire } from './wires.ts';

/** What the tokens of the theme stand for where the browser does not draw itself. */
export class Colours {
  readonly #style: CSSStyleDeclaration;
  readonly #known = new Map<string, string>();

  constructor(element: Element) {
    this.#style = getComputedStyle(element);
  }

  get(token: string): string {
    const known = this.#known.get(token) ?? this.#style.getPropertyValue(token).trim();
    this.#known.set(token, known);
    return known;
  }
}

export type DrawnLine = Readonly<Ends & { wire: Wire; curves: readonly Cubic[] }>;

type Framed = Box & Pick<Frame, 'colour'>;

export interface Picture {
  nodes: Iterable<CanvasNode>;
  wires: Iterable<DrawnLine>;
  frames: readonly Framed[];
}

/** Where a picture is put, px of the screen, and how large a px of the canvas is in it. */
export type Place = Point & { k: number };

/** Draws a graph as blocks and lines. */
export function drawGraph(context: CanvasRenderingContext2D, { nodes, wires, frames }: Picture, at: Place, colours: Colours): void {
  drawFrames(context, frames, at, colours);
  drawLines(context, wires, at, colours, false);
  drawBlocks(context, nodes, at, colours);
}

export function drawFrames(context: CanvasRenderingContext2D, frames: readonly Framed[], { x, y, k }: Place, colours: Colours): void {
  for (const frame of frames) {
    const paint = (colour: string, alpha: number): void => {
      Object.assign(context, { fillStyle: colour, globalAlpha: alpha });
      context.fillRect(x + frame.x * k, y + frame.y * k, frame.width * k, frame.height * k);
    };
    const colour = frameColour(frame.colour);
    paint(colours.get('--panel'), 0.55);
    if (colour) paint(colour, 0.12);
  }
  context.globalAlpha = 1;
}

/** Draws wires from end to end, or as curves. */
export function drawLines(context: CanvasRenderingContext2D, wires: Iterable<DrawnLine>, { x, y, k }: Place, colours: Colours, areCurves: boolean): void {
  context.lineWidth = 1;
  context.globalAlpha = 0.7;
  for (const [type, lines] of grouped(wires, ({ wire }) => wire.type)) {
    context.strokeStyle = colours.get(socketToken(type)) || colours.get('--type-other');
    context.beginPath();
    for (const { start, end, through, curves } of lines) {
      context.moveTo(x + start.x * k, y + start.y * k);
      if (areCurves) for (const [, a, b, c] of curves) context.bezierCurveTo(x + a.x * k, y + a.y * k, x + b.x * k, y + b.y * k, x + c.x * k, y + c.y * k);
      else for (const point of [...through, end]) context.lineTo(x + point.x * k, y + point.y * k);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawBlocks(context: CanvasRenderingContext2D, nodes: Iterable<CanvasNode>, { x, y, k }: Place, colours: Colours): void {
  const colourOf = (node: CanvasNode): string => (node.isSelected ? '--accent' : node.problem?.severity === 'error' ? '--bad' : node.isAtWork ? '--good' : lookOf(node.category).colour);
  for (const [colour, blocks] of grouped(nodes, colourOf)) {
    context.fillStyle = colours.get(colour);
    for (const { place, width, height, isMuted, isSelected } of blocks) {
      context.globalAlpha = isMuted ? 0.4 : 1;
      const grown = isSelected ? 1.5 : 0;
      context.fillRect(x + place.x * k - grown, y + place.y * k - grown, Math.max(2, width * k) + 2 * grown, Math.max(2, height * k) + 2 * grown);
    }
  }
  context.globalAlpha = 1;
}

function grouped<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** Makes a drawing as sharp as the screen, and empty. */
export function clear(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
