import sharp, { type Sharp } from 'sharp';
import { openImage, readHeader, readMask, readPixels } from '../data/image-file.ts';
import { unreadable } from '../data/image-start.ts';
import { markedAt } from '../data/original.ts';
import { sentError, type SentError } from '../sent-error.ts';

export const pictureFormats = ['webp', 'png', 'jpeg'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** A part of an image, px of the image. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What a thread is asked for: an image, or a region of it, as browsers show it, or what the files of a mask mark, white on black. */
export type PictureTask =
  | { kind: 'image'; file: string; region?: Region; width?: number; format: PictureFormat }
  | { kind: 'mask'; files: readonly string[]; width?: number };

export type PictureAnswer = { bytes: Uint8Array } | { error: SentError };

/** Pixels of a side that a format can hold. */
const longest: Readonly<Record<PictureFormat, number>> = { webp: 16_383, jpeg: 65_535, png: 65_535 };

/** Never larger than the image itself; a region is as large as asked for, along its longer side. The aspect is kept. */
export async function pictureTask(task: PictureTask): Promise<PictureAnswer> {
  try {
    return { bytes: await (task.kind === 'image' ? drawImage(task) : drawMask(task)) };
  } catch (error) {
    return { error: sentError(error) };
  }
}

async function drawImage({ file, region, width, format }: Extract<PictureTask, { kind: 'image' }>): Promise<Buffer> {
  // Too many pixels are refused here, before any is decoded.
  const header = await readHeader(file);
  const isOurs = header.format === 'bmp' || header.colours === 'CMYK';
  const image = isOurs ? await fromPixels(file) : openImage(file).removeAlpha().toColourspace('srgb');
  if (region) {
    const part = within(region, header);
    const side = Math.min(longest[format], width ?? Math.max(part.width, part.height));
    return encoded(file, image.extract(part).resize(side, side, { fit: 'inside', kernel: 'nearest' }), format);
  }
  const [rows, columns] = sizeOf(header, width, format);
  return encoded(file, image.resize(columns, rows, { fit: 'fill' }), format);
}

/** What of a region lies in an image; a pixel of it at least. */
function within({ left, top, width, height }: Region, image: { height: number; width: number }): Region {
  const [x, y] = [Math.min(left, image.width - 1), Math.min(top, image.height - 1)];
  return { left: x, top: y, width: Math.max(1, Math.min(width, image.width - x)), height: Math.max(1, Math.min(height, image.height - y)) };
}

/** What the library cannot read, or not as it is meant. */
async function fromPixels(file: string): Promise<Sharp> {
  const { data, height, width } = await readPixels(file);
  return sharp(data, { raw: { height, width, channels: 3 } });
}

async function drawMask({ files, width }: Extract<PictureTask, { kind: 'mask' }>): Promise<Buffer> {
  const mask = await readMask(files);
  const [rows, columns] = sizeOf(mask, width, 'png');
  const data = markedAt(mask, [rows, columns]).map((value) => 255 * value);
  return encoded(files[0]!, sharp(data, { raw: { height: rows, width: columns, channels: 1 } }).toColourspace('b-w'), 'png');
}

function sizeOf({ height, width }: { height: number; width: number }, wanted = width, format: PictureFormat): [rows: number, columns: number] {
  const scale = Math.min(1, wanted / width, longest[format] / height, longest[format] / width);
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
}

async function encoded(file: string, image: Sharp, format: PictureFormat): Promise<Buffer> {
  try {
    return await image.toFormat(format, format === 'png' ? { compressionLevel: 6 } : { quality: 85 }).toBuffer();
  } catch (cause) {
    throw unreadable(file, `a damaged one: ${(cause as Error).message.split('\n')[0]}`, cause);
  }
}
