import { StillroomError } from '../../plugins/sdk/index.ts';
import type { FitPlan, PlanNode } from '../compiler/plan.ts';
import { epochOrder } from '../data/split.ts';
import type { Program, ProgramFeed } from '../engine/program.ts';
import { hyperOf } from '../engine/update-rules.ts';
import { breathe } from './breathe.ts';
import type { FitCheckpoints, FitProgress } from './checkpoint.ts';
import type { Emit, EpochRecord } from './events.ts';
import type { FeatureStore } from './feature-store.ts';
import { compileFit, fittedNames } from './fit-program.ts';
import type { ImageFeed } from './image-feed.ts';
import type { Compile } from './inference.ts';
import { afterEpoch, rateOf, startSchedule } from './schedule.ts';
import { stepFeed, type StepFeed } from './step-feed.ts';
import type { WeightValues } from './weight-values.ts';

export interface FitTask {
  category: string;
  fit: FitPlan;
  nodes: ReadonlyMap<string, PlanNode>;
  /** Starting values of everything that the fit touches. */
  weights: WeightValues;
  train: ImageFeed;
  validation: ImageFeed;
  seed: number;
  compile: Compile;
  /** Null to compute frozen features anew at every step. */
  store: FeatureStore | null;
  /** Null to keep nothing on disk. */
  checkpoints: FitCheckpoints | null;
  signal?: AbortSignal;
  emit: Emit;
}

export interface Fitted {
  /** What was fitted, of the kept epoch. */
  weights: WeightValues;
  history: EpochRecord[];
}

/**
 * Fits what one `Fit` node fits, from the last whole epoch if there is one.
 * Throws `loss-not-finite` (node and step; the last good checkpoint stays), `cancelled`, `too-few-images`.
 */
export async function runFit(task: FitTask): Promise<Fitted> {
  const { fit, train, validation } = task;
  if (train.count < 1) throw tooFew(task);
  const batch = Math.min(fit.settings.batch, train.count);
  const saved = (await task.checkpoints?.load()) ?? null;
  if (saved) task.emit({ type: 'resumed', category: task.category, fit: fit.node, epoch: saved.progress.epoch });
  if (saved?.progress.finished) return finish(task, saved.progress, saved.state);

  const sizes = [...new Set([Math.min(batch, validation.count), validation.count % batch])].filter((n) => n > 0);
  const feed = stepFeed({
    ...task,
    batch,
    onFeatures: (p) => task.emit({ type: 'features', category: task.category, fit: fit.node, ...p }),
  });
  const program = compileFit(task.compile, fit, task.nodes, task.weights, batch, sizes);
  try {
    if (saved) program.write(saved.state);
    return await new FitLoop(task, program, feed, batch).run(saved?.progress ?? start(task));
  } finally {
    program.dispose();
    feed.dispose();
  }
}

function start({ fit }: FitTask): FitProgress {
  return {
    epoch: 0,
    step: 0,
    schedule: startSchedule(fit.settings.learningRate),
    bestEpoch: 0,
    bestLoss: Number.POSITIVE_INFINITY,
    history: [],
    finished: null,
  };
}

class FitLoop {
  readonly #task: FitTask;
  readonly #program: Program;
  readonly #feed: StepFeed;
  readonly #batch: number;
  readonly #stepsPerEpoch: number;

  constructor(task: FitTask, program: Program, feed: StepFeed, batch: number) {
    this.#task = task;
    this.#program = program;
    this.#feed = feed;
    this.#batch = batch;
    this.#stepsPerEpoch = Math.floor(task.train.count / batch);
  }

