import { StillroomError } from '../../plugins/sdk/problem.ts';
import { openWeightsFile } from './open-file.ts';
import { PickleError, PickleReader, type PickleObject, type PickleValue } from './pickle-reader.ts';
import type { StateDict } from './state-dict.ts';
import { storageBytes, torchNames, type TorchStorage } from './torch-names.ts';
import { stateOf } from './torch-state.ts';
import { unpickle, type PickleNames } from './unpickle.ts';

const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;
/** What Node reads at once. */
const largestFile = 2 ** 31 - 1;

/**
 * The state dict of a file in PyTorch's older format (before 1.6): five pickles (magic number, protocol, machine, the
 * object, keys of storages) and then the storages, each behind its size. Throws `weights-corrupt`,
 * `weights-no-state-dict`, `weights-too-large`.
 */
export async function readTorchLegacy(file: string): Promise<StateDict> {
  const bytes = await readWhole(file);
  return asCorrupt(file, () => parseTorchLegacy(bytes, file));
}

function parseTorchLegacy(bytes: Uint8Array, file: string): StateDict {
  const reader = new PickleReader(bytes);
  if (unpickle(reader, noNames) !== magic) throw new PickleError("expected PyTorch's magic number, found another");
  const version = unpickle(reader, noNames);
  if (version !== protocol) throw new PickleError(`expected PyTorch's protocol ${protocol}, found ${String(version)}`);
  const machine = unpickle(reader, noNames);
  if (!(machine instanceof Map) || machine.get('little_endian') !== true) {
    throw new PickleError('expected a file of a little-endian machine, found another');
  }
  const storages = new Map<string, TorchStorage>();
  const value = unpickle(reader, torchNames(storages));
  const data = readStorages(reader, unpickle(reader, noNames), storages);
  return stateOf(value, (storage) => data.get(storage.key)!, file);
}

function readStorages(
  reader: PickleReader,
  keys: PickleValue,
  storages: ReadonlyMap<string, TorchStorage>,
): Map<string, Uint8Array> {
  if (!Array.isArray(keys)) throw new PickleError('expected a list of storages, found something else');
  const data = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw new PickleError(`expected a storage that a tensor uses, found "${String(key).slice(0, 40)}"`);
    const count = reader.length64();
    if (count !== storage.count) {
      throw new PickleError(`expected ${storage.count} numbers in storage "${storage.key}", found ${count}`);
    }
    data.set(storage.key, reader.take(storageBytes(storage)));
  }
  for (const key of storages.keys()) if (!data.has(key)) throw new PickleError(`expected storage "${key}", found none`);
  return data;
}

const refuse = (): never => {
  throw new PickleError("expected PyTorch's header, found a pickle of something else");
};
const noNames: PickleNames = { global: refuse as () => PickleObject, call: refuse, persistent: refuse };

/** Runs a parser, saying of what it does not understand which file it was. */
export async function asCorrupt<T>(file: string, parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (cause) {
    if (!(cause instanceof PickleError)) throw cause;
    throw new StillroomError('weights-corrupt', cause.message, {
      file,
      hint: 'get the file again, or save it anew with `torch.save(model.state_dict(), FILE)`',
      cause,
    });
  }
}

async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await openWeightsFile(file);
  try {
    const { size } = await handle.stat();
    if (size > largestFile) {
      throw new StillroomError('weights-too-large', `expected at most 2 GiB in this older format, found ${size} bytes`, {
        file,
        hint: 'save it anew as safetensors',
      });
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
