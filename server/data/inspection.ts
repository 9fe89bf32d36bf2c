import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Geometry, Size } from '../../plugins/sdk/images.ts';
import type { Window } from './resample.ts';

/**
 * What is looked at of one image, in the coordinates of the image once resized. A *view* is what the network sees at
 * once; an image has one, or many where it is cut into tiles.
 */
export interface Inspection {
  /** Height and width the whole image is resized to, px. */
  scaled: Size;
  /** The views, all of the geometry's size, row by row. What lies outside of the image is filled. */
  windows: readonly Window[];
  /** Grey of what is filled, 0–255. */
  fill: number;
  /** What of the image the views show together. */
  inspected: Window;
}

/** Tiles an image may have: one of 16,000 × 8,000 px has 2,592 of 224 px. */
export const mostTiles = 20_000;
/** Pixels an image may have once resized. */
const mostPixels = 2 ** 28;

/**
 * How a geometry looks at an image of some height and width, px. Pure; microseconds.
 * Errors: `too-many-tiles` where an image would be cut into more than can be meant, with the file where one is named.
 */
export function inspectionOf(image: Size, geometry: Geometry, file?: string): Inspection {
  const { size } = geometry;
  switch (geometry.mode) {
    case 'crop':
      return oneView(geometry.resize, centred(geometry.resize, size), 0);
    case 'whole':
      return oneView(size, { top: 0, left: 0, height: size[0], width: size[1] }, 0);
    case 'letterbox': {
      const scale = Math.min(size[0] / image[0], size[1] / image[1]);
      const scaled = [0, 1].map((side) => Math.min(size[side]!, Math.max(1, Math.round(image[side]! * scale))));
      return oneView([scaled[0]!, scaled[1]!], centred([scaled[0]!, scaled[1]!], size), byte(geometry.fill));
    }
    case 'tiles': {
      const { scale, overlap } = geometry;
      const scaled = [Math.max(1, Math.round(image[0] * scale)), Math.max(1, Math.round(image[1] * scale))] as const;
      const rows = tileStarts(scaled[0], size[0], overlap);
      const columns = tileStarts(scaled[1], size[1], overlap);
      if (rows.length * columns.length > mostTiles || scaled[0] * scaled[1] > mostPixels) {
        throw tooMany(image, scaled, rows.length * columns.length, file);
      }
      const windows = rows.flatMap((top) => columns.map((left) => ({ top, left, height: size[0], width: size[1] })));
      return { scaled, windows, fill: byte(geometry.fill), inspected: { top: 0, left: 0, height: scaled[0], width: scaled[1] } };
    }
  }
}

/** How many views an image has in a geometry. */
export function viewCount(image: Size, geometry: Geometry): number {
  return geometry.mode === 'tiles' ? inspectionOf(image, geometry).windows.length : 1;
}

/** How a geometry looks at each of many images. Most sets have images of few sizes, which share theirs. */
export function inspectionsOf(images: readonly { file: string; height: number; width: number }[], geometry: Geometry): Inspection[] {
  const known = new Map<string, Inspection>();
  return images.map(({ file, height, width }) => {
    const key = `${height}×${width}`;
    let inspection = known.get(key);
    if (!inspection) known.set(key, (inspection = inspectionOf([height, width], geometry, file)));
    return inspection;
  });
}

/** Share of the image's area that no view shows, 0–1. */
export function uninspectedOf({ scaled, inspected }: Inspection): number {
  return 1 - (inspected.height * inspected.width) / (scaled[0] * scaled[1]);
}

/** The part of a window that shows the image. */
export function withinImage({ top, left, height, width }: Window, scaled: Size): Window {
  const [firstRow, firstColumn] = [Math.max(0, top), Math.max(0, left)];
  return {
    top: firstRow,
    left: firstColumn,
    height: Math.min(scaled[0], top + height) - firstRow,
    width: Math.min(scaled[1], left + width) - firstColumn,
  };
}

/** Whether a window shows nothing but the image. */
export function isWithin({ top, left, height, width }: Window, scaled: Size): boolean {
  return top >= 0 && left >= 0 && top + height <= scaled[0] && left + width <= scaled[1];
}

function oneView(scaled: Size, window: Window, fill: number): Inspection {
  return { scaled, windows: [window], fill, inspected: withinImage(window, scaled) };
}

/** The middle as torchvision's `CenterCrop` has it: at half the border, a half rounded to the even side, as Python rounds. */
function centred(scaled: Size, [height, width]: Size): Window {
  return { top: roundHalfToEven((scaled[0] - height) / 2), left: roundHalfToEven((scaled[1] - width) / 2), height, width };
}

/** Where tiles begin along one side: the last one ends with the image; a single one too large for it has it in its middle. */
function tileStarts(length: number, tile: number, overlap: number): number[] {
  if (length <= tile) return [roundHalfToEven((length - tile) / 2)];
  const stride = Math.max(1, Math.round(tile * (1 - overlap)));
  const count = Math.ceil((length - tile) / stride) + 1;
  // Counted, not listed, where they are too many anyway.
  if (count > mostTiles) return new Array<number>(count);
  return Array.from({ length: count }, (_, i) => Math.min(i * stride, length - tile));
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x);
}

const byte = (grey: number): number => Math.round(255 * grey);

function tooMany(image: Size, scaled: Size, tiles: number, file?: string): StillroomError {
  return new StillroomError(
    'too-many-tiles',
    `expected at most ${mostTiles} tiles and ${mostPixels / 2 ** 20} Mpx of one image, found ${tiles} tiles of ` +
      `${image[1]}×${image[0]} px resized to ${scaled[1]}×${scaled[0]}`,
    { ...(file === undefined ? {} : { file }), hint: 'lower `scale` or `overlap`, or raise `crop`' },
  );
}
