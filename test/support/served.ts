import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { serve, type Served, type ServeOptions } from '../../server/api/serve.ts';
import type { Logged } from '../../server/queue/event-log.ts';
import type { RunSummary } from '../../server/queue/runs.ts';
import { trialPacks } from '../server/runtime/trial-graphs.ts';

export const trialPacksModule = new URL('../server/queue/trial-packs.ts', import.meta.url).href;

/** A server of its own home, which knows the trial nodes too. */
export function serveTrial(options: Partial<ServeOptions> & Pick<ServeOptions, 'home'>): Promise<Served> {
  return serve({
    port: 0,
    host: '127.0.0.1',
    version: '1.2.3',
    packs: { packs: trialPacks, module: trialPacksModule },
    provisionEngine: false,
    log: pino({ level: 'silent' }),
    ...options,
    // Tests wait for runs, whatever else the machine has to do.
    runs: { nice: 0, ...options.runs },
  });
}

export interface Answered {
  status: number;
  body: never;
}

export interface Caller {
  address: string;
  token: string | null;
}

/** Asks the API as a program does. */
export async function ask({ address, token }: Caller, method: string, path: string, body?: unknown): Promise<Answered> {
  const response = await fetch(`${address}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as never };
}

/** Waits until a run is as it is to be; 100 seconds at most. */
export async function untilRun(caller: Caller, id: string, is: (run: RunSummary) => boolean): Promise<RunSummary> {
  let seen: RunSummary | undefined;
  for (const begun = performance.now(); performance.now() - begun < 100_000; await sleep(50)) {
    const { status, body } = await ask(caller, 'GET', `/runs/${id}`).catch(() => ({ status: 0, body: undefined as never }));
    if (status === 200 && is((seen = body))) return seen;
  }
  throw new Error(`the run never came to that: ${JSON.stringify(seen)}`);
}

export const isOver = ({ state }: RunSummary): boolean => ['done', 'failed', 'cancelled'].includes(state);

/** A client that writes down what it is told. */
export class Listener {
  readonly socket: Socket;
  readonly events: Logged[] = [];
  readonly states: { topic: string; state: never }[] = [];

  /** `delay` is how long it takes for each batch, ms. */
  constructor({ address, token }: Caller, delay = 0) {
    this.socket = io(address, { extraHeaders: { authorization: `Bearer ${token}` }, forceNew: true, reconnection: false });
    this.socket.on('live', async (batch: { states: Record<string, never>; events: Record<string, Logged[]> }, ack: () => void) => {
      if (delay > 0) await sleep(delay);
      for (const [topic, state] of Object.entries(batch.states)) this.states.push({ topic, state });
      for (const events of Object.values(batch.events)) this.events.push(...events);
      ack();
    });
  }

  async connected(): Promise<this> {
    if (this.socket.connected) return this;
    await new Promise<void>((resolve, reject) => this.socket.once('connect', resolve).once('connect_error', reject));
    return this;
  }

  watch(run: string, after = 0): Promise<{ ok: boolean; last: number; problem: never }> {
    return this.socket.emitWithAck('watch', { run, after }) as Promise<never>;
  }

  async until(is: (events: readonly Logged[]) => boolean): Promise<void> {
    for (const begun = performance.now(); performance.now() - begun < 100_000; await sleep(20)) if (is(this.events)) return;
    throw new Error(`never told: ${JSON.stringify(this.events.slice(-3))}`);
  }
}

export const hasEnded = (events: readonly Logged[]): boolean => events.some(({ event }) => 'state' in event && ['done', 'failed', 'cancelled'].includes(event.state as string));
