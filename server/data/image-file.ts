import { readFile } from 'node:fs/promises';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { isImageName } from '../../plugins/sdk/layout.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { BmpError, bmpHeaderBytes, decodeBmp, isBmp, readBmpHeader } from './bmp.ts';
import { readStart, unreadable } from './image-start.ts';
import type { Pixels } from './resample.ts';

/** What is decoded, besides BMP; what a file is called decides what is looked at, its bytes what it is. */
const formats = new Set(['png', 'jpeg', 'tiff', 'webp']);

/** The format that a file's name promises, by the name it has in headers. */
export function formatOfName(name: string): string | undefined {
  if (!isImageName(name)) return undefined;
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return extension === 'jpg' ? 'jpeg' : extension === 'tif' ? 'tiff' : extension;
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
  /** `png`, `jpeg`, `bmp`, `tiff`, `webp`. */
  format: string;
  /** Bits of one value of one channel, 8 or 16; fewer are widened to 8. */
  bits: 8 | 16;
  colours: 'grey' | 'RGB' | 'palette' | 'CMYK';
  alpha: boolean;
  /** Pages of a TIFF or frames of an animation; the first is the image. */
  pages: number;
}

/** Errors: `unreadable-image`, `image-too-large`, `unsupported-image`, `not-a-file`. */
export async function readHeader(file: string): Promise<ImageHeader> {
  const start = await readStart(file, bmpHeaderBytes);
  const header = isBmp(start) ? bmpHeader(file, start) : await codecHeader(file, start);
  const { height, width } = header;
  if (height * width > maximumPixels) {
    throw new StillroomError(
      'image-too-large',
      `expected at most ${megapixels(maximumPixels)} megapixels, found ${width}×${height} (${megapixels(height * width)})`,
      { file, hint: 'cut it into tiles, or scale it down' },
    );
  }
  return header;
}

async function codecHeader(file: string, start: Uint8Array): Promise<ImageHeader> {
  // Unlimited here, so that what is too large can be said by how much.
  const found = await located(file, sharp(file, { ...options, limitInputPixels: false }).metadata(), beginsAsImage(start));
  const { format, depth, space, autoOrient, pages, isPalette, hasAlpha } = found;
  if (!formats.has(format)) throw unsupported(file, format);
  if (depth !== 'uchar' && depth !== 'ushort') throw unsupported(file, `${format} with pixels of type ${depth}`);
  const isCmyk = space === 'cmyk';
  if (isCmyk && depth === 'ushort') throw unsupported(file, `${format} with CMYK of 16 bits`);
  return {
    height: autoOrient.height,
    width: autoOrient.width,
    format,
    bits: depth === 'ushort' ? 16 : 8,
    colours: isCmyk ? 'CMYK' : isPalette ? 'palette' : space === 'b-w' || space === 'grey16' ? 'grey' : 'RGB',
    alpha: hasAlpha,
    pages: pages ?? 1,
  };
}

function bmpHeader(file: string, start: Uint8Array): ImageHeader {
  const { height, width, bits, grey } = decodedAsBmp(file, () => readBmpHeader(start));
  return { height, width, format: 'bmp', bits: 8, colours: grey ? 'grey' : bits <= 8 ? 'palette' : 'RGB', alpha: false, pages: 1 };
}

/**
 * RGB, 8 bits, whatever the file holds: grey is repeated, alpha is dropped, CMYK becomes RGB as PIL's
 * `convert('RGB')` has it. 16 bits keep their upper 8, grey as colour (PIL does so for colour and cuts grey off at 255).
 */
export async function readPixels(file: string): Promise<Pixels> {
  const { format, colours } = await readHeader(file);
  if (format === 'bmp') return readBmp(file);
  if (colours === 'CMYK') return rgbOfCmyk(await raw(file, (image) => image.pipelineColourspace('cmyk').toColourspace('cmyk').raw()));
  return raw(file, (image) => image.removeAlpha().toColourspace('srgb').raw({ depth: 'uchar' }));
}

/**
 * 1 where any channel is not zero, however small; 16-bit values are not cut to 8. One channel. Several files are one
 * mask: what any of them marks.
 */
export async function readMask(files: string | readonly string[]): Promise<Pixels> {
  const [first, ...others] = typeof files === 'string' ? [files] : files;
  const whole = await readOneMask(first!);
  for (const other of others) {
    const part = await readOneMask(other);
    if (part.height !== whole.height || part.width !== whole.width) throw wrongPart(other, part, whole);
    part.data.forEach((value, i) => (whole.data[i]! |= value));
  }
  return whole;
}

