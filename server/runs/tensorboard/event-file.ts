import { mkdirSync } from 'node:fs';
import { appendFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asWriteError } from '../../atomic-file.ts';
import { encodeEvent, type Event } from './event.ts';
import { tfRecord } from './tf-record.ts';

/** What TensorBoard looks for in a file's name. */
const prefix = 'events.out.tfevents.';

/** An event file that grows while TensorBoard reads it. */
export class EventFile {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Begins a file in a folder; those of earlier processes are removed, so that no point is there twice. Throws `cannot-write`. */
  static async begin(folder: string): Promise<EventFile> {
    const seconds = Math.floor(Date.now() / 1000);
    const file = new EventFile(join(folder, `${prefix}${seconds}.stillroom`));
    try {
      // At once: a run's folder that is moved meanwhile is not made anew where it was.
      mkdirSync(folder, { recursive: true });
      for (const name of await readdir(folder)) if (name.startsWith(prefix)) await rm(join(folder, name));
    } catch (cause) {
      throw asWriteError(cause, folder);
    }
    await file.append([{ fileVersion: 'brain.Event:2' }]);
    return file;
  }

  async append(events: readonly Event[]): Promise<void> {
    const now = Date.now() / 1000;
    try {
      await appendFile(this.#file, Buffer.concat(events.map((event) => tfRecord(encodeEvent(event, now)))));
    } catch (cause) {
      throw asWriteError(cause, this.#file);
    }
  }
}