  async run(from: FitProgress): Promise<Fitted> {
    const { fit, checkpoints, emit, category } = this.#task;
    const { epochs } = fit.settings;
    const names = fittedNames(fit).all;
    let progress = from;
    let best: WeightValues | null = null;
    while (!progress.finished) {
      progress = await this.#epoch(progress);
      const record = progress.history.at(-1)!;
      if (record.isBest) {
        best = this.#program.read(names);
        await checkpoints?.saveBest(best, record.epoch);
      }
      if (checkpoints) await checkpoints.saveLast(this.#program.read(), progress);
      emit({ type: 'epoch', category, fit: fit.node, epochs, ...record });
    }
    return finish(this.#task, progress, this.#program.read(names), best);
  }

  async #epoch(before: FitProgress): Promise<FitProgress> {
    const { fit, train, seed } = this.#task;
    const { epochs, schedule, earlyStop } = fit.settings;
    const epoch = before.epoch + 1;
    const order = epochOrder(train.count, epoch, seed);
    let sum = 0;
    let rate = 0;
    for (let i = 0; i < this.#stepsPerEpoch; i++) {
      const step = before.step + i;
      rate = rateOf(schedule, before.schedule, fit.settings.learningRate, step, epochs * this.#stepsPerEpoch);
      sum += await this.#step(order.slice(i * this.#batch, (i + 1) * this.#batch), epoch, step, rate);
    }
    const trainLoss = sum / this.#stepsPerEpoch;
    // Without validation images the training loss has to judge.
    const validationLoss = this.#task.validation.count ? await this.#validate(before.step + this.#stepsPerEpoch) : trainLoss;
    const isBest = validationLoss < before.bestLoss;
    const bestEpoch = isBest ? epoch : before.bestEpoch;
    const isOver = epoch >= epochs;
    const isStale = earlyStop > 0 && epoch - bestEpoch >= earlyStop;
    return {
      epoch,
      step: before.step + this.#stepsPerEpoch,
      schedule: afterEpoch(schedule, before.schedule, validationLoss),
      bestEpoch,
      bestLoss: isBest ? validationLoss : before.bestLoss,
      history: [...before.history, { epoch, trainLoss, validationLoss, rate, isBest }],
      finished: isOver ? 'epochs' : isStale ? 'early' : null,
    };
  }

  async #step(indices: number[], epoch: number, step: number, rate: number): Promise<number> {
    const { fit, train, seed, category, emit } = this.#task;
    const feeds: Record<string, ProgramFeed> = await this.#feed.feeds(train, indices);
    for (const [name, value] of Object.entries(hyperOf(fit.settings.optimiser, rate, step + 1))) {
      feeds[name] = { shape: [], data: Float32Array.of(value) };
    }
    feeds['seed'] = { shape: [2], data: Int32Array.of(seed, step) };
    const loss = this.#program.call('step', feeds)['loss']!.data[0]!;
    this.#mustBeFinite(loss, step, 'training');
    const steps = fit.settings.epochs * this.#stepsPerEpoch;
    emit({ type: 'step', category, fit: fit.node, epoch, step: step + 1, steps, loss, rate });
    await breathe(this.#task.signal);
    return loss;
  }

  /** Mean loss over all validation images. */
  async #validate(step: number): Promise<number> {
    const { validation } = this.#task;
    let sum = 0;
    for (let from = 0; from < validation.count; from += this.#batch) {
      const size = Math.min(this.#batch, validation.count - from);
      const feeds = await this.#feed.feeds(validation, Array.from({ length: size }, (_, i) => from + i));
      const loss = this.#program.call(`validate:${size}`, feeds)['loss']!.data[0]!;
      this.#mustBeFinite(loss, step, 'validation');
      sum += loss * size;
      await breathe(this.#task.signal);
    }
    return sum / validation.count;
  }

  #mustBeFinite(loss: number, step: number, which: string): void {
    if (Number.isFinite(loss)) return;
    throw new StillroomError('loss-not-finite', `expected a finite ${which} loss, found ${loss} after step ${step + 1}`, {
      node: this.#task.fit.node,
      hint: 'lower the learning rate, or look at the images and weights; the last good checkpoint is kept',
    });
  }
}

async function finish(
  { fit, category, emit, checkpoints }: FitTask,
  progress: FitProgress,
  state: WeightValues,
  best: WeightValues | null = null,
): Promise<Fitted> {
  const names = fittedNames(fit).all;
  const last = Object.fromEntries(names.map((name) => [name, state[name]!]));
  const kept = fit.settings.keep === 'best' ? (best ?? (await checkpoints?.loadBest()) ?? last) : last;
  emit({
    type: 'fitted',
    category,
    fit: fit.node,
    bestEpoch: progress.bestEpoch,
    bestLoss: progress.bestLoss,
    stopped: progress.finished ?? 'epochs',
  });
  return { weights: kept, history: progress.history };
}

function tooFew({ fit }: FitTask): StillroomError {
  return new StillroomError('too-few-images', 'expected good images to fit on, found none left for training', {
    node: fit.node,
    hint: 'add images to train/good or lower the share that validates',
  });
}
