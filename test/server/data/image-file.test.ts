import { readFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { provePixels, readHeader, readMask, readPixels } from '../../../server/data/image-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import reference from '../../fixtures/formats/reference.json' with { type: 'json' };

const home = temporaryFolder();
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/formats/${name}`, import.meta.url));

describe('the pixels of every format, against Pillow', () => {
  it.each(reference.images)('$file: equal in every bit', async ({ file, height, width, rgb }) => {
    const pixels = await readPixels(fixture(file));
    expect([pixels.height, pixels.width, pixels.channels]).toEqual([height, width, 3]);
    expect([...pixels.data]).toEqual([...Buffer.from(rgb, 'base64')]);
    expect(await readHeader(fixture(file))).toMatchObject({ height, width });
  });

  it('16-bit grey is where we differ: upper 8 bits, where Pillow cuts off at 255', () => {
    const { rgb, pillow } = reference.images.find(({ file }) => file === 'grey-16.png')!;
    const firstGreys = (text: string): number[] => [0, 1, 2, 3, 4].map((i) => Buffer.from(text, 'base64')[i * 3]!);
    expect(firstGreys(rgb)).toEqual([0, 0, 1, 15, 255]);
    expect(firstGreys(pillow!)).toEqual([0, 255, 255, 255, 255]);
  });
});

describe('the mask in every format', () => {
  it.each(reference.images.filter(({ file }) => !file.includes('16')))('$file: marks where any channel is above zero', async ({ file, rgb }) => {
    const values = Buffer.from(rgb, 'base64');
    const { data, channels } = await readMask(fixture(file));
    expect(channels).toBe(1);
    const marked = Array.from(data, (_, i) => (values[i * 3]! || values[i * 3 + 1]! || values[i * 3 + 2]! ? 1 : 0));
    expect([...data]).toEqual(marked);
  });

  it.each(['grey-16.png', 'grey-16.tif'])('%s: 255 of 65,535 is a mark, too', async (file) => {
    expect([...(await readMask(fixture(file))).data.subarray(0, 5)]).toEqual([0, 1, 1, 1, 1]);
  });
});

describe('a mask in several files', () => {
  const part = async (name: string, values: number[], width = 3): Promise<string> => {
    const file = join(home, name);
    await sharp(Uint8Array.from(values), { raw: { width, height: values.length / width, channels: 1 } }).toColourspace('b-w').png().toFile(file);
    return file;
  };

  it('marks what any of them marks', async () => {
    const files = [await part('a.png', [0, 9, 0]), await part('b.png', [0, 0, 1]), await part('c.png', [0, 0, 255])];
    expect([...(await readMask(files)).data]).toEqual([0, 1, 1]);
    expect([...(await readMask(files.slice(0, 1))).data]).toEqual([0, 1, 0]);
  });

  it('of other sizes is refused', async () => {
    const files = [await part('a.png', [0, 9, 0]), await part('d.png', [1, 1], 2)];
    await expect(readMask(files)).rejects.toMatchObject({ code: 'mask-size-differs', place: { file: files[1] } });
  });
});

describe('the header', () => {
  it.each([
    ['colour.png', { format: 'png', bits: 8, colours: 'RGB', alpha: false, pages: 1 }],
    ['grey-16.png', { format: 'png', bits: 16, colours: 'grey' }],
    ['colour-16.png', { format: 'png', bits: 16, colours: 'RGB' }],
    ['grey-alpha.png', { format: 'png', bits: 8, colours: 'grey', alpha: true }],
    ['palette.png', { format: 'png', bits: 8, colours: 'palette' }],
    ['cmyk.jpg', { format: 'jpeg', bits: 8, colours: 'CMYK' }],
    ['grey-16.tif', { format: 'tiff', bits: 16, colours: 'grey' }],
    ['alpha.webp', { format: 'webp', bits: 8, colours: 'RGB', alpha: true }],
    ['colour.bmp', { format: 'bmp', bits: 8, colours: 'RGB' }],
    ['grey.bmp', { format: 'bmp', bits: 8, colours: 'grey' }],
    ['palette-4.bmp', { format: 'bmp', bits: 8, colours: 'palette' }],
  ])('%s', async (file, header) => {
    expect(await readHeader(fixture(file))).toMatchObject(header);
  });
});

describe('the largest value', () => {
  it.each([
    ['grey-16.png', 65535],
    ['grey-16.tif', 65535],
    ['grey.png', null],
    ['colour.bmp', null],
  ])('of %s: %s', async (file, largest) => {
    expect(await provePixels(fixture(file), await readHeader(fixture(file)))).toBe(largest);
  });
});

describe('a BMP that cannot be read', () => {
  const colour = readFile(fixture('colour.bmp'));
  const runs = readFile(fixture('rle-8.bmp'));
  const changed = async (bytes: Promise<Buffer>, change: (copy: Buffer) => Buffer | void): Promise<string> => {
    const copy = Buffer.from(await bytes);
    const file = join(home, 'changed.bmp');
    writeFileSync(file, change(copy) ?? copy);
    return file;
  };
  const cut = (n: number) => (copy: Buffer) => copy.subarray(0, n);
  const set = (at: number, value: number) => (copy: Buffer) => void copy.writeInt32LE(value, at);

  it.each<[string, Promise<Buffer>, (copy: Buffer) => Buffer | void, string, string]>([
    ['cut off in its pixels', colour, cut(120), 'unreadable-image', '120 of 174 bytes'],
    ['cut off in its header', colour, cut(40), 'unreadable-image', 'the end of the file within its header'],
    ['cut off at once', colour, cut(10), 'unreadable-image', '10 bytes, fewer than a header has'],
    ['cut off in its runs', runs, (copy) => copy.subarray(0, copy.length - 9), 'unreadable-image', 'the end of the file in row'],
    ['without width', colour, set(18, 0), 'unreadable-image', 'a size of 0×5'],
    ['of negative width', colour, set(18, -7), 'unreadable-image', 'a size of -7×5'],
    ['a bomb', colour, (copy) => void (copy.writeInt32LE(60000, 18), copy.writeInt32LE(60000, 22)), 'image-too-large', '60000×60000 (3600)'],
    ['a JPEG within', colour, set(30, 4), 'unsupported-image', 'BMP with 24 bits and compression 4'],
    ['of another header', colour, set(14, 200), 'unreadable-image', 'a header of 200 bytes'],
  ])('%s', async (_, bytes, change, code, message) => {
    const file = await changed(bytes, change);
    await expect(readPixels(file)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string, place: { file } });
    await expect(readMask(file)).rejects.toMatchObject({ code });
  });

  it('any other bytes: an error or an image, nothing else', async () => {
    for (const name of ['rle-4.bmp', 'rle-8.bmp', 'rgb-565.bmp', 'palette-4.bmp', 'os2.bmp', 'fields-32.bmp']) {
      const bytes = await readFile(fixture(name));
      for (let at = 2; at < bytes.length; at += 5) {
        const file = await changed(Promise.resolve(bytes), (copy) => void (copy[at] = copy[at]! ^ 0xff));
        const outcome = await readPixels(file).then(
          ({ data, height, width }) => (data.length === height * width * 3 ? 'image' : 'short'),
          (error: { code?: string }) => error.code,
        );
        expect(['image', 'unreadable-image', 'unsupported-image', 'image-too-large'], `${name} at ${at}`).toContain(outcome);
      }
    }
  });
});
