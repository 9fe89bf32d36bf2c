import { existsSync } from 'node:fs';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { readSafetensorsContent, writeSafetensors } from '../weights/safetensors.ts';
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
});

/** The two checkpoints of one fit: the last whole epoch (weights and optimiser), and the best weights. */
export class FitCheckpoints {
  readonly #last: string;
  readonly #best: string;
  readonly #identity: string;

  /** `stem` is the path without an ending; `identity` names everything that the fit depends on. */
  constructor(stem: string, identity: string) {
    this.#last = `${stem}.last.safetensors`;
    this.#best = `${stem}.best.safetensors`;
    this.#identity = identity;
  }

  async saveLast(state: WeightValues, progress: FitProgress): Promise<void> {
    await writeSafetensors(this.#last, toDict(state), { identity: this.#identity, progress: JSON.stringify(progress) });
  }

  async saveBest(weights: WeightValues, epoch: number): Promise<void> {
    await writeSafetensors(this.#best, toDict(weights), { identity: this.#identity, epoch: String(epoch) });
  }

  /** What was saved last; null where nothing was. Throws `checkpoint-of-another-run`, `weights-corrupt`. */
  async load(): Promise<{ state: WeightValues; progress: FitProgress } | null> {
    if (!existsSync(this.#last)) return null;
    const { state, metadata } = await this.#read(this.#last);
    const progress = progressSchema.safeParse(parseJson(metadata['progress']));
    if (!progress.success) {
      throw new StillroomError('checkpoint-corrupt', 'expected a checkpoint with the progress of a fit, found none', {
        file: this.#last,
        hint: 'delete it to fit again from the start',
      });
    }
    return { state, progress: progress.data };
  }

  /** The weights of the lowest validation loss; null where none were saved. */
  async loadBest(): Promise<WeightValues | null> {
    return existsSync(this.#best) ? (await this.#read(this.#best)).state : null;
  }

  async #read(file: string): Promise<{ state: WeightValues; metadata: Record<string, string> }> {
    const { tensors, metadata } = await readSafetensorsContent(file);
    if (metadata['identity'] !== this.#identity) {
      throw new StillroomError(
        'checkpoint-of-another-run',
        'expected a checkpoint of this graph, data, weights and seed, found one of others',
        { file, hint: 'choose another --out, or delete the folder to start again' },
      );
    }
    return { state: Object.fromEntries(tensors), metadata };
  }
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
