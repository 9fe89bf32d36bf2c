import { StillroomError } from '../../plugins/sdk/problem.ts';
import { decodeNumbers } from './number-format.ts';
import { PickleError, type PickleValue } from './pickle-reader.ts';
import { isKind, type TorchStorage, type TorchTensor } from './torch-names.ts';
import { countOf, type StateDict } from './state-dict.ts';

/** Where training programs keep the network's state dict in a checkpoint. */
const checkpointKeys = ['state_dict', 'model_state_dict', 'model', 'net', 'network', 'weights'];

/** Shared weights may be listed twice; a file in which tensors are many times its size is a bomb. */
const mostSharing = 8;

/** The state dict in what a file of PyTorch holds: the whole of it, or what a checkpoint keeps under a usual key. */
export function stateOf(
  value: PickleValue,
  storageData: (storage: TorchStorage) => Uint8Array,
  file: string,
): StateDict {
  const described = tensorsIn(value) ?? tensorsIn(nested(value));
  if (!described) {
    const keys = value instanceof Map ? [...value.keys()].slice(0, 6).map((key) => `"${String(key)}"`).join(', ') : '';
    throw new StillroomError(
      'weights-no-state-dict',
      `expected a state dict (names with tensors), found ${keys ? `a dictionary with ${keys}` : 'something else'}`,
      { file, hint: 'save it anew with `torch.save(model.state_dict(), FILE)`' },
    );
  }
  refuseBomb(described);
  const decoded = new Map<TorchStorage, Float32Array>();
  const numbers = (storage: TorchStorage): Float32Array => {
    const known = decoded.get(storage);
    if (known) return known;
    const fresh = decodeNumbers(storage.format, storageData(storage));
    decoded.set(storage, fresh);
    return fresh;
  };
  return new Map(
    [...described].map(([name, tensor]) => [name, { shape: tensor.shape, data: gather(tensor, numbers(tensor.storage)) }]),
  );
}

function nested(value: PickleValue): PickleValue {
  if (!(value instanceof Map)) return null;
  return checkpointKeys.map((key) => value.get(key)).find((inner) => inner instanceof Map) ?? null;
}

function tensorsIn(value: PickleValue): Map<string, TorchTensor> | undefined {
  if (!(value instanceof Map)) return undefined;
  const found = new Map<string, TorchTensor>();
  for (const [name, tensor] of value) {
    if (typeof name === 'string' && isKind<TorchTensor>(tensor, 'tensor')) found.set(name, tensor);
  }
  return found.size ? found : undefined;
}

function refuseBomb(tensors: ReadonlyMap<string, TorchTensor>): void {
  const stored = [...new Set([...tensors.values()].map(({ storage }) => storage))];
  const held = stored.reduce((sum, { count }) => sum + count, 0);
  const named = [...tensors.values()].reduce((sum, { shape }) => sum + countOf(shape), 0);
  if (named > mostSharing * held) {
    throw new PickleError(`expected tensors of about the ${held} numbers that are stored, found ${named}`);
  }
}

/** The numbers of a view, row-major. */
function gather({ offset, shape, steps }: TorchTensor, numbers: Float32Array): Float32Array {
  const count = countOf(shape);
  if (isRowMajor(shape, steps)) return numbers.subarray(offset, offset + count);
  const result = new Float32Array(count);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    result[to] = numbers[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

function isRowMajor(shape: readonly number[], steps: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && steps[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}
