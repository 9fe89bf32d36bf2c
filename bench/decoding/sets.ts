import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../../plugins/sdk/random.ts';
import type { StoredImage } from '../../server/data/decode-here.ts';
import { readHeader } from '../../server/data/image-file.ts';

/** Images to measure with, and what they are. */
export interface MeasuredSet {
  title: string;
  images: StoredImage[];
}

/** The first images of a folder. */
export async function imagesOf(title: string, folder: string, count: number): Promise<MeasuredSet> {
  const names = (await readdir(folder)).sort().slice(0, count);
  const images = names.map(async (name) => {
    const file = join(folder, name);
    const { height, width } = await readHeader(file);
    return { file, height, width };
  });
  return { title, images: await Promise.all(images) };
}

/** Draws larger images from small ones: scaled up, under the noise of a camera, so that they compress as photographs do. */
export async function enlarged(small: MeasuredSet, folder: string, side: number, format: 'jpeg' | 'png'): Promise<MeasuredSet> {
  await mkdir(folder, { recursive: true });
  const random = createRandom('noise', side);
  const noise = Uint8Array.from({ length: side * side * 3 }, () => 2 * random.integer(5));
  const images: StoredImage[] = [];
  for (const [i, { file }] of small.images.entries()) {
    const values = await sharp(file).removeAlpha().toColourspace('srgb').resize(side, side, { kernel: 'cubic' }).raw().toBuffer();
    for (let at = 0; at < values.length; at++) values[at] = Math.min(255, values[at]! + noise[(at + i * 7919) % noise.length]!);
    const image = sharp(values, { raw: { height: side, width: side, channels: 3 } });
    const to = join(folder, `${String(i).padStart(3, '0')}.${format}`);
    await (format === 'jpeg' ? image.jpeg({ quality: 92 }) : image.png()).toFile(to);
    images.push({ file: to, height: side, width: side });
  }
  return { title: `${side}×${side} ${format.toUpperCase()}`, images };
}
