import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from '@node-rs/crc32';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { RelativeNames } from './relative-names.ts';
import type { UploadLimits } from './upload-limits.ts';

/** Below this an archive may be packed as tightly as it likes: a set of empty masks is. */
const ratioCounts = 64 * 2 ** 20;

/**
 * Unpacks an archive into a folder that is empty. What would be refused is looked for before the first file is written.
 * Errors: `archive-unreadable`, `archive-unsafe`, `unsafe-name`, `name-twice`, `upload-too-large`, and those of writing.
 */
export async function unpackZip(archive: string, folder: string, limits: UploadLimits): Promise<number> {
  const zip = await opened(archive);
  try {
    const entries = await checkedEntries(zip, limits);
    for (const { entry, path } of entries) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await pipeline(await readable(zip.openReadStreamPromise(entry)), proved(entry), createWriteStream(file, { flags: 'wx' })).catch((cause: unknown) => {
        throw asArchiveError(cause);
      });
    }
    return entries.length;
  } finally {
    zip.close();
  }
}

/** Its entries can be listed more than once. */
async function opened(archive: string): Promise<ZipFile> {
  return readable(yauzl.openPromise(archive, { autoClose: false, strictFileNames: true, validateEntrySizes: true }));
}

async function checkedEntries(zip: ZipFile, limits: UploadLimits): Promise<{ entry: Entry; path: string }[]> {
  if (zip.entryCount > limits.files) throw tooLarge(`at most ${limits.files} files in the archive`, String(zip.entryCount));
  const names = new RelativeNames();
  const entries: { entry: Entry; path: string }[] = [];
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      mustBePlain(entry);
      if (entry.fileName.endsWith('/')) {
        if (entry.uncompressedSize > 0) throw unsafe(entry, 'a folder with content');
        continue;
      }
      if (entry.uncompressedSize > limits.bytesPerFile) throw tooLarge(`at most ${limits.bytesPerFile} bytes in a file`, `${entry.uncompressedSize} in ${entry.fileName}`);
      total += entry.uncompressedSize;
      if (total > limits.bytes) throw tooLarge(`at most ${limits.bytes} bytes once unpacked`, 'more');
      if (total > ratioCounts && total > limits.ratio * zip.fileSize) throw tooLarge(`at most ${limits.ratio} times the archive's own size once unpacked`, 'more');
      entries.push({ entry, path: names.take(entry.fileName) });
    }
  } catch (cause) {
    throw asArchiveError(cause);
  }
  return entries;
}

const kinds: Readonly<Record<number, string>> = { 0o120000: 'a link', 0o020000: 'a device', 0o060000: 'a device', 0o010000: 'a pipe', 0o140000: 'a socket' };

function mustBePlain(entry: Entry): void {
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  const isPlain = kind === 0 || kind === 0o100000 || (kind === 0o040000 && entry.fileName.endsWith('/'));
  if (!isPlain) throw unsafe(entry, kinds[kind] ?? 'something else');
  if (entry.isEncrypted()) throw unsafe(entry, 'an encrypted file');
}

/** Passes bytes on that are as the archive says they are. */
function proved({ crc32: expected, fileName }: Entry): Transform {
  let found = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      found = crc32(chunk, found);
      next(null, chunk);
    },
    flush(next) {
      next(found === expected ? null : new Error(`other bytes in ${fileName} than its checksum says`));
    },
  });
}

async function readable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw asArchiveError(cause);
  }
}

/** What the library complains of, in our words; what the disk does stays as it is. */
function asArchiveError(cause: unknown): unknown {
  if (cause instanceof StillroomError || (cause instanceof Error && 'syscall' in cause)) return cause;
  const found = cause instanceof Error ? cause.message : String(cause);
  if (/relative path|absolute path|invalid characters in fileName/i.test(found)) {
    return new StillroomError('unsafe-name', `expected relative paths in the archive, found ${found}`, { hint: 'pack the folder anew', cause });
  }
  return new StillroomError('archive-unreadable', `expected a whole zip archive, found: ${found}`, { hint: 'pack the folder anew, as .zip', cause });
}

function unsafe({ fileName }: Entry, found: string): StillroomError {
  return new StillroomError('archive-unsafe', `expected files and folders in the archive, found ${found}: ${JSON.stringify(fileName.slice(0, 120))}`, { hint: 'pack files themselves, without a password' });
}

export function tooLarge(expected: string, found: string): StillroomError {
  return new StillroomError('upload-too-large', `expected ${expected}, found ${found}`, { hint: 'put the folder into a data root, and register it there' });
}
