import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Pixels } from './resample.ts';

/** File formats that are decoded; what a file is called decides what is looked at, its bytes what it is. */
const extensions = /\.(png|jpe?g|tiff?|webp)$/i;
const formats = new Set(['png', 'jpeg', 'tiff', 'webp']);

export function isImageName(name: string): boolean {
  return extensions.test(name);
}

/** Pixels an image may have: room for a line-scan camera's 16,000 × 8,000; a bomb of a few kB may claim far more. */
export const maximumPixels = 2 ** 27;

const options: SharpOptions = {
  // A truncated or corrupt file is an error; odd metadata is not.
  failOn: 'error',
  limitInputPixels: maximumPixels,
  // Upright as a viewer shows it, by its EXIF orientation.
  autoOrient: true,
  // As PIL: the numbers in the file, not what a profile makes of them.
  ignoreIcc: true,
};

/** What is known of an image before its pixels are decoded. */
export interface ImageHeader {
  /** Once upright, px. */
  height: number;
  width: number;
  /** `png`, `jpeg`, `tiff`, `webp`. */
  format: string;
  /** Pages of a TIFF or frames of an animation; the first is the image. */
  pages: number;
}

/** Errors: `unreadable-image`, `image-too-large`, `unsupported-image`. */
export async function readHeader(file: string): Promise<ImageHeader> {
  // Unlimited here, so that what is too large can be said by how much.
  const { format, depth, autoOrient, pages } = await located(file, sharp(file, { ...options, limitInputPixels: false }).metadata());
  if (!formats.has(format)) throw unsupported(file, format);
  if (depth !== 'uchar' && depth !== 'ushort') throw unsupported(file, `${format} with pixels of type ${depth}`);
  const { height, width } = autoOrient;
  if (height * width > maximumPixels) {
    throw new StillroomError(
      'image-too-large',
      `expected at most ${megapixels(maximumPixels)} megapixels, found ${width}×${height} (${megapixels(height * width)})`,
      { file, hint: 'cut it into tiles, or scale it down' },
    );
  }
  return { height, width, format, pages: pages ?? 1 };
}

/** RGB, 8 bits, whatever the file holds: grey is repeated, 16 bits keep their upper 8, alpha is dropped (as PIL's `convert('RGB')`). */
export async function readPixels(file: string): Promise<Pixels> {
  return raw(file, (image) => image.toColourspace('srgb').raw({ depth: 'uchar' }));
}

/** 1 where any channel is not zero, however small; 16-bit values are not cut to 8. One channel. */
export async function readMask(file: string): Promise<Pixels> {
  const { data, height, width, channels } = await raw(file, (image) => image.toColourspace('rgb16').raw({ depth: 'ushort' }));
  const mask = new Uint8Array(height * width);
  const bytes = channels * 2;
  for (let i = 0, at = 0; i < mask.length; i++) {
    let any = 0;
    for (const end = at + bytes; at < end; at++) any |= data[at]!;
    mask[i] = any ? 1 : 0;
  }
  return { data: mask, height, width, channels: 1 };
}

/** Decodes every pixel and keeps none, so that a truncated file is found without room for a whole image. */
export async function provePixels(file: string): Promise<void> {
  await located(file, sharp(file, options).resize(8, 8, { fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer());
}

async function raw(file: string, convert: (image: Sharp) => Sharp): Promise<Pixels> {
  await readHeader(file);
  const image = convert(sharp(file, options).removeAlpha());
  const { data, info } = await located(file, image.toBuffer({ resolveWithObject: true }));
  return { data, height: info.height, width: info.width, channels: info.channels };
}

async function located<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new StillroomError('unreadable-image', `expected a whole PNG, JPEG, TIFF or WebP image, found: ${reason}`, {
      file,
      hint: 'open it in a viewer; fetch it again, or move it out of the dataset',
      cause,
    });
  }
}

function unsupported(file: string, found: string): StillroomError {
  return new StillroomError('unsupported-image', `expected PNG, JPEG, TIFF or WebP with 8 or 16 bits, found ${found}`, {
    file,
    hint: 'convert it to PNG',
  });
}

function megapixels(pixels: number): string {
  return (pixels / 1e6).toFixed(0);
}
