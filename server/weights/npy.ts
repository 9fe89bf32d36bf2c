import { decodeNumbers, numberFormats, type NumberFormat } from './number-format.ts';
import { PickleError } from './pickle-reader.ts';
import type { StateTensor } from './state-dict.ts';
import { columnMajorSteps, gather } from './strided.ts';

const formats: Readonly<Record<string, NumberFormat>> = {
  f2: 'F16', f4: 'F32', f8: 'F64', i1: 'I8', i2: 'I16', i4: 'I32', i8: 'I64', u1: 'U8', u2: 'U16', u4: 'U32', u8: 'U64', b1: 'BOOL',
};
/** NumPy's own reader takes no longer one that it did not write itself. */
const largestHeader = 10_000;

/** Whether bytes begin as a `.npy` does. */
export const isNpy = (bytes: Uint8Array): boolean => '\x93NUMPY' === String.fromCharCode(...bytes.subarray(0, 6));

/**
 * One array of NumPy's `.npy` (versions 1–3), row-major as float32; both byte orders, both layouts. Arrays of objects are
 * pickles and refused. Source: NEP 1. Throws `PickleError`.
 */
export function parseNpy(bytes: Uint8Array): StateTensor {
  const { format, swapped, fortran, shape, start } = parseHeader(bytes);
  const count = shape.reduce((a, b) => a * b, 1);
  const found = bytes.length - start;
  if (count * numberFormats[format] !== found) {
    throw new PickleError(`expected ${count * numberFormats[format]} bytes of numbers for ${shape.join('×') || 'one'}, found ${found}`);
  }
  const width = numberFormats[format];
  const data = decodeNumbers(format, swapped ? reversed(bytes.subarray(start), width) : bytes.subarray(start));
  return { shape, data: fortran ? gather({ offset: 0, shape, steps: columnMajorSteps(shape) }, data) : data };
}

interface Header {
  format: NumberFormat;
  /** Big-endian. */
  swapped: boolean;
  fortran: boolean;
  shape: number[];
  /** Where the numbers begin. */
  start: number;
}

function parseHeader(bytes: Uint8Array): Header {
  if (!isNpy(bytes)) throw new PickleError("expected NumPy's magic word, found something else");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6];
  const prefix = version === 1 ? 10 : 12;
  if (version === undefined || version < 1 || version > 3) throw new PickleError(`expected NumPy's format 1 to 3, found ${version}`);
  if (bytes.length < prefix) throw new PickleError(`expected a header, found the end at ${bytes.length}`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = prefix + length;
  if (length > largestHeader || start > bytes.length) {
    throw new PickleError(`expected a header of ${Math.min(largestHeader, bytes.length - prefix)} bytes at most, found one of ${length}`);
  }
  const text = Buffer.from(bytes.subarray(prefix, start)).toString('latin1');
  const found = /^\{'descr': (?<descr>'[^']{1,20}'|\[.*\]), 'fortran_order': (?<order>True|False), 'shape': \((?<shape>[\d, ]*)\),? ?\}\s*$/.exec(text);
  if (!found?.groups) throw new PickleError(`expected NumPy's header, found ${JSON.stringify(text.slice(0, 60))}`);
  const { descr = '', order, shape: sides = '' } = found.groups;
  return {
    ...numbersOf(descr),
    fortran: order === 'True',
    shape: sidesOf(sides),
    start,
  };
}

function numbersOf(descr: string): Pick<Header, 'format' | 'swapped'> {
  const [, order = '', kind = ''] = /^'([<>=|]?)(\w+)'$/.exec(descr) ?? [];
  if (kind === 'O' || descr.includes('O')) {
    throw new PickleError('expected numbers, found an array of objects, which is a pickle', {
      code: 'weights-unsafe',
      hint: 'save each tensor as an array of its own: `np.savez(FILE, **{name: array, …})`; nothing of the file was run',
    });
  }
  const format = Object.hasOwn(formats, kind) ? formats[kind] : undefined;
  if (!format) {
    throw new PickleError(`expected real numbers, found NumPy's type ${descr.slice(0, 40)}`, {
      code: 'weights-unknown-format',
      hint: 'save the array as float32',
    });
  }
  return { format, swapped: order === '>' };
}

function sidesOf(text: string): number[] {
  const sides = text.split(',').map((side) => side.trim()).filter(Boolean).map(Number);
  if (sides.length > 32 || !sides.every(Number.isSafeInteger)) throw new PickleError(`expected a shape, found (${text.slice(0, 60)})`);
  return sides;
}

/** A copy with the bytes of every number the other way round. */
function reversed(bytes: Uint8Array, width: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += width) {
    for (let byte = 0; byte < width; byte++) result[at + byte] = bytes[at + width - 1 - byte]!;
  }
  return result;
}
