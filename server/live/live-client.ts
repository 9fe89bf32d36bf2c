import type { EventLog, Logged } from '../queue/event-log.ts';

/** What a client is sent: newest states of topics, and events of runs, each run's in order and without a gap. */
export interface LiveBatch {
  states: Record<string, unknown>;
  events: Record<string, Logged[]>;
}

/** Events of one run in one batch at most. */
const mostEvents = 500;

/**
 * What one client has still to be told. It is sent a batch when it has taken the one before: a slow client falls
 * behind and costs nothing but the places that it is at.
 */
export class LiveClient {
  readonly #send: (batch: LiveBatch) => Promise<void>;
  readonly #states = new Map<string, unknown>();
  readonly #watched = new Map<string, { log: EventLog; told: number; end: () => void }>();
  #isSending = false;
  #isClosed = false;

  /** `send` settles when the client has taken the batch. */
  constructor(send: (batch: LiveBatch) => Promise<void>) {
    this.#send = send;
  }

  /** A newer state stands for those that were not sent yet. */
  state(topic: string, state: unknown): void {
    if (this.#isClosed) return;
    this.#states.set(topic, state);
    this.#pump();
  }

  /** From now on the client is told the events of a run after a number. */
  watch(run: string, log: EventLog, after: number): void {
    if (this.#isClosed) return;
    this.unwatch(run);
    this.#watched.set(run, { log, told: after, end: log.listen(() => this.#pump()) });
    this.#pump();
  }

  unwatch(run: string): void {
    this.#watched.get(run)?.end();
    this.#watched.delete(run);
  }

  close(): void {
    this.#isClosed = true;
    for (const run of [...this.#watched.keys()]) this.unwatch(run);
    this.#states.clear();
  }

  #pump(): void {
    if (this.#isSending || this.#isClosed) return;
    this.#isSending = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (!this.#isClosed) {
      const states = Object.fromEntries(this.#states);
      this.#states.clear();
      const events: LiveBatch['events'] = {};
      for (const [run, place] of this.#watched) {
        if (place.told >= place.log.last) continue;
        const found = await place.log.after(place.told, mostEvents);
        // It may have been watched from elsewhere meanwhile.
        if (this.#watched.get(run) !== place) continue;
        // What somebody has deleted cannot be told.
        place.told = found.at(-1)?.seq ?? place.log.last;
        if (found.length > 0) events[run] = found;
      }
      if (Object.keys(states).length === 0 && Object.keys(events).length === 0) {
        // What came while the log was read has found us at work.
        if (this.#states.size > 0 || [...this.#watched.values()].some(({ log, told }) => told < log.last)) continue;
        break;
      }
      try {
        await this.#send({ states, events });
      } catch {
        // It has gone; when it is back it says where it was.
        this.close();
      }
    }
    this.#isSending = false;
  }
}
