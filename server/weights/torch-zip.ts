import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { asCorrupt } from './torch-legacy.ts';
import { openWeightsFile } from './open-file.ts';
import { PickleError, PickleReader } from './pickle-reader.ts';
import type { StateDict } from './state-dict.ts';
import { storageBytes, torchNames, type TorchStorage } from './torch-names.ts';
import { stateOf } from './torch-state.ts';
import { unpickle } from './unpickle.ts';

function openZip(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

/**
 * The state dict of a file in PyTorch's present format: a zip of `NAME/data.pkl` and one `NAME/data/KEY` a storage,
 * nothing of it compressed. Throws `weights-corrupt`, `weights-no-state-dict`.
 */
export async function readTorchZip(file: string): Promise<StateDict> {
  await (await openWeightsFile(file)).close();
  return asCorrupt(file, async () => {
    const zip = await openZip(file).catch(asPickleError);
    try {
      return await parseTorchZip(zip, file);
    } finally {
      zip.close();
    }
  });
}

async function parseTorchZip(zip: ZipFile, file: string): Promise<StateDict> {
  const entries = await listEntries(zip);
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (!pickle) throw new PickleError('expected a zip with data.pkl as PyTorch writes it, found another');
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && Buffer.from(await readEntry(zip, order)).toString() !== 'little') {
    throw new PickleError('expected a file of a little-endian machine, found another');
  }
  const storages = new Map<string, TorchStorage>();
  const value = unpickle(new PickleReader(await readEntry(zip, entries.get(pickle)!)), torchNames(storages));
  const data = new Map<string, Uint8Array>();
  for (const storage of storages.values()) {
    const entry = entries.get(`${folder}data/${storage.key}`);
    if (!entry) throw new PickleError(`expected storage "${storage.key}", found none`);
    const needed = storageBytes(storage);
    if (entry.uncompressedSize !== needed) {
      throw new PickleError(`expected ${needed} bytes in storage "${storage.key}", found ${entry.uncompressedSize}`);
    }
    data.set(storage.key, await readEntry(zip, entry));
  }
  return stateOf(value, (storage) => data.get(storage.key)!, file);
}

function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise<Map<string, Entry>>((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  }).catch(asPickleError);
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  // A compressed entry could unfold to a thousand times the file.
  if (entry.compressionMethod !== 0 || entry.compressedSize !== entry.uncompressedSize) {
    throw new PickleError(`expected "${entry.fileName}" stored as PyTorch stores it, found it compressed`);
  }
  return new Promise<Uint8Array>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => resolve(Buffer.concat(chunks)));
      stream.once('error', reject);
    });
  }).catch(asPickleError);
}

/** What the zip library says of a damaged file is told as such. */
function asPickleError(cause: unknown): never {
  if (cause instanceof PickleError) throw cause;
  throw new PickleError(`expected a whole zip file, found: ${cause instanceof Error ? cause.message : String(cause)}`);
}
