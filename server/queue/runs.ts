import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../plugins/sdk/index.ts';
import { timestamp } from '../runs/manifest.ts';
import type { JobState } from './job.ts';
import { noRun, type JobStore } from './job-store.ts';
import type { Progress } from './progress.ts';
import { RunIndex, type Entry, type Recorded } from './run-index.ts';
import type { RunQueue } from './run-queue.ts';

/** What is shown of a run in a list. */
export interface RunSummary {
  id: string;
  name: string;
  /** `interrupted`: its process was killed, and no server looks after it. */
  state: JobState | 'interrupted' | 'broken';
  /** What a run at work is about to become. */
  stopping: 'cancelled' | 'paused' | null;
  /** Whether it was asked for here, so that it can be cancelled, paused and gone on with here. */
  isQueued: boolean;
  priority: number;
  /** The kept graph that it was asked of. */
  graph: { id: string; revision: number } | null;
  seed: number;
  created: string;
  ended: string | null;
  problem: Problem | null;
  /** Of a run at work. */
  progress: Progress | null;
  /** What its weights permit one to conclude of its figures, where that is limited. */
  cautions: readonly string[];
  /** By category. */
  metrics: Recorded['metrics'];
}

/** Every run of the home: those the server was asked for, and those whose folders people put there. */
export class Runs {
  readonly #store: JobStore;
  readonly #queue: RunQueue;
  readonly #index: RunIndex;
  /** Where folders of removed runs go. */
  readonly #removed: string;

  constructor(store: JobStore, queue: RunQueue, removed: string) {
    this.#store = store;
    this.#queue = queue;
    this.#index = new RunIndex(store);
    this.#removed = removed;
  }

  /** The newest first. */
  async list(): Promise<RunSummary[]> {
    const entries = await this.#index.entries();
    const ids = new Set([...entries.keys(), ...this.#queue.ids]);
    const gone = this.#queue.ids.filter((id) => !entries.has(id) && this.#isOver(id) && !existsSync(this.#store.folder(id)));
    // Their folders were deleted, and they with them.
    for (const id of gone) {
      await this.#queue.forget(id);
      ids.delete(id);
    }
    return [...ids].map((id) => this.#summary(id, entries.get(id))).sort((a, b) => (a.created < b.created ? 1 : -1));
  }

  /** Throws `no-run`. */
  async summary(id: string): Promise<RunSummary> {
    let entry = (await this.#index.entries()).get(id);
    if (!entry && !this.#queue.job(id) && existsSync(this.#store.folder(id))) {
      // It was put there since the last look.
      this.#index.forget();
      entry = (await this.#index.entries()).get(id);
    }
    if (!entry && !this.#queue.job(id)) throw noRun(id);
    return this.#summary(id, entry);
  }

  /** What the server knows without its disk; null of runs that were not asked for here. */
  now(id: string): RunSummary | null {
    return this.#queue.job(id) ? this.#summary(id, undefined) : null;
  }

  /** The folder of a run that there is. Throws `no-run`. */
  async folder(id: string): Promise<string> {
    const folder = this.#store.folder(id);
    await this.summary(id);
    return folder;
  }

  /** Takes a run out of the list; its folder is kept among the removed. Throws `no-run`, `run-at-work`. */
  async remove(id: string): Promise<void> {
    const folder = await this.folder(id);
    await this.#queue.forget(id);
    await mkdir(this.#removed, { recursive: true });
    await rename(folder, join(this.#removed, `${timestamp().replaceAll(':', '-')} ${id}`));
    this.#index.forget();
  }

  /** Waits until nothing is read or written for it any more. */
  settle(): Promise<void> {
    return this.#index.settle();
  }

  #isOver(id: string): boolean {
    const state = this.#queue.job(id)?.state;
    return state === 'done' || state === 'failed' || state === 'cancelled' || state === 'paused';
  }

  #summary(id: string, entry: Entry | undefined): RunSummary {
    const job = this.#queue.job(id);
    const recorded = entry?.recorded ?? null;
    return {
      id,
      name: job?.name ?? recorded?.graph ?? id,
      state: job?.state ?? stateOf(entry),
      stopping: this.#queue.stopping(id),
      isQueued: job !== null,
      priority: job?.priority ?? 0,
      graph: job?.graph ?? null,
      seed: job?.asked.seed ?? recorded?.seed ?? 0,
      created: job?.created ?? recorded?.started ?? '',
      ended: job ? (job.state === 'running' ? null : (job.attempts.at(-1)?.ended ?? null)) : (recorded?.ended ?? null),
      // What a paused run was stopped with is no problem of it.
      problem: job?.problem ?? entry?.problem ?? (job ? null : (recorded?.problem ?? null)),
      progress: this.#queue.progress(id),
      cautions: recorded?.cautions ?? [],
      metrics: recorded?.metrics ?? {},
    };
  }
}

function stateOf(entry: Entry | undefined): RunSummary['state'] {
  if (!entry?.recorded || entry.problem?.severity === 'error') return 'broken';
  const { status } = entry.recorded;
  return status === 'running' && !entry.isHeld ? 'interrupted' : status;
}
