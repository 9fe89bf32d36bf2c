import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { openWeightsFile } from './open-file.ts';
import { PickleError } from './pickle-reader.ts';
import { ZipSource } from './zip-source.ts';

/** A network has some hundreds of tensors. */
const mostEntries = 100_000;
/** Weights hardly shrink when they are compressed; what unfolds to far more than the file is a bomb. */
const mostInflation = 20;
const alwaysAllowed = 64 * 2 ** 20;

/** Files of an archive by name, read one at a time. */
export interface ZipReader {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Bytes of a file once unpacked, as the archive states it. */
  sizeOf(name: string): number;
  /** Its bytes; `stored` refuses one that is compressed. */
  read(name: string, how?: { stored?: boolean }): Promise<Uint8Array>;
}

/**
 * Opens a zip for `use` and closes it behind it. Refused are archives that claim more than their file can hold: too many
 * entries, entries that lie over each other, entries that unfold to many times the file. Throws `PickleError`, and what
 * opening a file throws.
 */
export async function withZip<T>(file: string, use: (zip: ZipReader) => Promise<T>): Promise<T> {
  const handle = await openWeightsFile(file);
  try {
    const { size } = await handle.stat();
    const source = new ZipSource(handle, size);
    return await Promise.race([readZip(source, size, use), source.thrown.catch(asPickleError)]);
  } finally {
    await handle.close();
  }
}

async function readZip<T>(source: ZipSource, size: number, use: (zip: ZipReader) => Promise<T>): Promise<T> {
  const zip = await open(source, size).catch(asPickleError);
  // The library reports some faults twice; the second must not be an unhandled one.
  zip.on('error', () => {});
  if (zip.entryCount > mostEntries) throw tooLarge(`expected at most ${mostEntries} entries, found ${zip.entryCount}`);
  const entries = await list(zip).catch(asPickleError);
  refuseBomb([...entries.values()], size);
  const named = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry) return entry;
    throw new PickleError(`expected "${name.slice(0, 100)}" in the zip file, found none`);
  };
  return use({
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    sizeOf: (name) => named(name).uncompressedSize,
    read: (name, { stored = false } = {}) => readEntry(zip, named(name), stored).catch(asPickleError),
  });
}

function open(source: ZipSource, size: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.fromRandomAccessReader(source, size, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    );
  });
}

function list(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise<Map<string, Entry>>((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) {
        reject(new PickleError(`expected names once in a zip file, found "${entry.fileName.slice(0, 100)}" twice`));
        return;
      }
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}

function refuseBomb(entries: readonly Entry[], size: number): void {
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  if (packed > size) {
    throw tooLarge(`expected entries of ${size} bytes together, as the file has, found ${packed}: they lie over each other`);
  }
  const unpacked = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  if (unpacked > Math.max(alwaysAllowed, mostInflation * size)) {
    throw tooLarge(`expected entries that unfold to ${mostInflation} times the file at most, found ${unpacked} bytes of ${size}`);
  }
}

function readEntry(zip: ZipFile, entry: Entry, stored: boolean): Promise<Uint8Array> {
  return new Promise<Uint8Array>((resolve, reject) => {
    if (stored && (entry.compressionMethod !== 0 || entry.compressedSize !== entry.uncompressedSize)) {
      throw new PickleError(`expected "${entry.fileName.slice(0, 100)}" stored as PyTorch stores it, found it compressed`);
    }
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => resolve(Buffer.concat(chunks)));
      stream.on('error', reject);
    });
  });
}

function tooLarge(message: string): PickleError {
  return new PickleError(message, { code: 'weights-too-large', hint: 'get the file again from whom you trust' });
}

/** What the zip library says of a damaged file is told as such. */
function asPickleError(cause: unknown): never {
  if (cause instanceof PickleError) throw cause;
  throw new PickleError(`expected a whole zip file, found: ${cause instanceof Error ? cause.message : String(cause)}`);
}
