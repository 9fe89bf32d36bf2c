import { StillroomError, type Size } from '../../plugins/sdk/index.ts';
import type { Inspection } from '../data/inspection.ts';
import type { Window } from '../data/resample.ts';
import type { ValueMap } from '../data/in-original.ts';

/** A pixel of an image, as a view shows it. */
export interface Place {
  /** Number of the view: where several show the pixel, the one that has it furthest from its border. */
  view: number;
  /** Where the middle of the pixel lies in the view, 0–1 of its sides. */
  down: number;
  across: number;
}

/** Position of a grid. */
export interface Cell {
  row: number;
  column: number;
}

/**
 * Where views show a pixel of an image of some height and width. Throws `outside-image`; `not-inspected` where no view
 * shows it.
 */
export function placeOf({ scaled, windows }: Inspection, image: Size, { x, y }: { x: number; y: number }): Place {
  if (x >= image[1] || y >= image[0]) {
    throw new StillroomError('outside-image', `expected a pixel of an image of ${image[1]}×${image[0]} px, found ${x}, ${y}`, { hint: 'x counts from the left, y from above, both from 0' });
  }
  const [row, column] = [((y + 0.5) * scaled[0]) / image[0], ((x + 0.5) * scaled[1]) / image[1]];
  let best: { place: Place; margin: number } | null = null;
  for (const [view, { top, left, height, width }] of windows.entries()) {
    const [down, across] = [row - top, column - left];
    const margin = Math.min(down, height - down, across, width - across);
    if (margin < 0 || margin <= (best?.margin ?? -1)) continue;
    best = { place: { view, down: down / height, across: across / width }, margin };
  }
  if (best) return best.place;
  throw new StillroomError('not-inspected', `expected a pixel that the network sees, found ${x}, ${y} outside of what is inspected`, {
    hint: 'choose one within the border; other modes of decoding inspect the whole image',
  });
}

export function cellAt({ down, across }: Pick<Place, 'down' | 'across'>, [height, width]: Size): Cell {
  return { row: Math.min(height - 1, Math.floor(down * height)), column: Math.min(width - 1, Math.floor(across * width)) };
}

/** A value between the positions of a map: bilinear with half-pixel centres, as maps are brought to the size of images. */
export function valueAt({ data, size: [height, width] }: ValueMap, { down, across }: Pick<Place, 'down' | 'across'>): number {
  const along = (share: number, length: number): { at: number; next: number; weight: number } => {
    const place = Math.min(Math.max(share * length - 0.5, 0), length - 1);
    const at = Math.floor(place);
    return { at, next: Math.min(at + 1, length - 1), weight: place - at };
  };
  const [v, h] = [along(down, height), along(across, width)];
  const row = (r: number): number => data[r * width + h.at]! * (1 - h.weight) + data[r * width + h.next]! * h.weight;
  return row(v.at) * (1 - v.weight) + row(v.next) * v.weight;
}

/** What a cell of a grid over a view stands for, in pixels of the original image; the ends of what it is cut to. */
export function boxOf({ row, column }: Cell, grid: Size, { scaled, windows }: Inspection, view: number, image: Size): Window {
  const window = windows[view]!;
  const span = (first: number, length: number, at: number, count: number, side: number, original: number): [number, number] => {
    const ends = [at, at + 1].map((end) => Math.min(original, Math.max(0, ((first + (end * length) / count) * original) / side)));
    return [ends[0]!, ends[1]! - ends[0]!];
  };
  const [top, height] = span(window.top, window.height, row, grid[0], scaled[0], image[0]);
  const [left, width] = span(window.left, window.width, column, grid[1], scaled[1], image[1]);
  return { top, left, height, width };
}
