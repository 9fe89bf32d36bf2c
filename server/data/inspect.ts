import { sha256OfFile } from '../engine/sha256.ts';
import type { ImageRef } from './dataset.ts';
import { provePixels, readHeader, readMask, type ImageHeader } from './image-file.ts';

/** How closely files are looked at: headers alone, or every byte and every pixel. */
export type Scrutiny = 'header' | 'pixels';

/** An image or mask with what was found in it. */
export interface Inspected {
  ref: ImageRef;
  header: ImageHeader;
  /** Pixels that a mask marks; null of images, and where only headers were read. */
  marked: number | null;
  /** The largest value of a 16-bit image; null of others, and where only headers were read. */
  largest: number | null;
}

/** Errors: those of `readHeader`, and `unreadable-image` where pixels cannot be decoded. */
export async function inspect(
  file: string,
  path: string,
  kind: 'image' | 'mask',
  scrutiny: Scrutiny,
): Promise<Inspected> {
  const header = await readHeader(file);
  const { height, width } = header;
  if (scrutiny === 'header') return { ref: { file, path, height, width }, header, marked: null, largest: null };
  const [hash, marked, largest] = await Promise.all([
    sha256OfFile(file),
    kind === 'mask' ? countMarked(file) : null,
    kind === 'image' ? provePixels(file, header) : null,
  ]);
  return { ref: { file, path, height, width, hash }, header, marked, largest };
}

/** How many pixels a mask marks. */
export async function countMarked(mask: string): Promise<number> {
  return (await readMask(mask)).data.reduce((sum, value) => sum + value, 0);
}
