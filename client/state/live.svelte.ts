import { io, type Socket } from 'socket.io-client';
import type { Answer } from './answer.ts';

export interface Logged {
  seq: number;
  at: string;
  event: { type: string } & Record<string, unknown>;
}

interface Batch {
  states: Record<string, unknown>;
  events: Record<string, Logged[]>;
}

/**
 * News of the server as it happens. Who listens is subscribed again whenever the connection comes back, and is told the
 * events of a run from where it was.
 */
class Live {
  /** Whether the server can be reached. */
  isConnected = $state(false);
  /** Whether it was sought and not found: at first neither holds. */
  isLost = $state(false);
  /** Whether there is something to compute with; null until that is told. */
  engine: Answer<'/api/engine'> | null = $state.raw(null);
  readonly #socket: Socket;
  readonly #topics = new Map<string, Set<(state: never) => void>>();
  readonly #runs = new Map<string, { after: number; listener: (events: Logged[]) => void }>();

  constructor() {
    this.#socket = io({ transports: ['websocket'], reconnectionDelayMax: 3000 });
    this.#socket.on('connect', () => {
      this.isConnected = true;
      this.isLost = false;
      for (const topic of this.#topics.keys()) void this.#subscribe(topic);
      for (const run of this.#runs.keys()) this.#watch(run);
    });
    this.#socket.on('disconnect', () => {
      this.isConnected = false;
      this.isLost = true;
    });
    this.#socket.on('connect_error', () => (this.isLost = true));
    this.#socket.on('live', (batch: Batch, taken: () => void) => {
      for (const [topic, state] of Object.entries(batch.states)) this.#tell(topic, state);
      for (const [run, events] of Object.entries(batch.events)) {
        const watched = this.#runs.get(run);
        const fresh = watched ? events.filter(({ seq }) => seq > watched.after) : [];
        if (!watched || fresh.length === 0) continue;
        watched.after = fresh.at(-1)!.seq;
        watched.listener(fresh);
      }
      taken();
    });
    this.listen<Answer<'/api/engine'>>('engine', (state) => (this.engine = state));
  }

  /** Tells the state of a topic now and whenever it changes. Returns what ends it. */
  listen<T>(topic: string, listener: (state: T) => void): () => void {
    const listeners = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, listeners.add(listener as (state: never) => void));
    if (this.#socket.connected) void this.#subscribe(topic);
    return () => {
      listeners.delete(listener as (state: never) => void);
      if (listeners.size > 0) return;
      this.#topics.delete(topic);
      if (this.#socket.connected) this.#socket.emit('unsubscribe', topic);
    };
  }

  /** Tells every event of a run from the first on. Returns what ends it. */
  watch(run: string, listener: (events: Logged[]) => void): () => void {
    this.#runs.set(run, { after: 0, listener });
    if (this.#socket.connected) this.#watch(run);
    return () => {
      this.#runs.delete(run);
      if (this.#socket.connected) this.#socket.emit('unwatch', run);
    };
  }

  async #subscribe(topic: string): Promise<void> {
    const answer = (await this.#socket.emitWithAck('subscribe', topic)) as { ok: boolean; state: unknown };
    if (answer.ok && answer.state !== null) this.#tell(topic, answer.state);
  }

  #watch(run: string): void {
    this.#socket.emit('watch', { run, after: this.#runs.get(run)?.after ?? 0 });
  }

  #tell(topic: string, state: unknown): void {
    for (const listener of this.#topics.get(topic) ?? []) listener(state as never);
  }
}

export const live = new Live();
