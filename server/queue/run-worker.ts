import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { watchNodes } from '../engine/at-node.ts';
import { ensureEngine } from '../engine/ensure.ts';
import { loadEngine } from '../engine/load.ts';
import type { GraphDocument } from '../graph/document.ts';
import { loadPacks } from '../plugins/open-packs.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { mindParent } from '../processes/mind-parent.ts';
import { applySettings, parseSetting } from '../runs/apply-overrides.ts';
import { run } from '../runs/run.ts';
import type { Asked } from './asked.ts';
import { Pace, type PacedEvent } from './pace.ts';

/** What a worker is asked to do. */
export interface RunOrder {
  document: GraphDocument;
  asked: Asked;
  /** The run's folder. */
  out: string;
  /** Real paths of the folders that its images may lie in. */
  within: readonly string[];
  packs: PackSource;
}

export type ToWorker = { order: RunOrder } | { stop: true };

export type FromWorker =
  | { event: PacedEvent }
  /** The node whose code runs from now on, and its type; null when none does. */
  | { at: string | null; type: string | null }
  | { alive: { memory: number } }
  | { ended: 'done' | 'stopped' }
  | { failed: Problem };

/** Time between two signs of life, ms. */
const beat = 1000;
/** What a worker may still do when its server has gone: write its checkpoint, ms. */
const grace = 20_000;

const abort = new AbortController();
mindParent(grace);
process.on('disconnect', () => abort.abort());
process.on('message', (word: ToWorker) => {
  if ('stop' in word) abort.abort();
  else void work(word.order);
});
// Whoever presses Ctrl-C in the server's terminal reaches its workers too: the server tells them what to do.
process.on('SIGINT', () => {});

async function work(order: RunOrder): Promise<void> {
  watchNodes((at, type) => void say({ at, type }));
  const timer = setInterval(() => say({ alive: { memory: process.memoryUsage.rss() } }), beat);
  try {
    await perform(order);
    await say({ ended: 'done' });
  } catch (error) {
    await say(wordFor(error));
  } finally {
    clearInterval(timer);
    // Nothing that a plugin has left running may keep the process.
    process.exit(0);
  }
}

async function perform({ document, asked, out, within, packs: source }: RunOrder): Promise<void> {
  const pace = new Pace((event) => void say({ event }));
  const { packs, registry, layouts } = await loadPacks(source);
  const { set, featureMemory, patchMemory, offline, ...options } = asked;
  const settings = Object.entries(set).map(([name, value]) => ({ ...parseSetting(`${name}=`), value }));
  try {
    await run({
      ...options,
      document: applySettings(document, settings, registry),
      registry,
      packs,
      layouts,
      out,
      within,
      settings: set,
      featureBudget: featureMemory === null ? null : featureMemory * 2 ** 20,
      patchBudget: patchMemory * 2 ** 20,
      offline,
      engine: offline ? () => loadEngine() : ensureEngine,
      onProgress: (progress) => pace.add({ type: 'preparing', ...progress }),
      emit: (event) => pace.add(event),
      signal: abort.signal,
      watched: { profile: true, samples: 3, every: 5 },
    });
  } finally {
    pace.flush();
  }
}

function wordFor(error: unknown): FromWorker {
  if (!(error instanceof StillroomError)) {
    const message = `expected the run to go on, found a defect: ${error instanceof Error ? error.message : String(error)}`;
    return { failed: { code: 'defect', severity: 'error', message } };
  }
  return error.code === 'cancelled' ? { ended: 'stopped' } : { failed: error.problems[0]! };
}

/** Settles when the word is on its way; a server that is gone is told nothing. */
function say(word: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(word, undefined, undefined, () => resolve());
  });
}
