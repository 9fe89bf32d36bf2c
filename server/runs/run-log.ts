import type { RunEvent } from '../runtime/events.ts';
import type { RunFolder } from './run-folder.ts';

const file = 'metrics.jsonl';
/** What is worth keeping; steps are only shown. */
const kept: readonly RunEvent['type'][] = ['category', 'epoch', 'fitted'];

/**
 * The events of a run, a line of JSON each, in their order. A run that goes on begins the log anew: what earlier
 * processes did is told again from the checkpoints, so that the log reads as that of an undisturbed run.
 */
export class RunLog {
  readonly #folder: RunFolder;
  #written: Promise<void>;

  constructor(folder: RunFolder) {
    this.#folder = folder;
    this.#written = folder.writeText(file, '');
    this.#written.catch(() => undefined);
  }

  add(event: RunEvent): void {
    if (!kept.includes(event.type)) return;
    this.#written = this.#written.then(() => this.#folder.append(file, event));
    this.#written.catch(() => undefined);
  }

  /** Waits until all is written. Throws what went wrong: `cannot-write`. */
  async settle(): Promise<void> {
    await this.#written;
  }
}
