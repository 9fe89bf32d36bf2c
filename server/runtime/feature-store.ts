import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { asWriteError } from '../atomic-file.ts';

/** Rows of float32 of one length, in memory while the budget lasts and in a file beyond it. Reads give what was written. */
interface Rows {
  write(index: number, row: Float32Array): void;
  read(index: number, into: Float32Array): void;
}

/** Keeps frozen features across epochs and fits. Rows beyond the memory budget go to files without a name. */
export class FeatureStore {
  #left: number;
  readonly #scratch: string;
  readonly #files: number[] = [];
  readonly #rows = new Map<string, Rows>();

  /** `budget` in bytes; `scratch` is the folder on whose disk the rest goes. */
  constructor(budget: number, scratch: string) {
    this.#left = budget;
    this.#scratch = scratch;
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** Room for `count` rows of `length` numbers. */
  create(key: string, count: number, length: number): Rows {
    const bytes = 4 * count * length;
    const inMemory = bytes <= this.#left;
    if (inMemory) this.#left -= bytes;
    const rows = inMemory ? memoryRows(count, length) : this.#fileRows(count, length);
    this.#rows.set(key, rows);
    return rows;
  }

  get(key: string): Rows {
    const rows = this.#rows.get(key);
    if (!rows) throw new Error(`no features are kept for "${key}"`);
    return rows;
  }

  /** Does what takes so many bytes of the scratch folder's disk in the end. */
  #orSayWhy<T>(bytes: number, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const error = asWriteError(cause, this.#scratch, bytes);
      if (!(error instanceof StillroomError)) throw error;
      throw new StillroomError(error.code, error.message.replace('this file', 'features kept across epochs'), {
        file: this.#scratch,
        hint: `${error.code === 'disk-full' ? 'free some space there, ' : ''}set STILLROOM_CACHE to a folder on another disk, or run with --no-feature-cache`,
        cause,
      });
    }
  }

  dispose(): void {
    for (const file of this.#files) closeSync(file);
    this.#rows.clear();
  }

  #fileRows(count: number, length: number): Rows {
    const bytes = 4 * length;
    const file = this.#orSayWhy(count * bytes, () => namelessFile(this.#scratch));
    this.#files.push(file);
    return {
      write: (index, row) => this.#orSayWhy(count * bytes, () => writeAll(file, row, index * bytes)),
      read: (index, into) => readAll(file, into, index * bytes),
    };
  }
}

/** A file that is removed while it is open: its space is free again however the process ends. */
function namelessFile(scratch: string): number {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, 'features-'));
  const file = openSync(join(folder, 'rows.f32'), 'w+');
  rmSync(folder, { recursive: true });
  return file;
}

function writeAll(file: number, row: Float32Array, at: number): void {
  const bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

function readAll(file: number, into: Float32Array, at: number): void {
  const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, at + done);
    if (read === 0) throw new Error('features were read that have not been written');
    done += read;
  }
}

function memoryRows(count: number, length: number): Rows {
  const all = new Float32Array(count * length);
  return {
    write: (index, row) => all.set(row, index * length),
    read: (index, into) => into.set(all.subarray(index * length, (index + 1) * length)),
  };
}
