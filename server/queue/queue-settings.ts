import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';

/** What was said of the queue itself, kept over restarts of the server: a small text each, beside the folders of runs. */
export class QueueSettings {
  readonly #heldFile: string;
  readonly #concurrencyFile: string;

  constructor(root: string) {
    this.#heldFile = join(root, 'queue-held.txt');
    this.#concurrencyFile = join(root, 'queue-concurrency.txt');
  }

  /** Whether no queued run is to begin. */
  async isHeld(): Promise<boolean> {
    return readFile(this.#heldFile, 'utf8').then(() => true, () => false);
  }

  /** Throws `disk-full`, `cannot-write`. */
  async hold(isHeld: boolean): Promise<void> {
    if (isHeld) await writeFileAtomically(this.#heldFile, (handle) => handle.writeFile('The queue is held: delete this file, or let it go, for queued runs to begin.\n'));
    else await rm(this.#heldFile, { force: true });
  }

  /** How many runs may be at work at once; null where nobody has said. */
  async concurrency(): Promise<number | null> {
    const text = await readFile(this.#concurrencyFile, 'utf8').catch(() => '');
    return /^[1-9]\d?$/.test(text.trim()) ? Number(text) : null;
  }

  /** Throws `disk-full`, `cannot-write`. */
  async limit(concurrency: number): Promise<void> {
    await writeFileAtomically(this.#concurrencyFile, (handle) => handle.writeFile(`${concurrency}\n`));
  }
}
