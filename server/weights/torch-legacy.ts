import type { FileHandle } from 'node:fs/promises';
import { asCorrupt } from './as-corrupt.ts';
import { openWeightsFile } from './open-file.ts';
import { describeValue, PickleError, PickleReader, type PickleObject, type PickleValue } from './pickle-reader.ts';
import type { StateDict } from './state-dict.ts';
import { largestPickle, storageBytes, torchNames, type TorchStorage } from './torch-names.ts';
import { stateOf } from './torch-state.ts';
import { unpickle, type PickleNames } from './unpickle.ts';

const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/**
 * The state dict of a file in PyTorch's older format (before 1.6): five pickles (magic number, protocol, machine, the
 * object, keys of storages) and then the storages, each behind its size. Only what the state dict uses is read. Throws
 * `weights-corrupt`, `weights-unsafe`, `weights-no-state-dict`, `weights-too-large`, `weights-unknown-format`.
 */
export async function readTorchLegacy(file: string): Promise<StateDict> {
  const handle = await openWeightsFile(file);
  try {
    const { size } = await handle.stat();
    return await asCorrupt(file, () => parseTorchLegacy(handle, size));
  } finally {
    await handle.close();
  }
}

async function parseTorchLegacy(handle: FileHandle, size: number): Promise<StateDict> {
  const reader = new PickleReader(await readAt(handle, 0, Math.min(size, largestPickle)));
  const found = unpickle(reader, noNames);
  if (found !== magic) throw new PickleError(`expected PyTorch's magic number, found ${describeValue(found)}`, noTorchFile);
  const version = unpickle(reader, noNames);
  if (version !== protocol) throw new PickleError(`expected PyTorch's protocol ${protocol}, found ${describeValue(version)}`);
  const machine = unpickle(reader, noNames);
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new PickleError('expected a file of a little-endian machine, found another');
  }
  const storages = new Map<string, TorchStorage>();
  const value = unpickle(reader, torchNames(storages));
  const keys = unpickle(reader, noNames);
  const places = await findStorages(handle, size, reader.at, keys, storages);
  return stateOf(value, (storage) => {
    const at = places.get(storage.key);
    if (at === undefined) throw new PickleError(`expected storage "${storage.key.slice(0, 60)}", found none`);
    return readAt(handle, at, storageBytes(storage));
  });
}

/** Where each storage's numbers begin in the file. */
async function findStorages(
  handle: FileHandle,
  size: number,
  start: number,
  keys: PickleValue,
  storages: ReadonlyMap<string, TorchStorage>,
): Promise<Map<string, number>> {
  if (!Array.isArray(keys)) throw new PickleError('expected a list of storages, found something else');
  const places = new Map<string, number>();
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || places.has(storage.key)) {
      throw new PickleError(`expected each storage that a tensor uses once, found ${describeValue(key)}`);
    }
    const count = new PickleReader(await readAt(handle, at, 8)).length64();
    if (count !== storage.count) {
      throw new PickleError(`expected ${storage.count} numbers in storage "${storage.key.slice(0, 60)}", found ${count}`);
    }
    places.set(storage.key, at + 8);
    at += 8 + storageBytes(storage);
    if (at > size) throw new PickleError(`expected ${at} bytes, found the end at ${size}`);
  }
  return places;
}

const noTorchFile = {
  code: 'weights-unknown-format',
  hint: 'a pickle of Python alone is no file of weights: save it with `torch.save`, as safetensors or as .npz',
} as const;

const refuse = (): never => {
  throw new PickleError("expected PyTorch's header, found a pickle of something else", noTorchFile);
};
const noNames: PickleNames = { global: refuse as () => PickleObject, call: refuse, persistent: refuse };

async function readAt(handle: FileHandle, at: number, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let done = 0; done < count; ) {
    const { bytesRead } = await handle.read(bytes, done, count - done, at + done);
    if (bytesRead === 0) throw new PickleError(`expected ${at + count} bytes, found the end at ${at + done}`);
    done += bytesRead;
  }
  return bytes;
}
