import { join } from 'node:path';
import type { FinishedRun } from '../predict/finished-run.ts';
import type { Named } from '../predict/image-paths.ts';
import { mapDrawer, mapSinkOf } from '../predict/map-file.ts';
import { failureOf, predictionOf, verdictOf } from '../predict/prediction.ts';
import { batchFor, scoreImages } from '../predict/score-images.ts';
import { keepMap, keptImage } from './kept-map.ts';
import { keptMapFile } from './kept-map-file.ts';
import type { MapAnswer, MapTask, PredictAnswer, PredictedRow, PredictTask } from './predict-task.ts';
import type { ReadyRuns } from './ready-runs.ts';
import type { WarmPrograms } from './warm-programs.ts';

/** As `stillroom predict` takes at once, unless told otherwise. */
const mostAtOnce = 8;

/** Scores images with finished runs. */
export class Predictor {
  readonly #runs: ReadyRuns;

  constructor(runs: ReadyRuns) {
    this.#runs = runs;
  }

  /** Images that cannot be scored are told as such. Throws what opening a run throws, `cancelled`. */
  async predict({ run: asked, files, keep }: PredictTask, talk: { begin(node: string | null): void; row(row: PredictedRow): void; signal: AbortSignal }): Promise<PredictAnswer> {
    const { run, programs } = await this.#runs.open(asked);
    return programs.use(() => this.#score(run, programs, { files, keep }, talk));
  }

  async #score(
    run: FinishedRun,
    programs: WarmPrograms,
    { files, keep }: Pick<PredictTask, 'files' | 'keep'>,
    talk: { begin(node: string | null): void; row(row: PredictedRow): void; signal: AbortSignal },
  ): Promise<PredictAnswer> {
    const sink = mapSinkOf(run);
    programs.begin = (node) => talk.begin(node);
    let at = 0;
    for await (const scored of scoreImages(run, each(files), { compile: programs.compile, batch: batchFor(run, files.length, mostAtOnce), asTheyCome: false, signal: talk.signal })) {
      if (!('error' in scored) && sink) await keepMap(join(keep, keptMapFile(files[at]!.index)), scored, sink);
      talk.row(told('error' in scored ? failureOf(scored) : predictionOf(run, scored)));
      at++;
    }
    return described(run, sink?.name ?? null);
  }

  /** Draws the map of an image that was scored. Throws what opening the run, drawing and reading the image throw. */
  async map({ run: asked, keep, index, format, to }: MapTask): Promise<MapAnswer> {
    const { run } = await this.#runs.open(asked);
    const drawer = mapDrawer(run, format, null);
    await drawer.draw(to, await keptImage(join(keep, keptMapFile(index)), mapSinkOf(run)!, format));
    return { scale: drawer.scale };
  }
}

async function* each(files: PredictTask['files']): AsyncGenerator<Named> {
  for (const { file } of files) yield { file };
}

function told(row: PredictedRow & { map?: unknown }): PredictedRow {
  const { map: _map, ...rest } = row;
  return rest;
}

function described(run: FinishedRun, map: string | null): PredictAnswer {
  const { graph, category, cautions } = run;
  const thresholds = Object.fromEntries([...run.thresholds].map(([name, { observed: _, ...threshold }]) => [name, threshold]));
  return { graph, category, verdict: verdictOf(run), thresholds, map, cautions };
}
