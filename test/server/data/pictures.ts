import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** What a file of a folder under test holds: an image, the bytes themselves, or a link to another place. */
export type Content = Picture | Uint8Array | { link: string };

export interface Picture {
  height: number;
  width: number;
  /** Grey of every pixel; another content for each. */
  grey: number;
}

export const picture = (grey: number, height = 4, width = 6): Picture => ({ height, width, grey });

/** Black, so that it marks nothing where it is a mask. */
export const black = picture(0);

/** Writes a folder: contents by path. */
export async function writeFolder(root: string, files: Record<string, Content>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if ('link' in content) symlinkSync(content.link, file);
    else writeFileSync(file, content instanceof Uint8Array ? content : await encoded(content));
  }
}

export async function encoded({ height, width, grey }: Picture): Promise<Buffer> {
  const values = new Uint8Array(height * width).fill(grey);
  return sharp(values, { raw: { height, width, channels: 1 } }).toColourspace('b-w').png().toBuffer();
}

/** A PNG of a few bytes that claims to be as large as that. */
export function claiming(height: number, width: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  // An empty zlib stream.
  const data = Buffer.from('789c030000000001', 'hex');
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
