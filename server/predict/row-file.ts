import type { FileHandle } from 'node:fs/promises';
import { writeFileAtomically } from '../atomic-file.ts';

/** Text that is written line by line as it comes. */
export interface RowSink {
  write(text: string): Promise<void>;
  /** All is written. */
  end(): Promise<void>;
  /** It will not be: what a file held before stays. */
  abandon(): Promise<void>;
}

/** A file that has its name once it is whole; until then another one of that name stays. Throws `cannot-write`. */
export async function openRowFile(file: string): Promise<RowSink> {
  let close!: { whole: () => void; half: (why: unknown) => void };
  const closed = new Promise<void>((resolve, reject) => (close = { whole: resolve, half: reject }));
  let whole!: Promise<void>;
  const handle = await new Promise<FileHandle>((resolve, reject) => {
    whole = writeFileAtomically(file, (opened) => {
      resolve(opened);
      return closed;
    });
    whole.catch(reject);
  });
  const abandoned = new Error('abandoned');
  const fail = async (error: unknown): Promise<never> => {
    close.half(error);
    // Says the same as a person can act on it.
    await whole;
    throw error;
  };
  return {
    write: (text) => handle.writeFile(text).catch(fail),
    async end() {
      close.whole();
      await whole;
    },
    async abandon() {
      close.half(abandoned);
      await whole.catch(() => undefined);
    },
  };
}

/** A stream such as standard output; waits where whoever reads it is slow. */
export function rowsTo(stream: NodeJS.WritableStream): RowSink {
  return {
    async write(text) {
      if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve));
    },
    end: async () => {},
    abandon: async () => {},
  };
}
