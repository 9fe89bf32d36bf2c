import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, truncate, writeFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type CreateRaw } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Geometry, Size } from '../../../plugins/sdk/index.ts';
import { decodeMask, decodeViews } from '../../../server/data/decode.ts';
import { provePixels } from '../../../server/data/image-file.ts';
import { inspectionOf } from '../../../server/data/inspection.ts';
import { describeWith, needs, sharedPath, type Need } from '../../support/needs.ts';
import reference from '../../fixtures/pil/reference.json' with { type: 'json' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillroom-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const crop = (resize: Size, size: Size) => ({ mode: 'crop', resize, size }) satisfies Geometry;
const whole = (height: number, width: number): Geometry => ({ mode: 'whole', size: [height, width] });

/** The one view of an image. */
async function decodeImage(file: string, geometry: Geometry): Promise<Uint8Array> {
  const [view, ...others] = await decodeViews(file, geometry);
  expect(others).toEqual([]);
  return view!;
}

/** Writes pixels as they are; `values` are interleaved. */
async function png(name: string, values: Uint8Array | Uint16Array, raw: CreateRaw): Promise<string> {
  const image = sharp(values, { raw });
  if (raw.channels < 3) image.toColourspace(values instanceof Uint16Array ? 'grey16' : 'b-w');
  else if (values instanceof Uint16Array) image.toColourspace('rgb16');
  await image.png().toFile(at(name));
  return at(name);
}

describe('decodeImage against Pillow', () => {
  for (const { file, resize, crop: cropped, rgb } of reference.decoded) {
    it(`${file} resized to ${resize.join('×')}, cropped to ${cropped.join('×')}: equal in every bit`, async () => {
      const path = fileURLToPath(new URL(`../../fixtures/pil/${file}`, import.meta.url));
      const geometry: Geometry = { mode: 'crop', resize: resize as [number, number], size: cropped as [number, number] };
      expect(Buffer.from(await decodeImage(path, geometry)).equals(Buffer.from(rgb, 'base64'))).toBe(true);
    });
  }
});

describe('decodeImage', () => {
  it('repeats grey in three channels', async () => {
    const file = await png('grey.png', Uint8Array.from([0, 7, 255]), { width: 3, height: 1, channels: 1 });
    expect([...(await decodeImage(file, whole(1, 3)))]).toEqual([0, 0, 0, 7, 7, 7, 255, 255, 255]);
  });

  it('keeps the upper 8 of 16 bits, grey and colour', async () => {
    const grey = await png('grey16.png', Uint16Array.from([0, 255, 256, 65535]), { width: 4, height: 1, channels: 1 });
    expect([...(await decodeImage(grey, whole(1, 4)))]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 255, 255, 255]);
    const colour = await png('rgb16.png', Uint16Array.from([256, 512, 65535]), { width: 1, height: 1, channels: 3 });
    expect([...(await decodeImage(colour, whole(1, 1)))]).toEqual([1, 2, 255]);
  });

  it('drops alpha and keeps the colours below it', async () => {
    const values = Uint8Array.from([10, 20, 30, 0, 40, 50, 60, 128]);
    const file = await png('alpha.png', values, { width: 2, height: 1, channels: 4 });
    expect([...(await decodeImage(file, whole(1, 2)))]).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it('looks up the colours of a palette', async () => {
    const values = Uint8Array.from([255, 0, 0, 0, 0, 255]);
    await sharp(values, { raw: { width: 2, height: 1, channels: 3 } }).png({ palette: true }).toFile(at('palette.png'));
    expect([...(await decodeImage(at('palette.png'), whole(1, 2)))]).toEqual([...values]);
  });

  it('turns an image upright by its EXIF orientation', async () => {
    // Orientation 6: the first row of the file is the right column of the picture.
    const values = Uint8Array.from([1, 1, 1, 2, 2, 2]);
    const image = sharp(values, { raw: { width: 2, height: 1, channels: 3 } });
    await image.withMetadata({ orientation: 6 }).png().toFile(at('turned.png'));
    expect([...(await decodeImage(at('turned.png'), whole(2, 1)))]).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('refuses what is no image, naming the file', async () => {
    await writeFile(at('text.png'), 'not an image');
    await expect(decodeImage(at('text.png'), whole(1, 1))).rejects.toMatchObject({
      code: 'unreadable-image',
      place: { file: at('text.png') },
    });
    await writeFile(at('empty.png'), '');
    await expect(decodeImage(at('empty.png'), whole(1, 1))).rejects.toMatchObject({ code: 'unreadable-image' });
    await expect(decodeImage(at('absent.png'), whole(1, 1))).rejects.toMatchObject({ code: 'unreadable-image' });
  });

  it('refuses a format that only wears the name', async () => {
    await writeFile(at('drawing.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(decodeImage(at('drawing.png'), whole(1, 1))).rejects.toMatchObject({ code: 'unsupported-image' });
  });

  it('refuses pixels that are no whole numbers', async () => {
    const image = sharp(new Float32Array(12), { raw: { width: 2, height: 2, channels: 3 } });
    await image.pipelineColourspace('scrgb').toColourspace('scrgb').tiff({ compression: 'none' }).toFile(at('float.tif'));
    await expect(decodeImage(at('float.tif'), whole(1, 1))).rejects.toMatchObject({
      code: 'unsupported-image',
      message: expect.stringContaining('float') as string,
    });
  });

  it.each(['png', 'jpg'] as const)('refuses a truncated %s', async (format) => {
    const noise = sharp({ create: { width: 200, height: 200, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 40 } } });
    const file = at(`cut.${format}`);
    await noise.toFile(file);
    await expect(provePixels(file, { format, bits: 8 })).resolves.toBeNull();
    await truncate(file, Math.floor((await stat(file)).size * 0.8));
    await expect(decodeImage(file, whole(8, 8))).rejects.toMatchObject({ code: 'unreadable-image' });
    await expect(provePixels(file, { format, bits: 8 })).rejects.toMatchObject({ code: 'unreadable-image' });
  });

  it('refuses a decompression bomb by its header', async () => {
    await sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: 'black' } }).png().toFile(at('bomb.png'));
    await expect(decodeImage(at('bomb.png'), whole(8, 8))).rejects.toMatchObject({
      code: 'image-too-large',
      message: 'expected at most 134 megapixels, found 16000×16000 (256)',
    });
  });
});

describe('decodeViews', () => {
  const scene = fileURLToPath(new URL('../../fixtures/pil/scene.png', import.meta.url));
  const tiles = (size: Size, scale: number): Geometry => ({ mode: 'tiles', size, scale, overlap: 0.25, fill: 0.2 });

  /** Cuts a window out of an image, RGB; what lies outside of it is grey. */
  function cut(image: Uint8Array, [height, width]: Size, window: { top: number; left: number; height: number; width: number }, grey: number): number[] {
    return Array.from({ length: window.height * window.width * 3 }, (_, i) => {
      const [y, x] = [window.top + Math.floor(i / 3 / window.width), window.left + (Math.floor(i / 3) % window.width)];
      return y < 0 || x < 0 || y >= height || x >= width ? grey : image[(y * width + x) * 3 + (i % 3)]!;
    });
  }

  it.each([1, 0.6])('at scale %d gives tiles equal in every bit to pieces of the image resized whole', async (scale) => {
    const { height, width } = await sharp(scene).metadata();
    const { scaled, windows } = inspectionOf([height, width], tiles([14, 18], scale));
    const resized = await decodeImage(scene, whole(...scaled));
    const views = await decodeViews(scene, tiles([14, 18], scale));
    expect(windows.length).toBeGreaterThan(4);
    views.forEach((view, i) => expect([...view]).toEqual(cut(resized, scaled, windows[i]!, 51)));
    // Some of them alone are the same.
    expect(await decodeViews(scene, tiles([14, 18], scale), [3, 1])).toEqual([views[3], views[1]]);
  });

  it('fills what a tile or a letterbox has around the image', async () => {
    const values = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => 10 * i);
    const file = await png('small.png', values, { width: 3, height: 2, channels: 3 });
    const [view] = await decodeViews(file, tiles([4, 5], 1));
    expect([...view!]).toEqual(cut(values, [2, 3], { top: -1, left: -1, height: 4, width: 5 }, 51));
    const boxed = await decodeViews(file, { mode: 'letterbox', size: [3, 3], fill: 1 });
    expect([...boxed[0]!]).toEqual(cut(values, [2, 3], { top: 0, left: 0, height: 3, width: 3 }, 255));
  });

  it('says of an image that has become smaller that it has', async () => {
    const file = await png('shrunk.png', new Uint8Array(27), { width: 3, height: 3, channels: 3 });
    await expect(decodeViews(file, tiles([2, 2], 1), [9])).rejects.toMatchObject({ code: 'image-changed', place: { file } });
  });
});

describe('decodeMask', () => {
  it('marks any value but zero, however small', async () => {
    const eight = await png('mask8.png', Uint8Array.from([0, 1, 255]), { width: 3, height: 1, channels: 1 });
    expect([...(await decodeMask(eight, inspectionOf([1, 3], whole(1, 3))))]).toEqual([0, 1, 1]);
    const sixteen = await png('mask16.png', Uint16Array.from([0, 1, 65535]), { width: 3, height: 1, channels: 1 });
    expect([...(await decodeMask(sixteen, inspectionOf([1, 3], whole(1, 3))))]).toEqual([0, 1, 1]);
    const blue = await png('blue.png', Uint8Array.from([0, 0, 1, 0, 0, 0]), { width: 2, height: 1, channels: 3 });
    expect([...(await decodeMask(blue, inspectionOf([1, 2], whole(1, 2))))]).toEqual([1, 0]);
  });

  it('follows the geometry of its image', async () => {
    const values = new Uint8Array(16);
    values[5] = 255;
    const file = await png('mask.png', values, { width: 4, height: 4, channels: 1 });
    // Row 1, column 1 of 4×4 is rows 2–3, columns 2–3 of 8×8, and rows 1–2, columns 1–2 of its middle 6×6.
    const marked = [...(await decodeMask(file, inspectionOf([4, 4], crop([8, 8], [6, 6]))))].flatMap((v, i) => (v ? [i] : []));
    expect(marked).toEqual([7, 8, 13, 14]);
  });
});

/** Decodes, resizes and cuts as torchvision does on PIL images, and prints the SHA-256 of what comes out. */
const pillow = `
import hashlib, sys
from PIL import Image
file, height, width, crop_height, crop_width = sys.argv[1], *map(int, sys.argv[2:])
image = Image.open(file).convert('RGB').resize((width, height), Image.BILINEAR)
top, left = round((height - crop_height) / 2), round((width - crop_width) / 2)
print(hashlib.sha256(image.crop((left, top, left + crop_width, top + crop_height)).tobytes()).hexdigest())
`;

// Pillow 13 resizes vertically first for some sizes, and then differs by 1 of 255 here and there.
const before13: Need = {
  ...needs.python('PIL', 'PIL.Image as image; assert int(image.__version__.split(".")[0]) < 13'),
  name: 'python3 with Pillow before 13',
};

for (const set of ['road', 'bsdata']) {
  describeWith([needs.shared(`data/${set}`), before13], `a photograph of ${set}`, () => {
    it.each([
      crop([256, 256], [224, 224]),
      crop([231, 517], [230, 512]),
    ])('resized to $resize, cropped to $size, equals the Pillow of this machine in every bit', async (geometry) => {
      const folder = sharedPath(`data/${set}/train/good`);
      const file = join(folder, (await readdir(folder)).sort()[0]!);
      const args = ['-c', pillow, file, ...[geometry.resize, geometry.size].flat().map(String)];
      const { stdout } = spawnSync('python3', args, { encoding: 'utf8' });
      expect(createHash('sha256').update(await decodeImage(file, geometry)).digest('hex')).toBe(stdout.trim());
    });
  });
}
