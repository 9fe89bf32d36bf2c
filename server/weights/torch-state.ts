import { findStateDict } from './checkpoint.ts';
import { decodeNumbers } from './number-format.ts';
import { PickleError, type PickleValue } from './pickle-reader.ts';
import { countOf, largestArray, type StateDict, type StateTensor } from './state-dict.ts';
import { gather } from './strided.ts';
import { storageBytes, type TorchStorage, type TorchTensor } from './torch-names.ts';

/** Shared weights may be listed twice; a file in which tensors are many times its size is a bomb. */
const mostSharing = 8;
const alwaysAllowed = 2 ** 22;
const mostTensors = 100_000;

/**
 * The state dict in what a file of PyTorch holds, as float32: integers and booleans as the numbers they are, wider ones
 * rounded to the nearest. `storageData` gives the bytes of a storage and is asked once for each that is used.
 */
export async function stateOf(
  value: PickleValue,
  storageData: (storage: TorchStorage) => Promise<Uint8Array>,
): Promise<StateDict> {
  const described = findStateDict(value);
  refuseBomb(described);
  const byStorage = new Map<TorchStorage, [name: string, tensor: TorchTensor][]>();
  for (const [name, tensor] of described) {
    const sharing = byStorage.get(tensor.storage);
    if (sharing) sharing.push([name, tensor]);
    else byStorage.set(tensor.storage, [[name, tensor]]);
  }
  const read = new Map<string, StateTensor>();
  for (const [storage, tensors] of byStorage) {
    const bytes = await storageData(storage);
    const decoded = new Map(tensors.map(([, { format }]) => [format, undefined as Float32Array | undefined]));
    for (const [name, tensor] of tensors) {
      const numbers = decoded.get(tensor.format) ?? decodeNumbers(tensor.format, bytes);
      decoded.set(tensor.format, numbers);
      read.set(name, { shape: tensor.shape, data: gather(tensor, numbers) });
    }
  }
  return new Map([...described.keys()].map((name) => [name, read.get(name)!]));
}

function refuseBomb(tensors: ReadonlyMap<string, TorchTensor>): void {
  const tooLarge = (message: string): PickleError => new PickleError(message, { code: 'weights-too-large' });
  if (tensors.size > mostTensors) throw tooLarge(`expected at most ${mostTensors} tensors, found ${tensors.size}`);
  const stored = [...new Set([...tensors.values()].map(({ storage }) => storage))];
  const longest = Math.max(...stored.map(storageBytes));
  if (longest > largestArray) throw tooLarge(`expected storages of at most ${largestArray} bytes, found one of ${longest}`);
  const held = stored.reduce((sum, storage) => sum + storageBytes(storage), 0);
  const named = [...tensors.values()].reduce((sum, { shape }) => sum + countOf(shape), 0);
  if (named > mostSharing * held + alwaysAllowed) {
    throw tooLarge(`expected tensors of about the ${held} bytes that are stored, found ${named} numbers`);
  }
}
