import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Roots } from '../datasets/roots.ts';
import { environmentOf } from '../home.ts';
import type { Topics } from '../live/topics.ts';
import type { Fault } from '../plugins/host/messages.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { JobStore } from './job-store.ts';
import { QueueSettings } from './queue-settings.ts';
import { RunQueue } from './run-queue.ts';
import { Runs } from './runs.ts';

export interface OpenRunsOptions {
  home: string;
  /** The node packs of the workers. */
  packs(): PackSource;
  /** Told of a plugin whose code never returned in a run. */
  onFault?(fault: Fault): void;
  /** What clients may name files in. */
  roots: Roots;
  topics: Topics;
  log: Logger;
  /** Runs at work at once; where absent as was last said over the API, and 1 where nothing was. */
  concurrency?: number;
  /** A worker without a sign of life for so long is ended, seconds. */
  watchdog?: number;
  /** Added to the number of the workers' priority. */
  nice?: number;
}

/** Time between two tellings of where a run is, ms. */
const apart = 250;

/** The runs of a home, and the queue that works at them; what changes is published as `runs/ID` and, for lists, `runs`. */
export async function openRuns({ home, packs, onFault, roots, topics, log, concurrency, watchdog = 600, nice = 10 }: OpenRunsOptions): Promise<{ queue: RunQueue; runs: Runs; close(): Promise<void> }> {
  const store = new JobStore(join(home, 'runs'));
  const settings = new QueueSettings(store.root);
  const changed = new Set<string>();
  const states = new Map<string, string>();
  let version = 0;
  const tell = (): void => {
    for (const id of changed) {
      const run = runs.now(id);
      if (run) topics.publish(`runs/${id}`, run);
      else topics.end(`runs/${id}`);
      const state = run ? `${run.state} ${run.stopping} ${run.priority}` : '';
      if (states.get(id) !== state) topics.publish('runs', { version: ++version });
      if (run) states.set(id, state);
      else states.delete(id);
    }
    changed.clear();
  };
  const atOnce = concurrency ?? (await settings.concurrency()) ?? 1;
  const queue = await RunQueue.open({ store, settings, packs, ...(onFault ? { onFault } : {}), within: () => roots.real(), concurrency: atOnce, watchdog, nice, env: environmentOf(home), log, onChange: (id) => void changed.add(id) });
  const runs = new Runs(store, queue, join(home, 'removed', 'runs'));
  const timer = setInterval(tell, apart);
  return {
    queue,
    runs,
    async close() {
      await queue.close();
      await runs.settle();
      clearInterval(timer);
      tell();
    },
  };
}
