import { numberFormats, type NumberFormat } from './number-format.ts';
import { PickleError, type PickleObject, type PickleValue } from './pickle-reader.ts';
import type { StridedView } from './strided.ts';
import { formatOfStorage, formatOfType, refuseStrangeTensors } from './torch-numbers.ts';
import type { PickleNames } from './unpickle.ts';

/** Bytes of a pickle that are looked at; what a network's tensors are called fills a thousandth of that. */
export const largestPickle = 64 * 2 ** 20;

/** A run of numbers outside of the pickle. */
export interface TorchStorage extends PickleObject {
  readonly kind: 'storage';
  key: string;
  format: NumberFormat;
  count: number;
}

/** A view of a storage. */
export interface TorchTensor extends PickleObject, StridedView {
  readonly kind: 'tensor';
  storage: TorchStorage;
  /** How the storage's bytes are read. */
  format: NumberFormat;
}

interface Maker extends PickleObject {
  readonly kind: 'maker';
  name: string;
  make(args: readonly PickleValue[]): PickleValue;
}

/** Numbers of a storage, or of a tensor whose storage has bytes only. */
interface NumberType extends PickleObject {
  readonly kind: 'storage type' | 'number type';
  format: NumberFormat;
}

/** A view may repeat its numbers (steps of 0), within reason. */
const mostRepeats = 8;
const alwaysAllowed = 2 ** 22;

const makers: Record<string, Maker['make']> = {
  'collections.OrderedDict': (args) => dictionary(args[0]),
  'collections.Counter': ([counts]) => (counts instanceof Map ? counts : new Map()),
  'builtins.set': ([items]) => listOf(items),
  '__builtin__.set': ([items]) => listOf(items),
  'builtins.frozenset': ([items]) => listOf(items),
  'torch.Size': ([sides]) => listOf(sides),
  'torch.device': ([type, index]) => (typeof index === 'number' ? `${String(type)}:${index}` : type === undefined ? null : type),
  // What training scripts keep beside the weights: settings, paths, figures. Their attributes are not looked at.
  'argparse.Namespace': () => new Map(),
  'types.SimpleNamespace': () => new Map(),
  'pathlib.PosixPath': (parts) => parts.filter((part) => typeof part === 'string').join('/'),
  'pathlib.WindowsPath': (parts) => parts.filter((part) => typeof part === 'string').join('\\'),
  'numpy.dtype': () => new Map(),
  'numpy.core.multiarray.scalar': () => null,
  'numpy._core.multiarray.scalar': () => null,
  'numpy.core.multiarray._reconstruct': () => new Map(),
  'numpy._core.multiarray._reconstruct': () => new Map(),
  '_codecs.encode': ([text]) => (typeof text === 'string' ? text : null),
  'torch._utils._rebuild_tensor': (args) => tensor(args),
  'torch._utils._rebuild_tensor_v2': (args) => tensor(args, { conditions: args[6] }),
  'torch._utils._rebuild_tensor_v3': (args) => tensor(args, { type: args[6], conditions: args[7] }),
  'torch._utils._rebuild_parameter': ([data]) => data ?? null,
  'torch._utils._rebuild_parameter_with_state': ([data]) => data ?? null,
  'torch._tensor._rebuild_from_type_v2': ([maker, , args]) => {
    if (!isKind<Maker>(maker, 'maker') || !Array.isArray(args)) throw new PickleError('expected how a tensor is made, found something else');
    // Only what reads a tensor: else makers could make makers, to any depth.
    if (!/^torch\._utils\._rebuild_(tensor|parameter)/.test(maker.name)) throw new PickleError(`expected a tensor, found "${maker.name}"`);
    return maker.make(args);
  },
};
/** Classes that are named and never made. */
const bare = new Set(['numpy.ndarray', 'torch.Tensor', 'torch.nn.parameter.Parameter', 'torch.nn.Parameter']);

