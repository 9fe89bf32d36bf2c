import { availableParallelism } from 'node:os';
import Tinypool from 'tinypool';
import { decodeHere, type Decode } from './decode-here.ts';
import { viewsOf, type DecodeAnswer, type DecodeTask } from './decode-task.ts';

export interface DecodeThreadsOptions {
  /** Pixels of images that are decoded on the calling thread before others are started. */
  startAfter?: number;
  threads?: number;
}

/** About a second of work. Threads take as long to start: small runs are done without them. */
const usualStart = 2 ** 25;
/** More do not decode faster: the library decodes on four, and resizing takes as long again. */
const mostThreads = 8;

/** Far more than a batch: what waits has to wait with the threads, as the calling one is blocked while TensorFlow works. */
const queuedAtThread = 4096;

/**
 * Decodes on other threads, so that calls into TensorFlow, which block the calling one, and decoding go on at the same
 * time. They start once there has been enough to decode; until they are there, and should they fail, the calling
 * thread decodes. Either gives the same values and the same errors.
 */
export class DecodeThreads {
  readonly #startAfter: number;
  readonly #threads: number;
  #decoded = 0;
  #pool: Tinypool | null = null;
  #state: 'none' | 'starting' | 'ready' | 'closed' = 'none';

  constructor({ startAfter = usualStart, threads = Math.min(mostThreads, Math.max(1, availableParallelism() - 1)) }: DecodeThreadsOptions = {}) {
    this.#startAfter = startAfter;
    this.#threads = threads;
  }

  /** How many threads decode now, besides the calling one. */
  get running(): number {
    return this.#state === 'ready' ? this.#threads : 0;
  }

  readonly decode: Decode = async (image, geometry, views) => {
    if (this.#state === 'none' && this.#decoded >= this.#startAfter) this.#start();
    if (this.#state !== 'ready') {
      this.#decoded += image.height * image.width;
      return decodeHere(image, geometry, views);
    }
    const answer = await this.#ask({ file: image.file, geometry, views });
    return answer ? viewsOf(answer) : decodeHere(image, geometry, views);
  };

  /** Ends the threads. The calling one does what they have not done, and what is asked for later. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    this.#state = 'closed';
    await pool?.destroy();
  }

  #start(): void {
    this.#state = 'starting';
    const pool = new Tinypool({
      filename: new URL('./decode-thread.js', import.meta.url).href,
      minThreads: this.#threads,
      maxThreads: this.#threads,
      concurrentTasksPerWorker: queuedAtThread,
      // What the calling thread was started with is not meant for these: a debugger's port, a loader.
      execArgv: [],
    });
    this.#pool = pool;
    pool.on('error', () => void this.close());
    pool.run(null).then(
      () => {
        if (this.#state === 'starting') this.#state = 'ready';
      },
      () => void this.close(),
    );
  }

  /** Null where the threads have failed. */
  async #ask(task: DecodeTask): Promise<DecodeAnswer | null> {
    try {
      return (await this.#pool!.run(task)) as DecodeAnswer;
    } catch {
      // A thread that ran out of memory, or an end in the middle: either way there are no threads from now on.
      await this.close();
      return null;
    }
  }
}
