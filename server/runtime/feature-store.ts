import { mkdtempSync, mkdirSync, openSync, closeSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of float32 of one length, in memory while the budget lasts and in a file beyond it. Reads give what was written. */
interface Rows {
  write(index: number, row: Float32Array): void;
  read(index: number, into: Float32Array): void;
}

/**
 * Keeps frozen features across epochs and fits. Rows beyond the memory budget go to a scratch folder, which
 * `dispose` removes.
 */
export class FeatureStore {
  #left: number;
  readonly #scratch: string;
  #folder: string | undefined;
  readonly #files: number[] = [];
  readonly #rows = new Map<string, Rows>();

  /** `budget` in bytes; `scratch` is the folder under which a scratch folder may be made. */
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
    const rows = inMemory ? memoryRows(count, length) : this.#fileRows(length);
    this.#rows.set(key, rows);
    return rows;
  }

  get(key: string): Rows {
    const rows = this.#rows.get(key);
    if (!rows) throw new Error(`no features are kept for "${key}"`);
    return rows;
  }

  dispose(): void {
    for (const file of this.#files) closeSync(file);
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    this.#rows.clear();
  }

  #fileRows(length: number): Rows {
    if (!this.#folder) {
      mkdirSync(this.#scratch, { recursive: true });
      this.#folder = mkdtempSync(join(this.#scratch, 'features-'));
    }
    const file = openSync(join(this.#folder, `${this.#files.length}.f32`), 'w+');
    this.#files.push(file);
    const bytes = 4 * length;
    return {
      write: (index, row) => void writeSync(file, row, 0, bytes, index * bytes),
      read: (index, into) => void readSync(file, into, 0, bytes, index * bytes),
    };
  }
}

function memoryRows(count: number, length: number): Rows {
  const all = new Float32Array(count * length);
  return {
    write: (index, row) => all.set(row, index * length),
    read: (index, into) => into.set(all.subarray(index * length, (index + 1) * length)),
  };
}
