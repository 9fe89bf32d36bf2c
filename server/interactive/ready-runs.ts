import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pack } from '../../plugins/sdk/index.ts';
import type { Engine } from '../engine/load.ts';
import type { Registry } from '../graph/registry.ts';
import { openFinishedRun, type FinishedRun } from '../predict/finished-run.ts';
import { chosenCategory, mustBeDone, readManifest } from '../predict/read-run.ts';
import { compilerWithCache } from '../runs/program-cache.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { ByteLru } from './byte-lru.ts';
import type { PredictTask } from './predict-task.ts';
import { WarmPrograms } from './warm-programs.ts';

export interface ReadyRunsOptions {
  engine: Engine;
  packs: readonly Pack[];
  registry: Registry;
}

export interface ReadyRun {
  run: FinishedRun;
  programs: WarmPrograms;
  /** Differs for runs that were made anew in the same folder. */
  mark: string;
}

const mostRuns = 3;

/** Finished runs, a few of which stay ready. */
export class ReadyRuns {
  readonly #options: ReadyRunsOptions;
  readonly #runs = new ByteLru<ReadyRun>(mostRuns, () => 1, ({ programs }) => programs.dispose());

  constructor(options: ReadyRunsOptions) {
    this.#options = options;
  }

  /** A run that has been made anew in the same folder is another one. Throws what opening a run throws. */
  async open({ folder, category: asked }: PredictTask['run']): Promise<ReadyRun> {
    const category = asked ?? (await onlyCategory(folder));
    const { mtimeMs } = await stat(join(folder, 'manifest.json')).catch(() => ({ mtimeMs: 0 }));
    const mark = JSON.stringify([folder, category, mtimeMs]);
    const known = this.#runs.get(mark);
    if (known) return known;
    const { engine, packs, registry } = this.#options;
    const run = await openFinishedRun(folder, { registry, packs, offline: true, category });
    const ready = { run, programs: new WarmPrograms(compilerWithCache(engine, run.plan, registry, 'native')), mark };
    this.#runs.set(mark, ready);
    return ready;
  }
}

/** Whether it is named or not, it is the same one. Throws as opening the run does. */
async function onlyCategory(path: string): Promise<string> {
  const folder = new RunFolder(path);
  const manifest = await readManifest(folder);
  mustBeDone(manifest, folder);
  return chosenCategory(manifest, path, undefined);
}
