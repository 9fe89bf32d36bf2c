import sharp from 'sharp';
import type { Size } from '../../plugins/sdk/index.ts';
import { paletteOf } from './colour-maps.ts';

/** A picture of where a detector looks: the image, and beside it the map over the image with the mask's outline. */
export interface OverlaySource {
  /** RGB, row-major `[h, w, 3]`. */
  image: Uint8Array;
  /** Anomaly map `[h, w]`; NaN where nothing was inspected. */
  map: Float32Array;
  /** Other than zero where defective; null where nothing is known. */
  mask: Uint8Array | null;
  size: Size;
}

/** Longest side of an image as it is drawn, px; larger ones are made smaller. */
export const longestDrawnSide = 1024;

/** Values of the map that are drawn as nothing and as the hottest colour; the same for all images of a category. */
export interface Scale {
  low: number;
  high: number;
}

/** From the middle of all values to near their top, so that normal texture stays clear. */
export function scaleOf(maps: readonly Float32Array[]): Scale {
  const sample: number[] = [];
  for (const map of maps) for (let i = 0; i < map.length; i += 97) if (!Number.isNaN(map[i]!)) sample.push(map[i]!);
  sample.sort((a, b) => a - b);
  const at = (share: number): number => sample[Math.floor(share * (sample.length - 1))] ?? 0;
  const low = at(0.5);
  return { low, high: Math.max(at(0.995), low + 1e-12 * Math.max(1, Math.abs(low))) };
}

/**
 * The image on the left; on the right the same with the map over it. What was not inspected is dimmed and hatched
 * there, and set off by a line; the mask has a white outline with a dark one around it.
 */
export async function overlayPng(source: OverlaySource, scale: Scale): Promise<Buffer> {
  const [height, width] = source.size;
  const right = overlay(source, scale);
  const both = Buffer.alloc(height * width * 2 * 3);
  const line = width * 3;
  for (let y = 0; y < height; y++) {
    both.set(source.image.subarray(y * line, (y + 1) * line), 2 * y * line);
    both.set(right.subarray(y * line, (y + 1) * line), (2 * y + 1) * line);
  }
  return sharp(both, { raw: { width: width * 2, height, channels: 3 } }).png().toBuffer();
}

/** The image with the map over it, RGB `[h, w, 3]`. */
export function overlay({ image, map, mask, size: [height, width] }: OverlaySource, { low, high }: Scale): Uint8Array {
  const out = new Uint8Array(image.length);
  const hatch = hatching(Math.max(height, width));
  const palette = paletteOf('inferno', levels + 1);
  const isBorder = neighbours(height, width, (i) => !Number.isNaN(map[i]!));
  for (let i = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const at = i * 3;
      if (Number.isNaN(map[i]!)) {
        const light = isBorder(x, y) ? 0.75 : (x + y) % hatch.period < hatch.thickness ? 0.3 : 0;
        for (let c = 0; c < 3; c++) out[at + c] = Math.round(image[at + c]! * 0.4 * (1 - light) + 255 * light);
        continue;
      }
      const heat = Math.min(1, Math.max(0, (map[i]! - low) / (high - low)));
      const hot = palette[Math.round(heat * levels)]!;
      const opacity = 0.75 * Math.sqrt(heat);
      for (let c = 0; c < 3; c++) out[at + c] = Math.round(hot[c]! * opacity + image[at + c]! * (1 - opacity));
    }
  }
  if (mask) drawOutline(out, mask, height, width);
  return out;
}

const levels = 255;

/** Diagonals that are seen as such at any size. */
function hatching(side: number): { period: number; thickness: number } {
  const thickness = Math.max(1, Math.round(side / 512));
  return { period: 7 * thickness, thickness };
}

function drawOutline(out: Uint8Array, mask: Uint8Array, height: number, width: number): void {
  const isOutside = neighbours(height, width, (i) => !mask[i], true);
  const isInside = neighbours(height, width, (i) => Boolean(mask[i]));
  for (let i = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (mask[i] ? isOutside(x, y) : isInside(x, y)) out.fill(mask[i] ? 255 : 24, i * 3, i * 3 + 3);
    }
  }
}

/** Whether one of the four pixels around a pixel is as asked; `beyond` says what is true beyond the border. */
function neighbours(height: number, width: number, is: (i: number) => boolean, beyond = false): (x: number, y: number) => boolean {
  const at = (x: number, y: number): boolean => (x < 0 || y < 0 || x >= width || y >= height ? beyond : is(y * width + x));
  return (x, y) => at(x - 1, y) || at(x + 1, y) || at(x, y - 1) || at(x, y + 1);
}
