import { sha256OfFile } from '../engine/sha256.ts';
import type { ImageRef } from './dataset.ts';
import { provePixels, readHeader, readMask, type ImageHeader } from './image-file.ts';

/** How closely files are looked at: headers alone, or every byte and every pixel. */
export type Scrutiny = 'header' | 'pixels';

/** An image or mask with what was found in it. */
export interface Inspected {
  ref: ImageRef;
  header: ImageHeader;
  /** Of a mask whose pixels were looked at: whether it marks any. */
  empty: boolean;
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
  if (scrutiny === 'header') return { ref: { file, path, height, width }, header, empty: false };
  const [hash, empty] = await Promise.all([sha256OfFile(file), kind === 'mask' ? isEmpty(file) : notEmpty(file)]);
  return { ref: { file, path, height, width, hash }, header, empty };
}

async function isEmpty(mask: string): Promise<boolean> {
  return (await readMask(mask)).data.every((value) => value === 0);
}

async function notEmpty(image: string): Promise<boolean> {
  await provePixels(image);
  return false;
}