function wrongPart(file: string, found: Pixels, first: Pixels): StillroomError {
  return new StillroomError(
    'mask-size-differs',
    `expected ${first.width}×${first.height} px as the other masks of the image, found ${found.width}×${found.height}`,
    { file, hint: 'scale the mask with nearest-neighbour interpolation, or fetch the right one' },
  );
}

async function readOneMask(file: string): Promise<Pixels> {
  const { bits } = await readHeader(file);
  const { data, height, width, channels } = await (bits === 16 ? readDeep(file) : readPixels(file));
  const mask = new Uint8Array(height * width);
  const bytes = (channels * bits) / 8;
  for (let i = 0, at = 0; i < mask.length; i++) {
    let any = 0;
    for (const end = at + bytes; at < end; at++) any |= data[at]!;
    mask[i] = any ? 1 : 0;
  }
  return { data: mask, height, width, channels: 1 };
}

/** RGB of 16 bits, in pairs of bytes. */
function readDeep(file: string): Promise<Pixels> {
  return raw(file, (image) => image.removeAlpha().toColourspace('rgb16').raw({ depth: 'ushort' }));
}

/**
 * Decodes every pixel and keeps none, so that a truncated file is found without room for a whole image.
 * Gives the largest value of a 16-bit image, 0–65,535, and null of others.
 */
export async function provePixels(file: string, { format, bits }: Pick<ImageHeader, 'format' | 'bits'>): Promise<number | null> {
  if (format === 'bmp') {
    await readBmp(file);
    return null;
  }
  if (bits === 16) {
    const { channels } = await located(file, sharp(file, options).removeAlpha().stats());
    return Math.max(...channels.map(({ max }) => max));
  }
  await located(file, sharp(file, options).resize(8, 8, { fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer());
  return null;
}

async function readBmp(file: string): Promise<Pixels> {
  const bytes = await located(file, readFile(file));
  return { ...decodedAsBmp(file, () => decodeBmp(bytes)), channels: 3 };
}

function decodedAsBmp<T>(file: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (!(cause instanceof BmpError)) throw cause;
    throw cause.unsupported ? unsupported(file, cause.message) : unreadable(file, cause.message, cause);
  }
}

async function raw(file: string, convert: (image: Sharp) => Sharp): Promise<Pixels> {
  const { data, info } = await located(file, convert(sharp(file, options)).toBuffer({ resolveWithObject: true }));
  return { data, height: info.height, width: info.width, channels: info.channels };
}

/** As PIL: what white the ink leaves, without a profile of paper and inks. */
function rgbOfCmyk({ data, height, width }: Pixels): Pixels {
  const out = new Uint8Array(height * width * 3);
  for (let i = 0, from = 0; i < out.length; i += 3, from += 4) {
    const light = 255 - data[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = data[from + channel]! * light + 128;
      out[i + channel] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return { data: out, height, width, channels: 3 };
}

/** An image to be converted, upright and unscaled by profiles; what it does to a BMP is an error. */
export function openImage(file: string): Sharp {
  return sharp(file, options);
}

async function located<T>(file: string, work: Promise<T>, isImage = true): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    // The library loses its reason at times, where several images are decoded at once.
    const said = reason === 'Unknown error' ? 'its data cannot be decoded' : reason.replace(/:\s*$/, '');
    throw unreadable(file, `${isImage ? 'a damaged one' : 'what is none'}: ${said}`, cause);
  }
}

/** Whether these first bytes promise a PNG, JPEG, TIFF or WebP: what is no use then is damaged, or cut off. */
function beginsAsImage(start: Uint8Array): boolean {
  return /^(\x89PNG|\xff\xd8\xff|II\*\0|MM\0\*|II\+\0|MM\0\+|RIFF[^]{4}WEBP)/.test(Buffer.from(start.subarray(0, 12)).toString('latin1'));
}

function unsupported(file: string, found: string): StillroomError {
  return new StillroomError('unsupported-image', `expected PNG, JPEG, BMP, TIFF or WebP with 8 or 16 bits, found ${found}`, {
    file,
    hint: 'convert it to PNG',
  });
}

function megapixels(pixels: number): string {
  return (pixels / 1e6).toFixed(0);
}
