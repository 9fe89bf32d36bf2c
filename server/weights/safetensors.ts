import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { safetensorsPieces, type EncodedTensor } from '../../plugins/sdk/safetensors.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { decodeNumbers, encodeHalves, isNumberFormat, numberFormats } from './number-format.ts';
import { openWeightsFile } from './open-file.ts';
import { countOf, describeShape, largestArray, type StateDict } from './state-dict.ts';

/** The format's own limit, so that a hostile length cannot make us reserve more. */
const largestHeader = 100_000_000;

const byteOffset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(byteOffset),
    data_offsets: z.tuple([byteOffset, byteOffset]),
  }),
);
const metadataSchema = z.record(z.string(), z.string());

export interface SafetensorsContent {
  tensors: StateDict;
  metadata: Record<string, string>;
}

/** The tensors of a safetensors file as float32. Throws `weights-corrupt`, `weights-unknown-format`, `file-not-found`. */
export async function readSafetensors(file: string): Promise<StateDict> {
  return (await readSafetensorsContent(file)).tensors;
}

/** The tensors and the metadata of a safetensors file. */
export async function readSafetensorsContent(file: string): Promise<SafetensorsContent> {
  const handle = await openWeightsFile(file);
  try {
    const { size } = await handle.stat();
    const { entries, metadata, start } = await readHeader(handle, size, file);
    const tensors: StateDict = new Map();
    for (const { name, format, shape, begin, end } of entries) {
      const bytes = new Uint8Array(end - begin);
      await readExactly(handle, bytes, start + begin, file);
      tensors.set(name, { shape, data: decodeNumbers(format, bytes) });
    }
    return { tensors, metadata };
  } finally {
    await handle.close();
  }
}

/** Names and shapes of the tensors by the header alone; there are no numbers. Throws as `readSafetensors`. */
export async function readSafetensorsOutline(file: string): Promise<StateDict> {
  const handle = await openWeightsFile(file);
  try {
    const { size } = await handle.stat();
    const { entries } = await readHeader(handle, size, file);
    return new Map(entries.map(({ name, shape }) => [name, { shape, data: new Float32Array() }]));
  } finally {
    await handle.close();
  }
}

interface Entry {
  name: string;
  format: keyof typeof numberFormats;
  shape: readonly number[];
  begin: number;
  end: number;
}

async function readHeader(
  handle: FileHandle,
  size: number,
  file: string,
): Promise<{ entries: Entry[]; metadata: Record<string, string>; start: number }> {
  const prefix = new Uint8Array(8);
  await readExactly(handle, prefix, 0, file);
  const stated = new DataView(prefix.buffer).getBigUint64(0, true);
  if (stated > BigInt(Math.min(largestHeader, size - 8))) {
    throw corrupt(file, `expected a header within the file's ${size} bytes, found one of ${stated} bytes`);
  }
  const length = Number(stated);
  const bytes = new Uint8Array(length);
  await readExactly(handle, bytes, 8, file);
  const { __metadata__: extra, ...described } = parseHeader(bytes, file);
  const header = headerSchema.safeParse(described);
  const metadata = metadataSchema.safeParse(extra ?? {});
  if (!header.success || !metadata.success) {
    const [issue] = (header.error ?? metadata.error)!.issues;
    throw corrupt(file, `expected a header of tensors, found at "${issue!.path.join('.')}": ${issue!.message}`);
  }
  const entries = Object.entries(header.data).map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
    if (!isNumberFormat(dtype)) {
      throw new StillroomError('weights-unknown-format', `expected numbers of a known format, found ${dtype}`, {
        file,
        field: name,
        hint: `save the file as one of ${Object.keys(numberFormats).join(', ')}`,
      });
    }
    const needed = countOf(shape) * numberFormats[dtype];
    if (end - begin !== needed) {
      const found = `${begin} to ${end}`;
      throw corrupt(file, `expected ${needed} bytes for ${describeShape(shape)} ${dtype}, found bytes ${found}`, name);
    }
    if (needed > largestArray) {
      throw new StillroomError('weights-too-large', `expected a tensor of at most ${largestArray} bytes, found one of ${needed}`, {
        file,
        field: name,
        hint: 'name a file of a backbone',
      });
    }
    return { name, format: dtype, shape, begin, end };
  });
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  refuseGaps(entries, size - 8 - length, file);
  return { entries, metadata: metadata.data, start: 8 + length };
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Told below, with what was expected.
  }
  throw corrupt(file, 'expected a safetensors header in JSON, found something else');
}

/** The tensors, in order, must cover the data once, without holes and overlaps; what a header names twice leaves a hole. */
function refuseGaps(entries: readonly Entry[], size: number, file: string): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) {
      const what = begin < at ? 'overlapping the tensor before it' : 'leaving a hole';
      throw corrupt(file, `expected its data from byte ${at}, found it from ${begin}, ${what}`, name);
    }
    at = end;
  }
  if (at !== size) throw corrupt(file, `expected ${at} bytes of tensor data, found ${size}`);
}

/**
 * Writes tensors in the map's order, atomically: an older file of that name stays until the new one is whole.
 * `F16` halves the size and rounds to 11 bits. Throws `cannot-write`.
 */
export async function writeSafetensors(
  file: string,
  tensors: StateDict,
  metadata: Readonly<Record<string, string>> = {},
  { format = 'F32' }: { format?: 'F32' | 'F16' } = {},
): Promise<void> {
  const encoded = [...tensors].map(([name, { shape, data }]): [string, EncodedTensor] => {
    if (countOf(shape) !== data.length) {
      throw new RangeError(`"${name}" has ${data.length} numbers, its shape is ${describeShape(shape)}`);
    }
    const bytes = format === 'F16' ? encodeHalves(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, { dtype: format, shape, bytes }];
  });
  const chunks = safetensorsPieces(encoded, metadata);
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  await writeFileAtomically(file, (handle) => writeAll(handle, chunks), bytes);
}

/** In as few calls as can be, as each waits for its turn on a thread that computes. */
async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left);
    const next = left.findIndex(({ length }) => {
      const isPartial = bytesWritten < length;
      if (!isPartial) bytesWritten -= length;
      return isPartial;
    });
    left = next < 0 ? [] : [left[next]!.subarray(bytesWritten), ...left.slice(next + 1)];
  }
}

async function readExactly(handle: FileHandle, into: Uint8Array, at: number, file: string): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) throw corrupt(file, `expected ${at + into.length} bytes, found ${at + done}`);
    done += bytesRead;
  }
}

function corrupt(file: string, message: string, field?: string): StillroomError {
  return new StillroomError('weights-corrupt', field ? `tensor "${field}": ${message}` : message, {
    file,
    ...(field ? { field } : {}),
    hint: 'get the file again: it is damaged or no safetensors file',
  });
}
