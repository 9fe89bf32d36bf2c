import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import type { Random } from '../../plugins/sdk/random.ts';
import type { Logged } from '../../server/queue/event-log.ts';
import type { LiveBatch } from '../../server/live/live-client.ts';
import type { SoakServer } from './soak-server.ts';

/** What a client was told of a run: the events after a number, as they came. */
interface View {
  after: number;
  events: Logged[];
}

/** A client that comes, watches some runs, and leaves, again and again; each time it says how far it is. */
export class Watcher {
  visits = 0;
  readonly #views = new Map<string, View>();
  readonly #server: SoakServer;
  readonly #random: Random;

  constructor(server: SoakServer, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  async comeAndGo(runs: () => readonly string[], isOver: () => boolean): Promise<void> {
    const { uniform, integer, shuffle } = this.#random;
    while (!isOver()) {
      await sleep(2000 * uniform());
      // Those it knows before those it does not, so that it comes back to some.
      const some = shuffle([...runs()]).sort((a, b) => Number(this.#views.has(b)) - Number(this.#views.has(a)));
      const chosen = [...some.slice(0, 1), ...shuffle(some.slice(1)).slice(0, integer(3))];
      const isSlow = uniform() < 0.25;
      await this.#visit(chosen, isSlow ? 300 : 0, () => sleep(500 + 6000 * uniform()));
    }
  }

  /** Comes once more, and stays until it has been told everything of the runs that it ever watched. */
  async catchUp(lastOf: ReadonlyMap<string, number>): Promise<void> {
    const behind = (): string[] => [...this.#views].filter(([run, { after, events }]) => (events.at(-1)?.seq ?? after) < lastOf.get(run)!).map(([run]) => run);
    if (behind().length === 0) return;
    await this.#visit(behind(), 0, async () => {
      for (let i = 0; i < 300 && behind().length > 0; i++) await sleep(100);
    });
  }

  violations(name: string, eventsOf: ReadonlyMap<string, readonly Logged[]>): string[] {
    return [...this.#views].flatMap(([run, { after, events }]) => {
      const all = eventsOf.get(run);
      if (!all) return [`${name}: was told of ${run}, which there is not`];
      const expected = all.slice(after);
      if (isDeepStrictEqual(events, expected)) return [];
      const at = events.findIndex((one, i) => !isDeepStrictEqual(one, expected[i]));
      return [`${name}: of ${run} it was told ${events.length} events after ${after}, expected ${expected.length}; the first other one: ${JSON.stringify(events[at])}`];
    });
  }

  get told(): number {
    return [...this.#views.values()].reduce((sum, { events }) => sum + events.length, 0);
  }

  async #visit(runs: readonly string[], delay: number, stay: () => Promise<unknown>): Promise<void> {
    const { address, token } = await this.#server.caller();
    const socket = io(address, { extraHeaders: { authorization: `Bearer ${token}` }, forceNew: true, reconnection: false, transports: this.#random.uniform() < 0.3 ? ['polling'] : ['websocket'] });
    socket.on('live', async ({ events }: LiveBatch, took: () => void) => {
      if (delay > 0) await sleep(delay);
      // One that left meanwhile has not taken it.
      if (!socket.connected) return;
      for (const [run, told] of Object.entries(events)) this.#views.get(run)?.events.push(...told);
      took();
    });
    try {
      await connected(socket);
      this.visits++;
      for (const run of runs) await this.#watch(socket, run);
      await stay();
    } catch {
      // The server was killed; it comes again.
    } finally {
      socket.disconnect();
    }
  }

  async #watch(socket: Socket, run: string): Promise<void> {
    let view = this.#views.get(run);
    if (!view) {
      // Some want what happens from now on only.
      const after = this.#random.uniform() < 0.3 ? ((await this.#server.mustAnswer('GET', `/runs/${run}/events?limit=1`)).body as { last: number }).last : 0;
      this.#views.set(run, (view = { after, events: [] }));
    }
    await socket.timeout(10_000).emitWithAck('watch', { run, after: view.events.at(-1)?.seq ?? view.after });
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
}
