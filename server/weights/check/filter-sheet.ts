import sharp from 'sharp';
import type { FirstLayer } from './first-layer.ts';

const perRow = 8;
/** Side of a filter, px at least; a whole number for each of its numbers. */
const cell = 56;
const gap = 6;
/** RGB 0–255 between the filters. */
const paper = 255;

/**
 * Draws filters in their own colours as a PNG, eight in a row: grey is 0, and each filter's largest magnitude is black or
 * white. The first channel is drawn as red.
 */
export async function drawFilters({ filters, kernel }: FirstLayer): Promise<Buffer> {
  const zoom = Math.ceil(cell / kernel);
  const pitch = zoom * kernel + gap;
  const width = gap + Math.min(perRow, filters.length) * pitch;
  const height = gap + Math.ceil(filters.length / perRow) * pitch;
  const pixels = new Uint8Array(width * height * 3).fill(paper);
  filters.forEach((filter, index) => {
    const largest = filter.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const [left, top] = [gap + (index % perRow) * pitch, gap + Math.floor(index / perRow) * pitch];
    for (let y = 0; y < zoom * kernel; y++) {
      for (let x = 0; x < zoom * kernel; x++) {
        const from = (Math.floor(y / zoom) * kernel + Math.floor(x / zoom)) * 3;
        const to = ((top + y) * width + left + x) * 3;
        for (let c = 0; c < 3; c++) pixels[to + c] = Math.round(127.5 * (1 + filter[from + c]! / largest));
      }
    }
  });
  return sharp(pixels, { raw: { width, height, channels: 3 } }).png({ compressionLevel: 9 }).toBuffer();
}
