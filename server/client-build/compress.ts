import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

/** Compressed forms of a file, the smallest first: as they are called in HTTP, and what their names end with. Browsers take Brotli only over TLS and from their own machine. */
export const encodings = [
  { name: 'br', suffix: '.br', compress: promisify(brotliCompress) },
  { name: 'gzip', suffix: '.gz', compress: promisify(gzip) },
] as const;

/** Puts beside each script, style and drawing of a folder its compressed forms. */
export async function compressFiles(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(js|css|svg)$/.test(file));
  for (const file of files) {
    const content = await readFile(join(folder, file));
    for (const { suffix, compress } of encodings) await writeFile(join(folder, `${file}${suffix}`), await compress(content));
  }
}
