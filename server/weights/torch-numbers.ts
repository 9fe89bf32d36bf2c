import type { NumberFormat } from './number-format.ts';
import { PickleError } from './pickle-reader.ts';

/** PyTorch's storages of numbers that become float32, by the name of the class. */
const storages: Readonly<Record<string, NumberFormat>> = {
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

/** Types that newer versions name beside a storage of bytes. */
const types: Readonly<Record<string, NumberFormat>> = {
  float64: 'F64',
  double: 'F64',
  float32: 'F32',
  float: 'F32',
  float16: 'F16',
  half: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

const refusedStorage = /^(Complex|Q[A-Z])\w*Storage$/;
const refusedType = /^(complex|cfloat|cdouble|chalf|q|float8|float4|bits|u?int[1-7]$)\w*$/;
const refusedMaker = /^_rebuild_(qtensor|sparse\w*|nested_tensor|meta_tensor_no_storage|device_tensor\w*|wrapper_subclass)$/;

/** Numbers of a storage class; undefined where PyTorch has none of that name. Throws for complex and quantised ones. */
export function formatOfStorage(name: string): NumberFormat | undefined {
  if (refusedStorage.test(name)) throw refused(`torch.${name}`);
  return Object.hasOwn(storages, name) ? storages[name] : undefined;
}

/** Numbers of a `torch.dtype`, in the same way. */
export function formatOfType(name: string): NumberFormat | undefined {
  if (refusedType.test(name)) throw refused(`torch.${name}`);
  return Object.hasOwn(types, name) ? types[name] : undefined;
}

/** Throws where a function of `torch._utils` makes quantised, sparse or other tensors that are no plain arrays. */
export function refuseStrangeTensors(name: string): void {
  if (refusedMaker.test(name)) throw refused(`torch._utils.${name}`);
}

function refused(name: string): PickleError {
  return new PickleError(`expected tensors of real numbers, found "${name.slice(0, 100)}"`, {
    code: 'weights-unknown-format',
    hint: 'save dense tensors of float32 or another real type: complex, quantised and sparse ones have no place in these networks',
  });
}
