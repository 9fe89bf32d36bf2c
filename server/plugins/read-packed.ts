import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { StillroomError } from '../../plugins/sdk/problem.ts';

const block = 512;
const mostBytes = 2 ** 31;

/** The text of one file of a packed npm package, by its path in it; nothing is unpacked to disk. Throws `plugin-manifest-invalid`. */
export async function readPacked(file: string, path: string): Promise<string> {
  const bytes = unzipped(await readFile(file), file);
  for (let at = 0; at + block <= bytes.length; ) {
    const header = bytes.subarray(at, at + block);
    const name = textOf(header, 0, 100);
    if (name === '') break;
    const size = Number.parseInt(textOf(header, 124, 12), 8) || 0;
    // The folder that everything lies in has any name.
    if (name.slice(name.indexOf('/') + 1) === path) return bytes.toString('utf8', at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
  }
  throw new StillroomError('plugin-manifest-invalid', `expected ${path} in the package, found none`, { file, hint: 'pack it by `npm pack`' });
}

function unzipped(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw new StillroomError('plugin-manifest-invalid', `expected a package as \`npm pack\` writes it, found: ${(cause as Error).message}`, { file, cause });
  }
}

const textOf = (header: Buffer, from: number, length: number): string => header.toString('utf8', from, from + length).replace(/\0.*$/s, '').trim();
