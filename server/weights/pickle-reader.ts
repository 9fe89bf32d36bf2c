/** What a pickle of ours can be: it describes data and never runs anything. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleObject;

/** A thing that the pickle's reader made from a name that it allows. */
export interface PickleObject {
  readonly kind: string;
}

/** What is told of a stream besides its message; `weights-corrupt`, and to get the file again, where nothing is said. */
export interface PickleErrorDetails {
  code?: 'weights-unsafe' | 'weights-no-state-dict' | 'weights-unknown-format' | 'weights-too-large' | 'weights-ambiguous';
  hint?: string;
}

/** A stream that is no pickle, ends early, or asks for more than data; the message says what, without a place. */
export class PickleError extends Error {
  readonly details: PickleErrorDetails;

  constructor(message: string, details: PickleErrorDetails = {}) {
    super(message);
    this.details = details;
  }
}

/** A few words for a value of a pickle, however deep or long it is. */
export function describeValue(value: PickleValue | undefined): string {
  if (typeof value === 'string') return `"${value.slice(0, 60)}"`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dictionary of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'object' && value !== null) return `a ${value.kind}`;
  return String(value);
}

/** Reads little-endian numbers and texts from bytes, never beyond their end. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  take(count: number): Uint8Array {
    const end = this.at + count;
    if (end > this.#bytes.length) {
      throw new PickleError(`expected ${count} bytes at ${this.at}, found the end at ${this.#bytes.length}`);
    }
    const taken = this.#bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  uint16(): number {
    return this.#skip(2, (at) => this.#view.getUint16(at, true));
  }

  uint32(): number {
    return this.#skip(4, (at) => this.#view.getUint32(at, true));
  }

  int32(): number {
    return this.#skip(4, (at) => this.#view.getInt32(at, true));
  }

  /** A length that must fit into what is left. */
  length64(): number {
    return Number(this.#skip(8, (at) => this.#view.getBigUint64(at, true)));
  }

  /** Big-endian, as pickles have it. */
  float64(): number {
    return this.#skip(8, (at) => this.#view.getFloat64(at, false));
  }

  text(count: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.take(count));
    } catch (cause) {
      if (cause instanceof PickleError) throw cause;
      throw new PickleError(`expected UTF-8 text before byte ${this.at}`);
    }
  }

  line(): string {
    const end = this.#bytes.indexOf(10, this.at);
    // No name or number of an honest pickle is longer.
    if (end < 0 || end - this.at > 4096) throw new PickleError(`expected a line of text at byte ${this.at}`);
    const line = this.text(end - this.at);
    this.at++;
    return line;
  }

  /** A two's-complement integer; a number where it is exact. */
  long(count: number): number | bigint {
    if (count > 64) throw new PickleError(`expected an integer of at most 64 bytes, found one of ${count}`);
    const bytes = this.take(count);
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    const signed = BigInt.asIntN(count * 8, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  #skip<T>(count: number, read: (at: number) => T): T {
    const { at } = this;
    this.take(count);
    return read(at);
  }
}
