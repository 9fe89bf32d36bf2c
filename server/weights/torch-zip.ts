import { PickleError, PickleReader } from './pickle-reader.ts';
import type { StateDict } from './state-dict.ts';
import { largestPickle, storageBytes, torchNames, type TorchStorage } from './torch-names.ts';
import { stateOf } from './torch-state.ts';
import { unpickle } from './unpickle.ts';
import type { ZipReader } from './zip-file.ts';

const picklePath = /^[^/]+\/data\.pkl$/;

/**
 * The state dict of a file in PyTorch's present format: a zip of `NAME/data.pkl` and one `NAME/data/KEY` a storage,
 * nothing of it compressed. Only what the state dict uses is read. Throws `PickleError`.
 */
export async function parseTorchZip(zip: ZipReader): Promise<StateDict> {
  const pickle = zip.names.find((name) => picklePath.test(name));
  if (!pickle) throw new PickleError('expected a zip with data.pkl as PyTorch writes it, found another');
  const folder = pickle.slice(0, -'data.pkl'.length);
  if (zip.has(`${folder}byteorder`)) {
    const order = Buffer.from(await zip.read(`${folder}byteorder`, { stored: true })).toString();
    if (order !== 'little') throw new PickleError('expected a file of a little-endian machine, found another');
  }
  if (zip.sizeOf(pickle) > largestPickle) {
    throw new PickleError(`expected a data.pkl of ${largestPickle} bytes at most, found ${zip.sizeOf(pickle)}`, {
      code: 'weights-too-large',
    });
  }
  const value = unpickle(new PickleReader(await zip.read(pickle, { stored: true })), torchNames(new Map()));
  return stateOf(value, async (storage: TorchStorage) => {
    const path = `${folder}data/${storage.key}`;
    if (!zip.has(path)) throw new PickleError(`expected storage "${storage.key.slice(0, 60)}", found none`);
    const needed = storageBytes(storage);
    const found = zip.sizeOf(path);
    if (found !== needed) throw new PickleError(`expected ${needed} bytes in storage "${storage.key}", found ${found}`);
    const bytes = await zip.read(path, { stored: true });
    if (bytes.length !== needed) throw new PickleError(`expected ${needed} bytes in storage "${storage.key}", found ${bytes.length}`);
    return bytes;
  });
}
