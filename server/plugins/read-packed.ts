import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { StillroomError } from '../../plugins/sdk/problem.ts';

const block = 512;
const mostBytes = 2 ** 31;

/** Kinds of entries of a tar that hold more about the entry after them, or about all. */
const about = { next: 'x', all: 'g', longName: 'L', longLink: 'K' };

/** The text of one file of a packed npm package, by its path in it; nothing is unpacked to disk. Throws `plugin-manifest-invalid`. */
export async function readPacked(file: string, path: string): Promise<string> {
  for (const { name, content } of entriesIn(unzipped(await readFile(file), file))) {
    // The folder that everything lies in has any name.
    if (name.slice(name.indexOf('/') + 1) === path) return content.toString('utf8');
  }
  throw new StillroomError('plugin-manifest-invalid', `expected ${path} in the package, found none`, { file, hint: 'pack it by `npm pack`' });
}

/** Throws `plugin-package-unsafe` where an entry of a packed package is neither a file nor a folder, or lies outside of it. */
export async function mustBePlain(file: string, from: string): Promise<void> {
  for (const { name, kind } of entriesIn(unzipped(await readFile(file), file))) {
    const isOutside = /^([/\\]|[a-z]:)/i.test(name) || name.split(/[/\\]/).includes('..');
    const found = isOutside ? 'one that lies outside of it' : kind === '1' || kind === '2' ? 'a link' : /^[057]?$/.test(kind) ? null : 'one that is neither';
    if (found === null) continue;
    throw new StillroomError('plugin-package-unsafe', `expected files and folders inside the package, found ${found}: ${JSON.stringify(name.slice(0, 200))}`, { file: from, hint: 'do not install it; whoever packs it uses `npm pack`' });
  }
}

interface Entry {
  name: string;
  /** As tar says it: `0` or nothing a file, `1` and `2` links, `5` a folder. */
  kind: string;
  content: Buffer;
}

function* entriesIn(bytes: Buffer): Generator<Entry> {
  let long: string | undefined;
  for (let at = 0; at + block <= bytes.length; ) {
    const header = bytes.subarray(at, at + block);
    const short = textOf(header, 0, 100);
    if (short === '') break;
    const size = Number.parseInt(textOf(header, 124, 12), 8) || 0;
    const kind = textOf(header, 156, 1);
    const content = bytes.subarray(at + block, at + block + size);
    at += block + Math.ceil(size / block) * block;
    if (kind === about.next) long = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1] ?? long;
    else if (kind === about.longName) long = textOf(content, 0, size);
    if (Object.values(about).includes(kind)) continue;
    const folder = textOf(header, 257, 5) === 'ustar' ? textOf(header, 345, 155) : '';
    yield { name: long ?? (folder ? `${folder}/${short}` : short), kind, content };
    long = undefined;
  }
}

function unzipped(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw new StillroomError('plugin-manifest-invalid', `expected a package as \`npm pack\` writes it, found: ${(cause as Error).message}`, { file, cause });
  }
}

const textOf = (header: Buffer, from: number, length: number): string => header.toString('utf8', from, from + length).replace(/\0.*$/s, '').trim();
