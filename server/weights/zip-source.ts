import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';

/**
 * Bytes of an open file for the zip library, which believes what a damaged archive says: a place outside of the file is
 * answered with an error here, and what the library throws while it is called back rejects `thrown`.
 */
export class ZipSource extends yauzl.RandomAccessReader {
  readonly thrown: Promise<never>;
  readonly #handle: FileHandle;
  readonly #size: number;
  #reject!: (cause: unknown) => void;

  constructor(handle: FileHandle, size: number) {
    super();
    this.#handle = handle;
    this.#size = size;
    this.thrown = new Promise((_, reject) => (this.#reject = reject));
    // Whoever waits for an answer hears of it; nobody may be waiting.
    this.thrown.catch(() => {});
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    void this.#fill(buffer.subarray(offset, offset + length), position)
      .then(() => null, (error: Error) => error)
      .then(callback)
      .catch(this.#reject);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#chunks(start, end), { objectMode: false });
  }

  async *#chunks(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const chunk = Buffer.alloc(Math.min(1 << 20, end - at));
      await this.#fill(chunk, at);
      at += chunk.length;
      yield chunk;
    }
  }

  async #fill(into: Uint8Array, position: number): Promise<void> {
    if (!Number.isSafeInteger(position) || position < 0 || position + into.length > this.#size) {
      throw new RangeError(`a place at ${position}, outside of the file`);
    }
    for (let done = 0; done < into.length; ) {
      const { bytesRead } = await this.#handle.read(into, done, into.length - done, position + done);
      if (bytesRead === 0) throw new RangeError(`the end at ${position + done}`);
      done += bytesRead;
    }
  }
}
