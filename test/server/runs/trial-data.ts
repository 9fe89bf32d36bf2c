import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '../../../plugins/sdk/random.ts';

const side = 16;

/** Writes one image of noise, 16×16 px; a hole is black, and its mask is written where one is named. */
export async function writePicture(file: string, hole?: { mask?: string }): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const { uniform } = createRandom('picture', file.split('/').slice(-3).join('/'));
  const pixels = Uint8Array.from({ length: side * side * 3 }, () => 255 * uniform());
  const mask = new Uint8Array(side * side);
  if (hole) {
    for (let y = 4; y < 10; y++) for (let x = 5; x < 9; x++) mask[y * side + x] = 255;
    pixels.forEach((_, i) => mask[Math.floor(i / 3)] && (pixels[i] = 0));
  }
  await sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).toFile(file);
  if (!hole?.mask) return;
  mkdirSync(dirname(hole.mask), { recursive: true });
  await sharp(mask, { raw: { width: side, height: side, channels: 1 } }).png().toFile(hole.mask);
}

/** A category as MVTec AD lays it out: so many good images to train, two to test, three with a hole, one of these without a mask. */
export async function writeCategory(folder: string, train = 12): Promise<void> {
  for (let i = 0; i < train; i++) await writePicture(join(folder, 'train', 'good', `${String(i).padStart(3, '0')}.png`));
  for (const i of [0, 1]) await writePicture(join(folder, 'test', 'good', `00${i}.png`));
  for (const i of [0, 1, 2]) {
    const mask = i === 2 ? {} : { mask: join(folder, 'ground_truth', 'hole, "deep"', `00${i}_mask.png`) };
    await writePicture(join(folder, 'test', 'hole, "deep"', i === 1 ? `00${i}.jpg` : `00${i}.png`), mask);
  }
}
