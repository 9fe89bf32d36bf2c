import { refName, type FitPlan, type PlanNode } from '../compiler/plan.ts';
import type { ProgramFeed } from '../engine/program.ts';
import { breathe } from './breathe.ts';
import type { FeatureStore } from './feature-store.ts';
import { paddedFeeds, type ImageFeed } from './image-feed.ts';
import { compileInference, signalOf, type Compile, type Inference } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

/** Everything that a step of a fit is fed, for a batch of images. */
export interface StepFeed {
  feeds(set: ImageFeed, indices: readonly number[]): Promise<Record<string, ProgramFeed>>;
  /** Starts to decode what the next call of `feeds` will need. */
  prefetch(set: ImageFeed, indices: readonly number[]): void;
  dispose(): void;
}

interface Setting {
  fit: FitPlan;
  nodes: ReadonlyMap<string, PlanNode>;
  weights: WeightValues;
  /**
   * Images that frozen networks see at once, whatever the batch of the fit: what is kept then does not depend on which
   * fit asked first, and what is computed anew at every step equals what would have been kept.
   */
  featureBatch: number;
  compile: Compile;
  /** Null to compute frozen features anew at every step; the results are the same. */
  store: FeatureStore | null;
  onFeatures?: (progress: { set: string; done: number; total: number }) => void;
  signal?: AbortSignal;
}

/** Images where the step looks at images, and frozen features, computed once per image where they may be kept. */
export function stepFeed(setting: Setting): StepFeed {
  const { fit, nodes, compile, weights, featureBatch, store } = setting;
  const features = fit.frozen?.outputs ?? [];
  const featureNames = features.map(refName);
  const imageNames = fit.step.inputs.map(refName).filter((name) => !featureNames.includes(name));
  const teacherInputs = (fit.frozen?.inputs ?? []).map(refName);
  let compiled: Inference | undefined;
  /** Compiled when first asked for: another fit may have kept all that this one needs. */
  const teacher = (): Inference =>
    (compiled ??= compileInference(compile, `features for ${fit.node}`, nodes, fit.frozen!, weights, featureBatch));

  /**
   * Features of any number of images, row by row. Where an image stands in a batch may move the last bits of its
   * features: each is put where it stands when all are computed in order, to be kept.
   */
  async function compute(set: ImageFeed, indices: readonly number[]): Promise<Record<string, ProgramFeed>> {
    const found = emptyFeatures(indices.length);
    for (const rowAt of inPlaces(indices, featureBatch)) {
      const [anyRow] = rowAt.values();
      const padded = Array.from({ length: featureBatch }, (_, place) => indices[rowAt.get(place) ?? anyRow!]!);
      const values = teacher().run(await set.feeds(padded, teacherInputs));
      for (const [name, { data, size }] of Object.entries(found)) {
        for (const [place, row] of rowAt) data.set(values[name]!.data.subarray(place * size, (place + 1) * size), row * size);
      }
    }
    return found;
  }

  /** Room for the features of so many images; `size` is how many numbers an image has. */
  function emptyFeatures(count: number): Record<string, { shape: number[]; data: Float32Array; size: number }> {
    return Object.fromEntries(
      features.map((ref) => {
        const { shape } = signalOf(nodes, ref);
        const size = shape.reduce((a, b) => a * b, 1);
        return [refName(ref), { shape: [count, ...shape], data: new Float32Array(size * count), size }];
      }),
    );
  }

  async function keep(set: ImageFeed, into: FeatureStore): Promise<void> {
    const missing = Object.entries(emptyFeatures(0)).filter(([name]) => !into.has(keyOf(set, name)));
    if (missing.length === 0) return;
    for (const [name, { size }] of missing) into.create(keyOf(set, name), set.count, size);
    for await (const { indices, real, feeds } of paddedFeeds(set, featureBatch, teacherInputs)) {
      const values = teacher().run(feeds);
      for (const [name, { size }] of missing) {
        const rows = into.get(keyOf(set, name));
        for (let i = 0; i < real; i++) rows.write(indices[i]!, values[name]!.data.subarray(i * size, (i + 1) * size));
      }
      setting.onFeatures?.({ set: set.name, done: indices[real - 1]! + 1, total: set.count });
      await breathe(setting.signal);
    }
  }

  async function kept(set: ImageFeed, indices: readonly number[], from: FeatureStore): Promise<Record<string, ProgramFeed>> {
    await keep(set, from);
    const found = emptyFeatures(indices.length);
    for (const [name, { data, size }] of Object.entries(found)) {
      const rows = from.get(keyOf(set, name));
      indices.forEach((index, i) => rows.read(index, data.subarray(i * size, (i + 1) * size)));
    }
    return found;
  }

  return {
    async feeds(set, indices) {
      const images = imageNames.length ? await set.feeds(indices, imageNames) : {};
      if (features.length === 0) return images;
      return { ...images, ...(store ? await kept(set, indices, store) : await compute(set, indices)) };
    },
    prefetch(set, indices) {
      if (imageNames.length) set.prefetch(indices, imageNames);
      if (!store) set.prefetch(indices, teacherInputs);
    },
    dispose: () => compiled?.dispose(),
  };
}

const keyOf = (set: ImageFeed, value: string): string => `${set.name}/${value}`;

/** Batches for these images, each image at the place that it has where all are visited in order: rows by place. */
function inPlaces(indices: readonly number[], size: number): Map<number, number>[] {
  const batches: Map<number, number>[] = [];
  for (const [row, index] of indices.entries()) {
    const place = index % size;
    let batch = batches.find((rowAt) => !rowAt.has(place));
    if (!batch) batches.push((batch = new Map()));
    batch.set(place, row);
  }
  return batches;
}
