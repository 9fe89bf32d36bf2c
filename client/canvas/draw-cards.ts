import { lookOf } from '../parts/categories.ts';
import type { CanvasNode } from './canvas-node.svelte.ts';
import type { Colours, Place } from './draw-graph.ts';

/** Of titles, px of the canvas: as NodeBody.svelte has them far away. */
const [size, lineHeight, left] = [28, 30, 12];

/** Draws nodes as they are far away, a box and a title, into a drawing whose unit is a pixel of the screen. */
export function drawCards(context: CanvasRenderingContext2D, nodes: Iterable<CanvasNode>, at: Place, colours: Colours): void {
  const { k } = at;
  context.textBaseline = 'middle';
  context.font = `600 ${size * k}px system-ui, sans-serif`;
  for (const node of nodes) {
    const [x, y, width, height] = [at.x + node.place.x * k, at.y + node.place.y * k, node.width * k, node.height * k];
    context.globalAlpha = node.isMuted ? 0.5 : 1;
    context.fillStyle = colours.get('--panel');
    context.fillRect(x, y, width, height);
    context.fillStyle = colours.get(lookOf(node.category).colour);
    context.fillRect(x, y, Math.max(1, 4 * k), height);
    const border = borderOf(node);
    context.strokeStyle = colours.get(border);
    context.lineWidth = border === '--line-strong' ? 2 * k : 2;
    context.strokeRect(x, y, width, height);
    context.fillStyle = colours.get('--text');
    const lines = linesOf(node.title, node.width - 2 * left, context, k);
    for (const [i, line] of lines.entries()) context.fillText(line, x + left * k, y + height / 2 + (i - (lines.length - 1) / 2) * lineHeight * k);
  }
  context.globalAlpha = 1;
}

const borderOf = (node: CanvasNode): string => (node.isSelected ? '--accent' : node.problem?.severity === 'error' ? '--bad' : node.isAtWork ? '--good' : '--line-strong');

const known = new Map<string, readonly string[]>();

/** A title in two lines at most, px of the canvas wide; what does not fit is left out. */
function linesOf(title: string, width: number, context: CanvasRenderingContext2D, k: number): readonly string[] {
  const key = `${width} ${title}`;
  const lines = known.get(key) ?? broken(title, (text) => context.measureText(text).width / k <= width);
  known.set(key, lines);
  return lines;
}

/** Words in two lines at most, as many in each as fit. */
export function broken(title: string, fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  let words = title.split(' ');
  while (words.length > 0 && lines.length < 2) {
    let count = words.length;
    while (count > 1 && !fits(words.slice(0, count).join(' '))) count--;
    lines.push(words.slice(0, count).join(' '));
    words = words.slice(count);
  }
  const last = lines.pop() ?? '';
  return [...lines, words.length === 0 && fits(last) ? last : shortened(last, fits)];
}

function shortened(text: string, fits: (text: string) => boolean): string {
  let length = text.length;
  while (length > 0 && !fits(`${text.slice(0, length)}…`)) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}
