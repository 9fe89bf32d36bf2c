import type { Problem } from '../../plugins/sdk/index.ts';
import { computedTooLong, type PluginNode } from '../plugins/host/faults.ts';
import type { Fault } from '../plugins/host/messages.ts';
import { pluginNodeOf } from '../plugins/plugin-node.ts';
import { forkModule, type Forked } from '../processes/fork.ts';
import { asOutOfMemory, causeOfDeath, killedForMemory, workerHung } from './death.ts';
import type { PacedEvent } from './pace.ts';
import type { FromWorker, RunOrder, ToWorker } from './run-worker.ts';

/** How a worker's work has ended. Of one that died the run may go on in another. */
export type Ending = { how: 'done' | 'stopped' } | { how: 'failed' | 'died'; problem: Problem };

export interface RunProcessOptions {
  /** Without a sign of life for so long it is ended, seconds. */
  watchdog: number;
  /** Added to the number of its priority: the larger, the sooner the server answers while it computes. */
  nice: number;
  /** Beside the server's own environment. */
  env: Readonly<Record<string, string>>;
  /** Told of a plugin whose code never returned. */
  onFault?(fault: Fault): void;
  onEvent(event: PacedEvent): void;
  /** Its resident memory, bytes; once a second. */
  onAlive(memory: number): void;
}

/** What a stopping worker may take until it is ended: it saves what it has, ms. */
const patience = 30_000;
/** What a process may take to begin on a busy machine, seconds. */
const longestStart = 60;

/** One process that works at one run; the server's side of it. */
export class RunProcess {
  readonly ended: Promise<Ending>;
  readonly #forked: Forked;
  readonly #options: RunProcessOptions;
  readonly #packs: RunOrder['packs'];
  readonly #killedBefore = killedForMemory();
  #heard = performance.now();
  #hasSpoken = false;
  #node: string | null = null;
  /** The same where its code is a plugin's. */
  #within: PluginNode | null = null;
  #program: string | null = null;
  #memory = 0;
  #told: Ending | null = null;
  #hung: Problem | null = null;
  #stopping: NodeJS.Timeout | undefined;

  constructor(order: RunOrder, options: RunProcessOptions) {
    this.#options = options;
    this.#packs = order.packs;
    this.#forked = forkModule(new URL('./run-worker.ts', import.meta.url), { nice: options.nice, env: { ...options.env, TF_CPP_MIN_LOG_LEVEL: '2' } });
    const { child } = this.#forked;
    child.on('message', (word: FromWorker) => this.#hear(word));
    this.#send({ order });
    const watch = setInterval(() => this.#watch(), Math.min(1000, options.watchdog * 250));
    this.ended = new Promise((resolve) => {
      child.once('error', () => resolve(this.#ending(null, null)));
      child.once('close', (code, signal) => resolve(this.#ending(code, signal)));
    });
    void this.ended.then(() => {
      clearInterval(watch);
      clearTimeout(this.#stopping);
    });
  }

  get pid(): number | undefined {
    return this.#forked.child.pid;
  }

  /** Lets it save what it has and end; ended where it does not in time. */
  stop(): void {
    this.#send({ stop: true });
    this.#stopping ??= setTimeout(() => this.kill(), patience);
  }

  kill(): void {
    this.#forked.child.kill('SIGKILL');
  }

  #send(word: ToWorker): void {
    const { child } = this.#forked;
    // One that is gone already says so by ending.
    if (child.connected) child.send(word, () => {});
  }

  #hear(word: FromWorker): void {
    this.#heard = performance.now();
    this.#hasSpoken = true;
    if ('event' in word) {
      this.#program = programOf(word.event) ?? this.#program;
      this.#options.onEvent(word.event);
    } else if ('at' in word) {
      this.#node = word.at;
      this.#within = word.at === null ? null : pluginNodeOf(word.at, word.type, this.#packs);
    } else if ('alive' in word) {
      this.#memory = word.alive.memory;
      this.#options.onAlive(this.#memory);
    } else if ('failed' in word) this.#told = { how: 'failed', problem: asOutOfMemory(word.failed) };
    else if ('ended' in word) this.#told = { how: word.ended };
  }

  #watch(): void {
    const seconds = this.#hasSpoken ? this.#options.watchdog : Math.max(this.#options.watchdog, longestStart);
    if (performance.now() - this.#heard < seconds * 1000) return;
    if (this.#hung) return;
    this.#hung = workerHung(seconds, { node: this.#node, program: this.#program, plugin: this.#within?.plugin ?? null });
    if (this.#within) this.#options.onFault?.(computedTooLong(this.#within, seconds));
    this.kill();
  }

  #ending(code: number | null, signal: NodeJS.Signals | null): Ending {
    if (this.#told) return this.#told;
    // One that hangs would hang again.
    if (this.#hung) return { how: 'failed', problem: this.#hung };
    // Ended while it was to stop: what it has saved is what it has.
    if (this.#stopping && signal === 'SIGKILL') return { how: 'stopped' };
    const problem = causeOfDeath({
      code,
      signal,
      lastWords: this.#forked.lastWords(),
      memory: this.#memory,
      killedForMemory: { before: this.#killedBefore, now: killedForMemory() },
      node: this.#node,
      plugin: this.#within?.plugin ?? null,
      program: this.#program,
    });
    return { how: problem.code === 'out-of-memory' ? 'failed' : 'died', problem };
  }
}

function programOf(event: PacedEvent): string | null {
  switch (event.type) {
    case 'stage':
      return event.stage === 'fit' ? `fit ${event.node ?? ''}`.trim() : event.stage;
    case 'reading':
      return 'reading images';
    case 'preparing':
      return 'preparing the engine';
    default:
      return null;
  }
}
