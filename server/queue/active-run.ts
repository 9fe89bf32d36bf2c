import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../../plugins/sdk/index.ts';
import type { Fault } from '../plugins/host/messages.ts';
import { isFolderHeld } from '../runs/folder-lock.ts';
import { lockName } from '../runs/run-folder.ts';
import type { Attempt } from './job.ts';
import type { PacedEvent } from './pace.ts';
import { advance, atStart, type Progress } from './progress.ts';
import { RunProcess, type Ending } from './run-process.ts';
import type { RunOrder } from './run-worker.ts';

export interface ActiveRunOptions {
  watchdog: number;
  nice: number;
  env: Readonly<Record<string, string>>;
  /** Told of a plugin whose code never returned. */
  onFault?(fault: Fault): void;
  onEvent(event: PacedEvent | { type: 'memory'; bytes: number }): void;
  /** Called a few times a second. */
  onProgress(): void;
  /** A process begins; after one that died, with why. */
  onBegin(after: Problem | null): Promise<void>;
  onEnd(outcome: Attempt['outcome'], problem: Problem | null): void;
}

/** So often in a row a process may die before an epoch is whole; then something is wrong that will not mend itself. */
const mostDeaths = 3;
/** How long an earlier process may take to leave the folder, ms. */
const patience = 60_000;
/** Time between two tellings of memory, ms. */
const memoryEvery = 2000;

/** A run at work: one process after the other, until it has ended or was stopped. */
export class ActiveRun {
  readonly ended: Promise<Ending>;
  /** What the run is to become once it has stopped. */
  wanted: 'cancelled' | 'paused' | null = null;
  progress: Progress = atStart;
  readonly #order: RunOrder;
  readonly #options: ActiveRunOptions;
  #process: RunProcess | null = null;
  #isStopping = false;
  #deaths = 0;
  #lastMemory = 0;

  constructor(order: RunOrder, options: ActiveRunOptions) {
    this.#order = order;
    this.#options = options;
    this.ended = this.#work();
  }

  stop(wanted: 'cancelled' | 'paused' | null = null): void {
    this.wanted ??= wanted;
    this.#isStopping = true;
    this.#process?.stop();
  }

  async #work(): Promise<Ending> {
    await this.#untilFree();
    let after: Problem | null = null;
    for (;;) {
      if (this.#isStopping) return { how: 'stopped' };
      await this.#options.onBegin(after);
      const ending = await this.#once();
      const problem = 'problem' in ending ? ending.problem : null;
      this.#options.onEnd(ending.how, problem);
      if (ending.how === 'died' && ++this.#deaths <= mostDeaths) after = problem;
      else return ending.how === 'died' ? { how: 'failed', problem: manyDeaths(ending.problem) } : ending;
    }
  }

  /** The process of a server that has gone may still be saving what it has. */
  async #untilFree(): Promise<void> {
    const lock = join(this.#order.out, lockName);
    for (const begun = performance.now(); performance.now() - begun < patience && !this.#isStopping; await sleep(250)) {
      if (!(await isFolderHeld(lock))) return;
    }
  }

  async #once(): Promise<Ending> {
    const { onFault } = this.#options;
    const process = new RunProcess(this.#order, {
      ...(onFault ? { onFault } : {}),
      watchdog: this.#options.watchdog,
      nice: this.#options.nice,
      env: this.#options.env,
      onEvent: (event) => {
        if (event.type === 'epoch') this.#deaths = 0;
        this.progress = advance(this.progress, event);
        this.#options.onEvent(event);
        this.#options.onProgress();
      },
      onAlive: (memory) => {
        this.progress = { ...this.progress, memory };
        this.#options.onProgress();
        if (performance.now() - this.#lastMemory < memoryEvery) return;
        this.#lastMemory = performance.now();
        this.#options.onEvent({ type: 'memory', bytes: memory });
      },
    });
    this.#process = process;
    if (this.#isStopping) process.stop();
    return process.ended.finally(() => (this.#process = null));
  }
}

function manyDeaths(problem: Problem): Problem {
  return { ...problem, message: `${problem.message}; so did the ${mostDeaths} processes before it, without an epoch between them` };
}
