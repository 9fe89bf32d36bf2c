import { existsSync } from 'node:fs';
import { link, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { readSafetensorsContent, writeSafetensors, type SafetensorsContent } from '../weights/safetensors.ts';
import type { EpochRecord } from './events.ts';
import type { WeightValues } from './weight-values.ts';

/** Where a fit stands after a whole epoch: with the program's state, all that is needed to go on as if undisturbed. */
export interface FitProgress {
  /** Whole epochs done. */
  epoch: number;
  /** Steps done, counted from 0 over the whole fit. */
  step: number;
  /** What its schedule remembers: plain data. */
  schedule: unknown;
  bestEpoch: number;
  bestLoss: number;
  history: EpochRecord[];
  finished: 'epochs' | 'early' | null;
  /** What the whole epochs have taken, in all processes that worked on them. */
  seconds: number;
}

// JSON has no infinity: what has not been measured is null there.
const measured = z.number().nullable().transform((value) => value ?? Number.POSITIVE_INFINITY);
const progressSchema = z.object({
  epoch: z.number().int().min(0),
  step: z.number().int().min(0),
  schedule: z.unknown(),
  bestEpoch: z.number().int(),
  bestLoss: measured,
  history: z.array(
    z.object({
      epoch: z.number(),
      trainLoss: z.number(),
      validationLoss: z.number(),
      rate: z.number(),
      isBest: z.boolean(),
    }),
  ),
  finished: z.enum(['epochs', 'early']).nullable(),
  seconds: z.number(),
});

/** What a fit goes on from. */
export interface SavedFit {
  state: WeightValues;
  progress: FitProgress;
  /** The weights of the epoch of the lowest validation loss, where they were asked for. */
  best: WeightValues | null;
}

/**
 * The checkpoints of one fit: the last whole epoch (weights and optimiser), the one before it, and the best weights of
 * each. They are written while the fit goes on; whenever the process is killed, the last ones that were whole are there.
 * A fit that is finished keeps the last epoch and the best weights alone.
 */
export class FitCheckpoints {
  readonly #stem: string;
  readonly #last: string;
  readonly #previous: string;
  readonly #identity: string;
  readonly #mayWrite: () => void;
  #saving: Promise<void> | undefined;
  /** Whose best weights the last checkpoint counts on; 0 where there is none. */
  #bestOfLast = 0;

  /**
   * `stem` is the path without an ending; `identity` names everything that the fit depends on; `mayWrite` throws where
   * nothing may be written any more.
   */
  constructor(stem: string, identity: string, mayWrite: () => void = () => {}) {
    this.#stem = stem;
    this.#last = `${stem}.last.safetensors`;
    this.#previous = `${stem}.previous.safetensors`;
    this.#identity = identity;
    this.#mayWrite = mayWrite;
  }

  /**
   * Begins to write what a fit has come to, once what was begun before is written; `best` where this epoch is the best
   * so far. The values must not change afterwards. What goes wrong is thrown by the next `save` or `settle`.
   */
  async save(state: WeightValues, progress: FitProgress, best: WeightValues | null): Promise<void> {
    await this.settle();
    this.#saving = this.#write(state, progress, best);
    this.#saving.catch(() => undefined);
  }

  /** Waits until everything is written. */
  async settle(): Promise<void> {
    const saving = this.#saving;
    this.#saving = undefined;
    await saving;
  }

  /**
   * What was saved last and can be used, with its best weights where they are asked for; null where nothing was. What
   * cannot be used (`checkpoint-corrupt`, `checkpoint-of-another-run`) is set aside, and told by `warn`.
   */
  async load({ withBest, warn }: { withBest: boolean; warn: (problem: Problem) => void }): Promise<SavedFit | null> {
    await this.settle();
    const there = [this.#last, this.#previous].filter((file) => existsSync(file));
    if (there.length === 0) return null;
    const refused = existsSync(this.#last) ? [] : [corrupt(this.#last, 'the last checkpoint', 'none')];
    let found: SavedFit | null = null;
    for (const file of there) {
      try {
        found ??= await this.#whole(file, withBest);
      } catch (error) {
        if (!isUnusable(error)) throw error;
        refused.push(error);
        await setAside(file);
      }
    }
    // Whatever else was refused, what the fit goes on from is the last from now on.
    if (refused.length > 0 && found) await rename(this.#previous, this.#last);
    const goesOn = found ? `the fit goes on after epoch ${found.progress.epoch}` : 'the fit starts again';
    for (const error of refused) warn(unusableWarning(error, goesOn));
    this.#bestOfLast = found?.progress.bestEpoch ?? 0;
    if (found?.progress.finished) await this.#tidy(found.progress);
    return found;
  }

  /** The best first, then the last epoch, which names it: what the one before names stays until then. */
  async #write(state: WeightValues, progress: FitProgress, best: WeightValues | null): Promise<void> {
    const identity = this.#identity;
    this.#mayWrite();
    if (best) await writeSafetensors(this.#best(progress.bestEpoch), toDict(best), { identity, epoch: String(progress.epoch) });
    this.#mayWrite();
    await this.#keepPrevious();
    await writeSafetensors(this.#last, toDict(state), { identity, progress: JSON.stringify(progress) });
    await this.#tidy(progress);
    this.#bestOfLast = progress.bestEpoch;
  }

  /** As another name of the same bytes; a disk that has no such names keeps one checkpoint alone. */
  async #keepPrevious(): Promise<void> {
    if (!existsSync(this.#last)) return;
    await rm(this.#previous, { force: true });
    await link(this.#last, this.#previous).catch(() => undefined);
  }

  /** Removes what no checkpoint counts on any more. */
  async #tidy({ bestEpoch, finished }: FitProgress): Promise<void> {
    const folder = dirname(this.#stem);
    const needed = [bestEpoch, ...(finished ? [] : [this.#bestOfLast])].map((epoch) => basename(this.#best(epoch)));
    const isBest = (name: string): boolean => name.startsWith(`${basename(this.#stem)}.best-`) && name.endsWith('.safetensors');
    const names = (await readdir(folder)).filter((name) => isBest(name) && !needed.includes(name));
    for (const file of names.map((name) => join(folder, name))) await rm(file, { force: true });
    if (finished) await rm(this.#previous, { force: true });
  }

  #best(epoch: number): string {
    return `${this.#stem}.best-${epoch}.safetensors`;
  }

  async #whole(file: string, withBest: boolean): Promise<SavedFit> {
    const { tensors, metadata } = await this.#read(file);
    const progress = progressSchema.safeParse(parseJson(metadata['progress']));
    if (!progress.success) throw corrupt(file, 'a checkpoint with the progress of a fit', 'none');
    const best = withBest ? await this.#readBest(progress.data.bestEpoch) : null;
    return { state: Object.fromEntries(tensors), progress: progress.data, best };
  }

  async #readBest(epoch: number): Promise<WeightValues> {
    const file = this.#best(epoch);
    if (!existsSync(file)) throw corrupt(file, 'the weights of the best epoch', 'none');
    try {
      return Object.fromEntries((await this.#read(file)).tensors);
    } catch (error) {
      if (isUnusable(error)) await setAside(file);
      throw error;
    }
  }

  async #read(file: string): Promise<SafetensorsContent> {
    const content = await readSafetensorsContent(file).catch((cause: unknown) => {
      if (!(cause instanceof StillroomError) || !cause.code.startsWith('weights-')) throw cause;
      throw corrupt(file, 'a checkpoint that can be read', `that it cannot: ${cause.message}`, cause);
    });
    if (content.metadata['identity'] === this.#identity) return content;
    throw new StillroomError(
      'checkpoint-of-another-run',
      'expected a checkpoint of this graph, data, weights and seed, found one of others',
      { file },
    );
  }
}

/** A checkpoint is no use, as against one that may not be read: what is good then is not to be begun again. */
function isUnusable(error: unknown): error is StillroomError {
  return error instanceof StillroomError && error.code.startsWith('checkpoint-');
}

/** Nothing of a person's is overwritten, whatever it is. */
async function setAside(file: string): Promise<void> {
  if (existsSync(file)) await rename(file, freeName(`${file}.unusable`));
}

function freeName(file: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? file : `${file}-${n}`;
    if (!existsSync(name)) return name;
  }
}

function unusableWarning({ code, message, place }: StillroomError, goesOn: string): Problem {
  const hint = existsSync(`${place.file}.unusable`) ? { hint: 'what was found is kept beside it, as “.unusable”' } : {};
  return { code, severity: 'warning', message: `${message}; ${goesOn}`, ...place, ...hint };
}

function corrupt(file: string, expected: string, found: string, cause?: unknown): StillroomError {
  return new StillroomError('checkpoint-corrupt', `expected ${expected}, found ${found}`, {
    file,
    cause,
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function toDict(values: WeightValues): Map<string, { shape: readonly number[]; data: Float32Array }> {
  return new Map(Object.entries(values));
}