/** The names in a file that `torch.save` wrote; all others are refused. `storages` collects what its tensors need. */
export function torchNames(storages: Map<string, TorchStorage>): PickleNames {
  return {
    global(module, name) {
      const full = `${module}.${name}`;
      if (Object.hasOwn(makers, full)) return { kind: 'maker', name: full, make: makers[full] } as Maker;
      if (bare.has(full)) return { kind: 'class' };
      if (module === 'torch' || module === 'torch.storage') {
        const storage = name === 'UntypedStorage' ? 'U8' : formatOfStorage(name);
        if (storage) return { kind: 'storage type', format: storage } as NumberType;
        const format = formatOfType(name);
        if (format) return { kind: 'number type', format } as NumberType;
      }
      if (module === 'torch._utils') refuseStrangeTensors(name);
      throw stranger(module, full.slice(0, 100));
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

function stranger(module: string, full: string): PickleError {
  if (/^(torch\.(nn|jit|fx)|__torch__|torchvision|timm)(\.|$)/.test(module)) {
    return new PickleError(`expected a state dict (names with tensors), found a whole pickled module with "${full}"`, {
      code: 'weights-no-state-dict',
      hint: 'load it where its code is installed and save `torch.save(model.state_dict(), FILE)`; nothing of it was run here',
    });
  }
  return new PickleError(`expected tensors, numbers, texts and containers, found "${full}"`, {
    code: 'weights-unsafe',
    hint: 'nothing of the file was run; if you trust it, load it where it was made and save `torch.save(model.state_dict(), FILE)`',
  });
}

function storageOf(id: PickleValue): TorchStorage {
  const [tag, type, key, , count, view] = Array.isArray(id) ? id : [];
  const known = isKind<NumberType>(type, 'storage type');
  if (tag !== 'storage' || !known || typeof key !== 'string' || !isCount(count)) {
    throw new PickleError('expected a storage with its type, key and size, found something else');
  }
  if (view !== undefined && view !== null) throw new PickleError(`expected a whole storage, found a view of "${key}"`);
  return { kind: 'storage', key, format: type.format, count };
}

function tensor(
  [storage, offset, shape, steps]: readonly PickleValue[],
  { type, conditions }: { type?: PickleValue | undefined; conditions?: PickleValue | undefined } = {},
): TorchTensor {
  if (!isKind<TorchStorage>(storage, 'storage') || !isCount(offset) || !isCounts(shape) || !isCounts(steps)) {
    throw new PickleError('expected a tensor of storage, offset, size and strides, found something else');
  }
  if (conditions instanceof Map && (conditions.get('conj') || conditions.get('neg'))) {
    throw new PickleError('expected tensors as they are stored, found one that is stored negated or conjugated', {
      code: 'weights-unknown-format',
    });
  }
  if (shape.length !== steps.length) throw new PickleError('expected as many strides as sides of a tensor');
  const format = isKind<NumberType>(type, 'number type') ? type.format : storage.format;
  const held = Math.floor(storageBytes(storage) / numberFormats[format]);
  const count = shape.reduce((a, b) => a * b, 1);
  const last = count === 0 ? offset - 1 : shape.reduce((at, side, k) => at + (side - 1) * steps[k]!, offset);
  if (last >= held || count > mostRepeats * held + alwaysAllowed) {
    throw new PickleError(`expected a tensor within its ${held} numbers, found ${shape.join('×')} at ${offset}`);
  }
  // Copies: a pickle may go on changing a list that it has given.
  return { kind: 'tensor', storage, format, offset, shape: [...shape], steps: [...steps] };
}

function dictionary(items: PickleValue | undefined): Map<PickleValue, PickleValue> {
  if (items === undefined) return new Map();
  if (!Array.isArray(items) || !items.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new PickleError('expected pairs to make a dictionary of, found something else');
  }
  // Taken, not copied: naming one long list again and again must not fill the memory.
  return new Map((items as [PickleValue, PickleValue][]).splice(0));
}

const listOf = (items: PickleValue | undefined): PickleValue[] => (Array.isArray(items) ? items : []);

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
