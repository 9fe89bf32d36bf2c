import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { FitPlan, PlanNode } from '../compiler/plan.ts';
import { epochOrder } from '../data/split.ts';
import type { Program, ProgramFeed } from '../engine/program.ts';
import { atNode } from '../engine/at-node.ts';
import { hyperOf } from '../engine/update-rules.ts';
import { breathe } from './breathe.ts';
import type { FitCheckpoints, FitProgress, SavedFit } from './checkpoint.ts';
import type { Emit, EpochRecord } from './events.ts';
import type { FeatureStore } from './feature-store.ts';
import { compileFit, fittedNames } from './fit-program.ts';
import type { ImageFeed } from './image-feed.ts';
import type { Compile } from './inference.ts';
import { scheduleOf, type FitSchedule } from './schedule.ts';
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
  /** Images that frozen networks see at once. */
  featureBatch: number;
  /** Null to compute frozen features anew at every step. */
  store: FeatureStore | null;
  /** Null to keep nothing on disk. */
  checkpoints: FitCheckpoints | null;
  /** Given what an epoch has left of the weights that are fitted. */
  onEpoch?(weights: WeightValues, epoch: number): Promise<void>;
  signal?: AbortSignal;
  emit: Emit;
}

export interface Fitted {
  /** What was fitted, of the kept epoch. */
  weights: WeightValues;
  history: EpochRecord[];
  /** What its epochs took, those of earlier processes too. */
  seconds: number;
}

/**
 * Fits what one `Fit` node fits, from the last whole epoch that was saved if there is one; its epochs are then told
 * again. A checkpoint that cannot be used is told as a warning. Throws `loss-not-finite` and `update-not-finite` (node and step; the last good checkpoint stays), `cancelled`,
 * `too-few-images`.
 */
export async function runFit(task: FitTask): Promise<Fitted> {
  const begun = performance.now();
  const { fit, train, validation } = task;
  if (train.count < 1) throw tooFew(task);
  const batch = Math.min(fit.settings.batch, train.count);
  const saved = await savedFit(task);
  if (saved) retell(task, saved.progress);
  if (saved?.progress.finished) return finish(task, saved.progress, saved.state, saved.best);

  const sizes = [...new Set([Math.min(batch, validation.count), validation.count % batch])].filter((n) => n > 0);
  const feed = stepFeed({
    ...task,
    onFeatures: (p) => task.emit({ type: 'features', category: task.category, fit: fit.node, ...p }),
  });
  try {
    const program = compileFit(task.compile, fit, task.nodes, task.weights, batch, sizes);
    try {
      if (saved) program.write(saved.state);
      return await new FitLoop(task, program, feed, batch, begun).run(saved?.progress ?? start(task), saved?.best ?? null);
    } finally {
      program.dispose();
    }
  } finally {
    feed.dispose();
    await task.checkpoints?.settle();
  }
}

async function savedFit({ checkpoints, fit, category, emit }: FitTask): Promise<SavedFit | null> {
  const warn = (problem: Problem): void => emit({ type: 'warning', category, problem: { ...problem, node: fit.node } });
  return (await checkpoints?.load({ withBest: fit.settings.keep === 'best', warn })) ?? null;
}

/** What an earlier process told of the epochs that it finished. */
function retell({ category, fit, emit }: FitTask, { epoch, history }: FitProgress): void {
  emit({ type: 'resumed', category, fit: fit.node, epoch });
  for (const record of history) emit({ type: 'epoch', category, fit: fit.node, epochs: fit.settings.epochs, ...record });
}

function start({ fit }: FitTask): FitProgress {
  return {
    epoch: 0,
    step: 0,
    schedule: atNode(fit.node, () => scheduleOf(fit.schedule, fit.settings.schedule).begin(fit.settings.learningRate)),
    bestEpoch: 0,
    bestLoss: Number.POSITIVE_INFINITY,
    history: [],
    finished: null,
    seconds: 0,
  };
}

class FitLoop {
  readonly #task: FitTask;
  readonly #program: Program;
  readonly #feed: StepFeed;
  readonly #batch: number;
  readonly #stepsPerEpoch: number;
  readonly #schedule: FitSchedule;
  readonly #clock: () => number;

  /** `begun` is when this process began to work on the fit, ms. */
  constructor(task: FitTask, program: Program, feed: StepFeed, batch: number, begun: number) {
    this.#task = task;
    this.#program = program;
    this.#feed = feed;
    this.#batch = batch;
    this.#schedule = scheduleOf(task.fit.schedule, task.fit.settings.schedule);
    this.#stepsPerEpoch = Math.floor(task.train.count / batch);
    this.#clock = () => (performance.now() - begun) / 1000;
  }

