import { numberFormats, type NumberFormat } from './number-format.ts';
import { PickleError, type PickleObject, type PickleValue } from './pickle-reader.ts';
import type { PickleNames } from './unpickle.ts';

/** A run of numbers outside of the pickle. */
export interface TorchStorage extends PickleObject {
  readonly kind: 'storage';
  key: string;
  format: NumberFormat;
  count: number;
}

/** A view of a storage, in numbers: where it begins, its sides, and the steps along them. */
export interface TorchTensor extends PickleObject {
  readonly kind: 'tensor';
  storage: TorchStorage;
  offset: number;
  shape: readonly number[];
  steps: readonly number[];
}

interface Maker extends PickleObject {
  readonly kind: 'maker';
  name: string;
  make(args: readonly PickleValue[]): PickleValue;
}

interface StorageType extends PickleObject {
  readonly kind: 'storage type';
  format: NumberFormat;
}

const storageTypes: Record<string, NumberFormat> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

const makers: Record<string, Maker['make']> = {
  'collections.OrderedDict': (args) => dictionary(args[0]),
  'torch.Size': ([sides]) => sides ?? [],
  'torch._utils._rebuild_tensor': (args) => tensor(args),
  'torch._utils._rebuild_tensor_v2': (args) => tensor(args),
  'torch._utils._rebuild_parameter': ([data]) => data ?? null,
};

/** The names in a file that `torch.save` wrote; all others are refused. `storages` collects what its tensors need. */
export function torchNames(storages: Map<string, TorchStorage>): PickleNames {
  return {
    global(module, name) {
      const format = module === 'torch' && Object.hasOwn(storageTypes, name) ? storageTypes[name] : undefined;
      if (format) return { kind: 'storage type', format } as StorageType;
      const full = `${module}.${name}`;
      if (Object.hasOwn(makers, full)) return { kind: 'maker', name: full, make: makers[full] } as Maker;
      throw new PickleError(`expected tensors, numbers, texts and containers, found "${full.slice(0, 100)}"`);
    },
    call(callee, args) {
      if (callee.kind !== 'maker') throw new PickleError(`expected something that can be made, found a ${callee.kind}`);
      return (callee as Maker).make(args);
    },
    persistent(id) {
      const storage = storageOf(id);
      const known = storages.get(storage.key);
      if (known && (known.format !== storage.format || known.count !== storage.count)) {
        throw new PickleError(`expected one description of storage "${storage.key}", found two that differ`);
      }
      if (!known) storages.set(storage.key, storage);
      return known ?? storage;
    },
  };
}

function storageOf(id: PickleValue): TorchStorage {
  const [tag, type, key, , count, view] = Array.isArray(id) ? id : [];
  const known = isKind<StorageType>(type, 'storage type');
  if (tag !== 'storage' || !known || typeof key !== 'string' || !isCount(count)) {
    throw new PickleError('expected a storage with its type, key and size, found something else');
  }
  if (view !== undefined && view !== null) throw new PickleError(`expected a whole storage, found a view of "${key}"`);
  return { kind: 'storage', key, format: type.format, count };
}

function tensor([storage, offset, shape, steps]: readonly PickleValue[]): TorchTensor {
  if (!isKind<TorchStorage>(storage, 'storage') || !isCount(offset) || !isCounts(shape) || !isCounts(steps)) {
    throw new PickleError('expected a tensor of storage, offset, size and strides, found something else');
  }
  if (shape.length !== steps.length) throw new PickleError('expected as many strides as sides of a tensor');
  const count = shape.reduce((a, b) => a * b, 1);
  const last = count === 0 ? offset - 1 : shape.reduce((at, side, k) => at + (side - 1) * steps[k]!, offset);
  if (last >= storage.count || count > storage.count) {
    throw new PickleError(`expected a tensor within its ${storage.count} numbers, found ${shape.join('×')} at ${offset}`);
  }
  // Copies: a pickle may go on changing a list that it has given.
  return { kind: 'tensor', storage, offset, shape: [...shape], steps: [...steps] };
}

function dictionary(items: PickleValue | undefined): Map<PickleValue, PickleValue> {
  if (items === undefined) return new Map();
  if (!Array.isArray(items) || !items.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new PickleError('expected pairs to make a dictionary of, found something else');
  }
  // Taken, not copied: naming one long list again and again must not fill the memory.
  return new Map((items as [PickleValue, PickleValue][]).splice(0));
}

export function isKind<T extends PickleObject>(value: PickleValue | undefined, kind: T['kind']): value is T {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 32 && value.every(isCount);
}

/** Bytes of a storage in the file. */
export function storageBytes({ format, count }: TorchStorage): number {
  return count * numberFormats[format];
}
