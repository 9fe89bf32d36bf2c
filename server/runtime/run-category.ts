import type { Sample, SinkReport } from '../../plugins/sdk/index.ts';
import type { Part, Plan, SinkPlan } from '../compiler/plan.ts';
import { atNode } from '../engine/at-node.ts';
import { weightName } from './assemble.ts';
import { calibrate } from './calibrate.ts';
import type { FitCheckpoints } from './checkpoint.ts';
import { checkedReport } from './checked-report.ts';
import type { Emit, EpochRecord } from './events.ts';
import { FeatureStore } from './feature-store.ts';
import { runFit } from './fit.ts';
import type { ImageFeed } from './image-feed.ts';
import type { Compile } from './inference.ts';
import { predict } from './predict.ts';
import { profile } from './profile.ts';
import { SampleMaps, type SampleOptions } from './sample-maps.ts';
import { initialWeights, type WeightValues } from './weight-values.ts';

/** What is known of a test image: a sample without its mask, which is decoded when a sink needs it. */
export type TestImage = Omit<Sample, 'mask'>;

export interface ShownWork {
  /** Tell at the start what each node takes. */
  profile: boolean;
  samples: SampleOptions | null;
}

export interface CategoryTask {
  category: string;
  plan: Plan;
  /** Imported weights of the frozen nodes. */
  pretrained: WeightValues;
  train: ImageFeed;
  validation: ImageFeed;
  test: ImageFeed;
  testImages: readonly TestImage[];
  /** The mask of a test image in the coordinates of a sink's map; null where there is none. */
  mask(index: number, sink: SinkPlan): Promise<Uint8Array | null>;
  seed: number;
  compile: Compile;
  /** Memory for cached features, bytes; null to cache none. */
  featureBudget: number | null;
  scratch: string;
  batch: number;
  /** Checkpoints of a fit, by the id of its node; null to keep none. */
  checkpoints(fit: string): FitCheckpoints | null;
  /** Called with each result as it comes: overlays and per-image tables are made from it. */
  onResult?(sink: SinkPlan, index: number, value: { shape: readonly number[]; data: Float32Array }): Promise<void> | void;
  /** What is shown while it works, beyond its results; it changes none of them. */
  shown?: ShownWork;
  signal?: AbortSignal;
  emit: Emit;
}

export interface CategoryResult {
  reports: Map<SinkPlan, SinkReport>;
  histories: Record<string, EpochRecord[]>;
  /** Everything fitted and calibrated: with the graph, all that a later prediction needs. */
  weights: WeightValues;
  /** Seconds; those of a fit that was resumed are of its epochs alone, wherever they ran. */
  timings: { fit: number; calibrate: number; predict: number };
}

/** Fits, calibrates and evaluates one category. */
export async function runCategory(task: CategoryTask): Promise<CategoryResult> {
  const clock = stopwatch();
  const { weights: fitted, histories, seconds: fit } = await fitAll(task);
  clock();
  const { category, plan } = task;
  task.emit({ type: 'stage', category, stage: 'calibrate', nodes: idsOf(...plan.calibrations.map(({ part }) => part)) });
  const weights = await calibrate({
    ...task,
    stages: task.plan.calibrations,
    nodes: task.plan.nodes,
    weights: fitted,
    onProgress: (done, total) => task.emit({ type: 'calibrating', category: task.category, done, total }),
  });
  const calibrated = clock();
  task.emit({ type: 'stage', category, stage: 'predict', nodes: idsOf(plan.predict.part) });
  const reports = await evaluate(task, weights);
  return { reports, histories, weights, timings: { fit, calibrate: calibrated, predict: clock() } };
}

async function fitAll(
  task: CategoryTask,
): Promise<{ weights: WeightValues; histories: CategoryResult['histories']; seconds: number }> {
  const { plan, seed, featureBudget } = task;
  let seconds = 0;
  let weights: WeightValues = {};
  for (const node of plan.nodes.values()) {
    if (!node.definition.pretrained) weights = { ...weights, ...initialWeights(node, seed) };
  }
  weights = { ...weights, ...task.pretrained };
  const histories: Record<string, EpochRecord[]> = {};
  const store = featureBudget === null ? null : new FeatureStore(featureBudget, task.scratch);
  let samples: SampleMaps | null = null;
  try {
    if (task.shown?.profile) await profile(task, weights);
    if (task.shown?.samples) samples = SampleMaps.of(task, task.shown.samples, weights);
    for (const fit of plan.fits) {
      const { frozen, step } = fit;
      task.emit({ type: 'stage', category: task.category, stage: 'fit', node: fit.node, nodes: idsOf(step), ...(frozen ? { frozen: idsOf(frozen) } : {}) });
      const fitted = await runFit({
        ...task,
        ...(samples ? { onEpoch: (moved, epoch) => samples!.show(fit.node, moved, epoch) } : {}),
        fit,
        nodes: plan.nodes,
        weights,
        featureBatch: task.batch,
        store,
        checkpoints: task.checkpoints(fit.node),
      });
      weights = { ...weights, ...fitted.weights };
      samples?.write(fitted.weights);
      histories[fit.node] = fitted.history;
      seconds += fitted.seconds;
    }
  } finally {
    samples?.dispose();
    store?.dispose();
  }
  return { weights, histories, seconds };
}

const idsOf = (...parts: readonly Part[]): string[] => [...new Set(parts.flatMap(({ nodes }) => nodes.map(({ id }) => id)))];

async function evaluate(task: CategoryTask, weights: WeightValues): Promise<Map<SinkPlan, SinkReport>> {
  const { plan, test, testImages } = task;
  const evaluations = new Map(
    plan.predict.sinks.map((sink) => [sink, sink.node.definition.sink!(sink.node.params).evaluate(calibratedOf(sink, weights))]),
  );
  if (test.count > 0) {
    const results = predict({
      ...task,
      weights,
      images: test,
      onProgress: (done, total) => task.emit({ type: 'predicting', category: task.category, done, total }),
    });
    for await (const { index, values } of results) {
      for (const [sink, value] of values) {
        const mask = sink.kind === 'map' ? await task.mask(index, sink) : null;
        atNode(sink.node.id, () => evaluations.get(sink)!.add({ ...testImages[index]!, mask }, value), sink.node.definition.type);
        await task.onResult?.(sink, index, value);
      }
    }
  }
  return new Map([...evaluations].map(([sink, evaluation]) => [sink, atNode(sink.node.id, () => checkedReport(evaluation.finish()), sink.node.definition.type)]));
}

export function calibratedOf({ node }: SinkPlan, weights: WeightValues): Record<string, Float32Array> {
  return Object.fromEntries(
    node.weights.filter(({ role }) => role === 'calibrated').map(({ name }) => [name, weights[weightName(node.id, name)]!.data]),
  );
}

/** Seconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