  /** `best` are the weights of its best epoch so far. */
  async run(from: FitProgress, best: WeightValues | null): Promise<Fitted> {
    const { fit, checkpoints, emit, category } = this.#task;
    const { epochs, keep } = fit.settings;
    const names = fittedNames(fit).all;
    let progress = from;
    let state: WeightValues = {};
    while (!progress.finished) {
      progress = await this.#epoch(progress, from.seconds);
      state = this.#program.read();
      this.#mustHaveFinite(state, progress.step);
      const record = progress.history.at(-1)!;
      const isKept = record.isBest && keep === 'best';
      if (isKept) best = pick(state, names);
      await checkpoints?.save(state, progress, isKept ? best : null);
      emit({ type: 'epoch', category, fit: fit.node, epochs, ...record });
      if (!progress.finished) await this.#task.onEpoch?.(pick(state, names), progress.epoch);
    }
    return finish(this.#task, progress, state, best);
  }

  async #epoch(before: FitProgress, earlierSeconds: number): Promise<FitProgress> {
    const { fit, train, seed } = this.#task;
    const { epochs, earlyStop, learningRate: base } = fit.settings;
    const epoch = before.epoch + 1;
    const order = epochOrder(train.count, epoch, seed);
    const batchAt = (i: number): number[] => order.slice(i * this.#batch, (i + 1) * this.#batch);
    let sum = 0;
    let rate = 0;
    for (let i = 0; i < this.#stepsPerEpoch; i++) {
      const step = before.step + i;
      rate = atNode(fit.node, () => this.#schedule.rate(before.schedule, { base, step, steps: epochs * this.#stepsPerEpoch }));
      const next = i + 1 < this.#stepsPerEpoch ? batchAt(i + 1) : [];
      sum += await this.#step(batchAt(i), next, epoch, step, rate);
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
      schedule: atNode(fit.node, () => this.#schedule.afterEpoch(before.schedule, validationLoss)),
      bestEpoch,
      bestLoss: isBest ? validationLoss : before.bestLoss,
      history: [...before.history, { epoch, trainLoss, validationLoss, rate, isBest }],
      finished: isOver ? 'epochs' : isStale ? 'early' : null,
      seconds: earlierSeconds + this.#clock(),
    };
  }

  async #step(indices: number[], next: number[], epoch: number, step: number, rate: number): Promise<number> {
    const { fit, train, seed, category, emit } = this.#task;
    const feeds: Record<string, ProgramFeed> = await this.#feed.feeds(train, indices);
    this.#feed.prefetch(train, next);
    for (const [name, value] of Object.entries(atNode(fit.node, () => hyperOf(fit.optimiser, fit.settings.optimiser, rate, step + 1)))) {
      feeds[name] = { shape: [], data: Float32Array.of(value) };
    }
    feeds['seed'] = { shape: [2], data: Int32Array.of(seed, step) };
    const loss = this.#program.call('step', feeds)['loss']!.data[0]!;
    this.#mustBeFinite(loss, step + 1, 'training');
    const steps = fit.settings.epochs * this.#stepsPerEpoch;
    emit({ type: 'step', category, fit: fit.node, epoch, step: step + 1, steps, loss, rate });
    await breathe(this.#task.signal);
    return loss;
  }

  /** Mean loss over all validation images, after so many steps. */
  async #validate(steps: number): Promise<number> {
    const { validation } = this.#task;
    const batchAt = (from: number): number[] =>
      Array.from({ length: Math.max(0, Math.min(this.#batch, validation.count - from)) }, (_, i) => from + i);
    let sum = 0;
    for (let from = 0; from < validation.count; from += this.#batch) {
      const size = batchAt(from).length;
      const feeds = await this.#feed.feeds(validation, batchAt(from));
      this.#feed.prefetch(validation, batchAt(from + this.#batch));
      const loss = this.#program.call(`validate:${size}`, feeds)['loss']!.data[0]!;
      this.#mustBeFinite(loss, steps, 'validation');
      sum += loss * size;
      await breathe(this.#task.signal);
    }
    return sum / validation.count;
  }

  #mustBeFinite(loss: number, steps: number, which: string): void {
    if (Number.isFinite(loss)) return;
    throw new StillroomError('loss-not-finite', `expected a finite ${which} loss, found ${loss} after step ${steps}`, {
      node: this.#task.fit.node,
      hint: 'lower the learning rate, or look at the images and weights; the last good checkpoint is kept',
    });
  }

  /** A finite loss may have a gradient that is not: nothing of it must reach a checkpoint. */
  #mustHaveFinite(state: WeightValues, steps: number): void {
    const broken = Object.keys(state).find((name) => !areFinite(state[name]!.data));
    if (broken === undefined) return;
    throw new StillroomError('update-not-finite', `expected finite weights, found others in "${broken}" after step ${steps}`, {
      node: this.#task.fit.node,
      hint: 'lower the learning rate; the last good checkpoint is kept',
    });
  }
}

/** Quick: any number times zero is zero but those that are not finite. */
function areFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0;
  return sum === 0;
}

function pick(values: WeightValues, names: readonly string[]): WeightValues {
  return Object.fromEntries(names.map((name) => [name, values[name]!]));
}

async function finish(
  { fit, category, emit, checkpoints }: FitTask,
  progress: FitProgress,
  state: WeightValues,
  best: WeightValues | null,
): Promise<Fitted> {
  const { history, seconds, bestEpoch, bestLoss } = progress;
  await checkpoints?.settle();
  const weights = best ?? pick(state, fittedNames(fit).all);
  emit({ type: 'fitted', category, fit: fit.node, bestEpoch, bestLoss, stopped: progress.finished ?? 'epochs' });
  return { weights, history, seconds };
}

function tooFew({ fit }: FitTask): StillroomError {
  return new StillroomError('too-few-images', 'expected good images to fit on, found none left for training', {
    node: fit.node,
    hint: 'add images to train/good or lower the share that validates',
  });
}
