import type { Size } from '../../plugins/sdk/images.ts';
import { readMask, readPixels } from './image-file.ts';
import type { Inspection } from './inspection.ts';
import { resizeBilinear, type Pixels } from './resample.ts';

/** The size of an image made smaller, if need be, so that no side is longer than `longest` px. */
export function sizeWithin([height, width]: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(height, width));
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
}

/** A whole image at a size, RGB 8 bits, row-major `[h, w, 3]`. Errors as `decodeViews`. */
export async function decodeOriginal(file: string, size: Size): Promise<Uint8Array> {
  return wholeAt(await readPixels(file), size);
}

/** Decoded pixels, RGB, at a size. */
export function wholeAt(pixels: Pixels, [height, width]: Size): Uint8Array {
  return resizeBilinear(pixels, height, width, { top: 0, left: 0, height, width });
}

/** What a mask marks of the whole image, to be drawn at a size: a defect of one pixel is not lost where it shrinks. */
export function markedAt({ data, height, width }: Pixels, size: Size): Uint8Array {
  const out = new Uint8Array(size[0] * size[1]);
  for (let y = 0; y < size[0]; y++) {
    const from = Math.floor(((y + 0.5) * height) / size[0]) * width;
    for (let x = 0; x < size[1]; x++) out[y * size[1] + x] = data[from + Math.floor(((x + 0.5) * width) / size[1])]!;
  }
  if (size[0] >= height && size[1] >= width) return out;
  for (let y = 0; y < height; y++) {
    const to = Math.floor((y * size[0]) / height) * size[1];
    for (let x = 0; x < width; x++) if (data[y * width + x]) out[to + Math.floor((x * size[1]) / width)] = 1;
  }
  return out;
}

/** Defective pixels of a mask, and how many of them no view shows. */
export async function defectsOf(files: string | readonly string[], { scaled, inspected }: Inspection): Promise<{ marked: number; outside: number }> {
  const { data, height, width } = await readMask(files);
  const isSeen = (at: number, length: number, side: number, first: number, shown: number): boolean => {
    const place = ((at + 0.5) * side) / length - first;
    return place >= 0 && place < shown;
  };
  const columns = Uint8Array.from({ length: width }, (_, x) => Number(isSeen(x, width, scaled[1], inspected.left, inspected.width)));
  let [marked, outside] = [0, 0];
  for (let y = 0; y < height; y++) {
    const isRowSeen = isSeen(y, height, scaled[0], inspected.top, inspected.height);
    for (let x = 0; x < width; x++) {
      if (!data[y * width + x]) continue;
      marked++;
      if (!isRowSeen || !columns[x]) outside++;
    }
  }
  return { marked, outside };
}
