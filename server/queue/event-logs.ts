import { EventLog } from './event-log.ts';

/** The events of many runs, each log opened when it is first asked for. */
export class EventLogs {
  readonly #file: (id: string) => string;
  readonly #logs = new Map<string, Promise<EventLog>>();

  /** `file` says where the log of a run is. */
  constructor(file: (id: string) => string) {
    this.#file = file;
  }

  /** One that cannot be opened is tried anew when it is asked for again. */
  of(id: string): Promise<EventLog> {
    const open = this.#logs.get(id) ?? EventLog.open(this.#file(id));
    this.#logs.set(id, open);
    open.catch(() => this.#logs.delete(id));
    return open;
  }

  async forget(id: string): Promise<void> {
    (await this.#logs.get(id))?.close();
    this.#logs.delete(id);
  }

  /** Waits until the disk has what was added. */
  async close(): Promise<void> {
    for (const log of this.#logs.values()) {
      const open = await log.catch(() => null);
      await open?.settle();
      open?.close();
    }
  }
}
