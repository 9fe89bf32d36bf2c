import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../plugins/sdk/random.ts';
import type { Logged } from '../../server/queue/event-log.ts';
import type { RunSummary } from '../../server/queue/runs.ts';
import { isOver } from '../../test/support/served.ts';
import { distilGraph } from '../../test/server/runtime/trial-graphs.ts';
import type { SoakServer } from './soak-server.ts';

/** A run that was asked for, and what it is meant to become. */
export interface Wanted {
  id: string;
  name: string;
  meant: 'done' | 'failed' | 'cancelled';
  /** Runs of one kind must find the same, whatever happened to them. */
  kind: string;
}

/** Runs that are asked for one after the other; some are cancelled, some paused for a while, some have a node that throws. */
export class Jobs {
  readonly wanted: Wanted[] = [];
  readonly #server: SoakServer;
  readonly #data: string;
  /** What is still to be done with runs that were asked for. */
  readonly #acting: Promise<void>[] = [];

  constructor(server: SoakServer, data: string) {
    this.#server = server;
    this.#data = data;
  }

  async submit(count: number, random: Random, pause: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const fate = i % 10 === 7 ? 'cancel' : i % 10 === 3 ? 'pause' : i % 25 === 11 ? 'fail' : 'leave';
      const [epochs, seed] = [fate === 'cancel' ? 100_000 : [20, 60, 180][random.integer(3)]!, random.integer(3)];
      const document = distilGraph({ fit: { epochs }, ...(fate === 'fail' ? { beforeStudent: 'trial/throw' } : {}) });
      const name = `run ${i}`;
      const id = await this.#once(name, { document, data: this.#data, name, seed, priority: random.integer(3), offline: true });
      this.wanted.push({ id, name, meant: fate === 'cancel' ? 'cancelled' : fate === 'fail' ? 'failed' : 'done', kind: `${epochs} epochs, seed ${seed}` });
      const patience = 1000 * (1 + 8 * random.uniform());
      if (fate === 'cancel') this.#acting.push(sleep(patience).then(() => this.#cancel(id)));
      if (fate === 'pause') this.#acting.push(this.#pauseFor(id, patience));
      await sleep(random.uniform() * 2 * pause);
    }
    await Promise.all(this.#acting);
  }

  async list(): Promise<RunSummary[]> {
    return ((await this.#server.mustAnswer('GET', '/runs?limit=500')).body as { runs: RunSummary[] }).runs;
  }

  /** Process that works at a run now. */
  async workerOf(random: Random, home: string): Promise<{ id: string; pid: number } | undefined> {
    const running = (await this.list()).filter(({ state }) => state === 'running');
    const id = running[random.integer(Math.max(1, running.length))]?.id;
    if (id === undefined) return undefined;
    try {
      return { id, pid: (JSON.parse(readFileSync(join(home, 'runs', id, '.run.lock'), 'utf8')) as { pid: number }).pid };
    } catch {
      return undefined;
    }
  }

  async events(id: string): Promise<Logged[]> {
    const all: Logged[] = [];
    for (;;) {
      const { body } = await this.#server.mustAnswer('GET', `/runs/${id}/events?after=${all.at(-1)?.seq ?? 0}&limit=5000`);
      const { last, events } = body as { last: number; events: Logged[] };
      all.push(...events);
      if (events.length === 0 || events.at(-1)!.seq >= last) return all;
    }
  }

  /** What is not as it should be of the runs, once all are over. */
  async violations(home: string): Promise<string[]> {
    const wrong: string[] = [];
    const found = await this.list();
    const scores = new Map<string, { text: string; name: string }>();
    for (const { id, name, meant, kind } of this.wanted) {
      if (found.filter((run) => run.name === name).length !== 1) wrong.push(`${name}: listed ${found.filter((run) => run.name === name).length} times`);
      const state = found.find((run) => run.id === id)?.state;
      if (state !== meant) wrong.push(`${name}: ${state}, expected ${meant}: ${JSON.stringify(found.find((run) => run.id === id)?.problem)}`);
      const folder = join(home, 'runs', id);
      if ((JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8')) as { state: string }).state !== meant) wrong.push(`${name}: its record says something else`);
      if (existsSync(join(folder, '.run.lock'))) wrong.push(`${name}: its folder is still held`);
      const events = await this.events(id);
      if (events.some(({ seq }, i) => seq !== i + 1)) wrong.push(`${name}: its events are not numbered one by one`);
      const states = events.flatMap(({ event }) => (event.type === 'state' ? [(event as unknown as { state: string }).state] : []));
      if (states.at(-1) !== meant) wrong.push(`${name}: the last state told of is ${states.at(-1)}`);
      if (meant !== 'done' || state !== 'done') continue;
      if ((JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { status: string }).status !== 'done') wrong.push(`${name}: its manifest is not that of a run that is done`);
      const text = readFileSync(join(folder, 'bottle', 'scores.csv'), 'utf8');
      const other = scores.get(kind);
      if (other && other.text !== text) wrong.push(`${name}: its scores are not those of ${other.name}, ${kind}`);
      scores.set(kind, { text, name });
    }
    return wrong;
  }

  /** Asks for a run once, whatever becomes of the answer. */
  async #once(name: string, body: object): Promise<string> {
    for (;;) {
      const answer = await this.#server.ask('POST', '/runs', body);
      if (answer?.status === 202) return (answer.body as RunSummary).id;
      if (answer) throw new Error(`a run was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
      const there = (await this.list()).find((run) => run.name === name);
      if (there) return there.id;
    }
  }

  /** Until it is so: a server that is killed before it has answered may have done it, or not. */
  async #cancel(id: string): Promise<void> {
    await this.#until(id, 'cancel', ({ state }) => state === 'cancelled');
  }

  async #pauseFor(id: string, patience: number): Promise<void> {
    await sleep(patience);
    const { state } = await this.#until(id, 'pause', (run) => run.state === 'paused' || isOver(run));
    if (state !== 'paused') return;
    await sleep(patience / 2);
    await this.#until(id, 'resume', (run) => run.state !== 'paused');
  }

  async #until(id: string, action: string, is: (run: RunSummary) => boolean): Promise<RunSummary> {
    for (;;) {
      const { body } = await this.#server.mustAnswer('GET', `/runs/${id}`);
      const run = body as RunSummary;
      if (is(run)) return run;
      if (run.stopping === null) await this.#server.ask('POST', `/runs/${id}/${action}`);
      await sleep(200);
    }
  }
}
