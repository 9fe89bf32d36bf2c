import { refName, type FitPlan, type PlanNode } from '../compiler/plan.ts';
import type { ProgramFeed } from '../engine/program.ts';
import type { FeatureStore } from './feature-store.ts';
import { paddedBatches, type ImageFeed } from './image-feed.ts';
import { compileInference, signalOf, type Compile } from './inference.ts';
import type { WeightValues } from './weight-values.ts';

/** Everything that a step of a fit is fed, for a batch of images. */
export interface StepFeed {
  feeds(set: ImageFeed, indices: readonly number[]): Promise<Record<string, ProgramFeed>>;
  dispose(): void;
}

interface Setting {
  fit: FitPlan;
  nodes: ReadonlyMap<string, PlanNode>;
  weights: WeightValues;
  batch: number;
  compile: Compile;
  /** Null to compute frozen features anew at every step; the results are the same. */
  store: FeatureStore | null;
  onFeatures?: (progress: { set: string; done: number; total: number }) => void;
}

/** Images where the step looks at images, and frozen features, computed once per image where they may be kept. */
export function stepFeed(setting: Setting): StepFeed {
  const { fit, nodes, compile, weights, batch, store } = setting;
  const frozen = fit.frozen;
  const featureNames = (frozen?.outputs ?? []).map(refName);
  const imageNames = fit.step.inputs.map(refName).filter((name) => !featureNames.includes(name));
  const teacher = frozen && compileInference(compile, `features for ${fit.node}`, nodes, frozen, weights, batch);

  async function compute(set: ImageFeed, indices: readonly number[]): Promise<Record<string, ProgramFeed>> {
    if (!frozen || !teacher) return {};
    const padded = Array.from({ length: batch }, (_, i) => indices[Math.min(i, indices.length - 1)]!);
    const values = teacher.run(await set.feeds(padded, frozen.inputs.map(refName)));
    return Object.fromEntries(
      featureNames.map((name) => {
        const { shape, data } = values[name]!;
        const size = data.length / batch;
        return [name, { shape: [indices.length, ...shape.slice(1)], data: data.subarray(0, size * indices.length) }];
      }),
    );
  }

  async function keep(set: ImageFeed, into: FeatureStore): Promise<void> {
    const missing = frozen!.outputs.filter((ref) => !into.has(`${set.name}/${refName(ref)}`));
    if (missing.length === 0) return;
    for (const ref of missing) {
      const length = signalOf(nodes, ref).shape.reduce((a, b) => a * b, 1);
      into.create(`${set.name}/${refName(ref)}`, set.count, length);
    }
    for (const { indices, real } of paddedBatches(set.count, batch)) {
      const values = await compute(set, indices);
      for (const ref of missing) {
        const { data } = values[refName(ref)]!;
        const size = data.length / batch;
        for (let i = 0; i < real; i++) {
          into.get(`${set.name}/${refName(ref)}`).write(indices[i]!, data.subarray(i * size, (i + 1) * size) as Float32Array);
        }
      }
      setting.onFeatures?.({ set: set.name, done: indices[real - 1]! + 1, total: set.count });
    }
  }

  async function kept(set: ImageFeed, indices: readonly number[], from: FeatureStore): Promise<Record<string, ProgramFeed>> {
    await keep(set, from);
    return Object.fromEntries(
      frozen!.outputs.map((ref) => {
        const { shape } = signalOf(nodes, ref);
        const size = shape.reduce((a, b) => a * b, 1);
        const data = new Float32Array(size * indices.length);
        const rows = from.get(`${set.name}/${refName(ref)}`);
        indices.forEach((index, i) => rows.read(index, data.subarray(i * size, (i + 1) * size)));
        return [refName(ref), { shape: [indices.length, ...shape], data }];
      }),
    );
  }

  return {
    async feeds(set, indices) {
      const images = imageNames.length ? await set.feeds(indices, imageNames) : {};
      const features = frozen && store ? await kept(set, indices, store) : await compute(set, indices);
      return { ...images, ...features };
    },
    dispose: () => teacher?.dispose(),
  };
}
