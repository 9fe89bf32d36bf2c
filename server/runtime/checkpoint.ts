import { existsSync } from 'node:fs';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { readSafetensorsContent, writeSafetensors, type SafetensorsContent } from '../weights/safetensors.ts';
import type { ScheduleState } from './schedule.ts';
import type { EpochRecord } from './events.ts';
import type { WeightValues } from './weight-values.ts';

/** Where a fit stands after a whole epoch: with the program's state, all that is needed to go on as if undisturbed. */
export interface FitProgress {
  /** Whole epochs done. */
  epoch: number;
  /** Steps done, counted from 0 over the whole fit. */
  step: number;
  schedule: ScheduleState;
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
  schedule: z.object({ rate: z.number(), best: measured, badEpochs: z.number().int() }),
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

/**
 * The two checkpoints of one fit: the last whole epoch (weights and optimiser), and the best weights. They are written
 * while the fit goes on; whenever the process is killed, the last ones that were whole are there.
 */
export class FitCheckpoints {
  readonly #last: string;
  readonly #best: string;
  readonly #identity: string;
  #saving: Promise<void> | undefined;

  /** `stem` is the path without an ending; `identity` names everything that the fit depends on. */
  constructor(stem: string, identity: string) {
    this.#last = `${stem}.last.safetensors`;
    this.#best = `${stem}.best.safetensors`;
    this.#identity = identity;
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

  /** What was saved last; null where nothing was. Throws `checkpoint-of-another-run`, `checkpoint-corrupt`. */
  async load(): Promise<{ state: WeightValues; progress: FitProgress } | null> {
    await this.settle();
    if (!existsSync(this.#last)) return null;
    const { tensors, metadata } = await this.#read(this.#last);
    const progress = progressSchema.safeParse(parseJson(metadata['progress']));
    if (!progress.success) throw corrupt(this.#last, 'a checkpoint with the progress of a fit', 'none');
    return { state: Object.fromEntries(tensors), progress: progress.data };
  }

  /** The weights of the lowest validation loss. Throws as `load` does. */
  async loadBest(): Promise<WeightValues> {
    await this.settle();
    if (!existsSync(this.#best)) throw corrupt(this.#best, 'the weights of the best epoch', 'nothing');
    return Object.fromEntries((await this.#read(this.#best)).tensors);
  }

  /** The best first: a last epoch that is known to be the best has its weights. */
  async #write(state: WeightValues, progress: FitProgress, best: WeightValues | null): Promise<void> {
    const identity = this.#identity;
    if (best) await writeSafetensors(this.#best, toDict(best), { identity, epoch: String(progress.epoch) });
    await writeSafetensors(this.#last, toDict(state), { identity, progress: JSON.stringify(progress) });
  }

  async #read(file: string): Promise<SafetensorsContent> {
    const content = await readSafetensorsContent(file).catch((cause: unknown) => {
      const found = cause instanceof StillroomError ? cause.message : String(cause);
      throw corrupt(file, 'a checkpoint that can be read', `that it cannot: ${found}`, cause);
    });
    if (content.metadata['identity'] === this.#identity) return content;
    throw new StillroomError(
      'checkpoint-of-another-run',
      'expected a checkpoint of this graph, data, weights and seed, found one of others',
      { file, hint: 'choose another --out, or delete the folder to start again' },
    );
  }
}

function corrupt(file: string, expected: string, found: string, cause?: unknown): StillroomError {
  return new StillroomError('checkpoint-corrupt', `expected ${expected}, found ${found}`, {
    file,
    hint: 'delete the checkpoints of this fit to fit again from the start',
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
