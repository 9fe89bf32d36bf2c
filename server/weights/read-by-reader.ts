import type { FileHandle } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { WeightReader, WeightsFile } from '../../plugins/sdk/weight-reader.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { openWeightsFile } from './open-file.ts';
import { countOf, describeShape, largestArray, type StateDict } from './state-dict.ts';

/** The first of the readers that says that a file is of its format, by the file's first bytes. Throws `weights-reader-failed`. */
export function readerOf(readers: readonly WeightReader[], start: Uint8Array, file: string): WeightReader | undefined {
  return readers.find((reader) => {
    const found = asReader(reader, file, 'recognise', () => reader.recognises(start.slice()));
    if (typeof found === 'boolean') return found;
    throw failed(reader, file, 'recognise', `expected recognises to give true or false, found ${typeof found}`);
  });
}

/** The state dict of a file in a format of a plugin. Throws `weights-reader-failed`, naming reader and file, and what opening throws. */
export async function readByReader(reader: WeightReader, file: string): Promise<StateDict> {
  const handle = await openWeightsFile(file);
  try {
    const { size } = await handle.stat();
    const asked: WeightsFile = { name: basename(file), path: resolve(file), size, bytes: (from = 0, length = size - from) => bytesOf(handle, size, from, length) };
    const given = await Promise.resolve(asReader(reader, file, 'read', () => reader.read(asked))).catch((cause: unknown) => {
      throw cause instanceof StillroomError && cause.code === 'weights-reader-failed' ? cause : failed(reader, file, 'read', messageOf(cause), cause);
    });
    return mustBeState(given, (why) => failed(reader, file, 'read', why));
  } finally {
    await handle.close();
  }
}

async function bytesOf(handle: FileHandle, size: number, from: number, length: number): Promise<Uint8Array> {
  const wanted = Math.max(0, Math.min(length, size - from));
  if (!Number.isInteger(from) || from < 0 || !Number.isInteger(wanted)) throw new RangeError(`expected bytes from a whole number on, found ${from} and ${length}`);
  if (wanted > largestArray) throw new RangeError(`expected at most ${largestArray} bytes at a time, found ${wanted}`);
  const bytes = new Uint8Array(wanted);
  for (let done = 0; done < wanted; ) {
    const { bytesRead } = await handle.read(bytes, done, wanted - done, from + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

function mustBeState(given: unknown, refuse: (why: string) => StillroomError): StateDict {
  if (!(given instanceof Map)) throw refuse(`expected a Map of arrays by name, found ${given === null ? 'null' : typeof given}`);
  if (given.size === 0) throw refuse('expected arrays, found none');
  for (const [name, array] of given as Map<unknown, { shape?: unknown; data?: unknown } | undefined>) {
    if (typeof name !== 'string' || name === '') throw refuse(`expected names of arrays, found ${JSON.stringify(name)}`);
    const { shape, data } = array ?? {};
    if (!Array.isArray(shape) || !shape.every((side) => Number.isInteger(side) && side >= 0)) throw refuse(`expected a shape of whole numbers for "${name}", found ${JSON.stringify(shape)}`);
    if (!(data instanceof Float32Array)) throw refuse(`expected a Float32Array for "${name}", found ${(data as object | undefined)?.constructor.name ?? 'nothing'}`);
    if (data.length !== countOf(shape as number[])) throw refuse(`expected ${countOf(shape as number[])} numbers for "${name}" of ${describeShape(shape as number[])}, found ${data.length}`);
  }
  return given as StateDict;
}

function asReader<T>(reader: WeightReader, file: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw failed(reader, file, what, messageOf(cause), cause);
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function failed({ name }: WeightReader, file: string, what: string, why: string, cause?: unknown): StillroomError {
  return new StillroomError('weights-reader-failed', `expected the reader "${name}" to ${what} the file, found that it failed: ${why}`, {
    file,
    hint: 'get the file again; if it is sound, this is a defect of the plugin that brings the reader: report it to its authors',
    cause,
  });
}
