import type { Point } from './geometry.ts';

const svgNames = 'http://www.w3.org/2000/svg';

/** Size of the text where there is room for it, of that in two lines, and the least that can be read, px. */
const sizes = { whole: 11, split: 10, least: 7.5 };
/** From the socket that a wire ends at, and from the node that it comes from, px. */
const away = { whole: 14, split: 9 };

/** How what flows is written at the end of a wire: in one line above it, or the shape above it and the stride below. */
export interface FlowLines {
  above: string;
  below: string;
  size: number;
}

export const oneLine = (text: string): FlowLines => ({ above: text, below: '', size: sizes.whole });

/** What flows as it fits between the ends of a wire; null where it does not. A wire that leads back has the open on its left. */
export function flowLines(text: string, start: Point, end: Point, widthOf = textWidth): FlowLines | null {
  const room = end.x - start.x;
  if (room <= 0 || room >= widthOf(text) + 2 * away.whole) return oneLine(text);
  const cut = text.lastIndexOf(' ');
  const [above, below] = cut < 0 ? [text, ''] : [text.slice(0, cut), text.slice(cut + 1)];
  const size = Math.min(sizes.split, (sizes.whole * (room - 2 * away.split)) / widthOf(above));
  return size >= sizes.least ? { above, below, size } : null;
}

/** The text at the end of a wire. */
export class FlowLabel {
  readonly element = document.createElementNS(svgNames, 'text');
  readonly #lines: SVGTSpanElement[] = [];

  write({ above, below, size }: FlowLines, end: Point, isLit: boolean): void {
    const isSplit = below !== '' || size < sizes.whole;
    this.element.classList.toggle('lit', isLit);
    this.element.setAttribute('font-size', size.toFixed(1));
    const x = end.x - (isSplit ? away.split : away.whole);
    // Two lines stay within the row of their socket.
    this.#line(0, above, x, end.y - (isSplit ? 3 : 5));
    this.#line(1, below && ` ${below}`, x, end.y + size);
  }

  #line(i: number, text: string, x: number, y: number): void {
    const line = (this.#lines[i] ??= this.element.appendChild(document.createElementNS(svgNames, 'tspan')));
    if (line.textContent !== text) line.textContent = text;
    line.setAttribute('x', String(x));
    line.setAttribute('y', String(y));
  }
}

const widths = new Map<string, number>();
let pen: CanvasRenderingContext2D | null = null;

/** How wide a text is in one line, px. */
function textWidth(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  pen ??= document.createElement('canvas').getContext('2d')!;
  pen.font = `${sizes.whole}px ${getComputedStyle(document.body).fontFamily}`;
  const { width } = pen.measureText(text);
  widths.set(text, width);
  return width;
}
