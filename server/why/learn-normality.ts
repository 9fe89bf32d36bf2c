import { quantile, type HostTensor } from '../../plugins/sdk/index.ts';
import { createRandom } from '../../plugins/sdk/random.ts';
import { partFor } from '../compiler/part.ts';
import { refName, type Plan, type ValueRef } from '../compiler/plan.ts';
import { breathe } from '../runtime/breathe.ts';
import { paddedFeeds, type ImageFeed } from '../runtime/image-feed.ts';
import { compileInference, firstSamples, signalOf, type Compile } from '../runtime/inference.ts';
import type { WeightValues } from '../runtime/weight-values.ts';
import { explainable } from './contributions.ts';
import { normOf } from './gap.ts';
import { levelCount, type Normality, type Patches } from './normality.ts';
import { shareOut } from './share-out.ts';

export interface LearnTask {
  plan: Plan;
  weights: WeightValues;
  train: ImageFeed;
  validation: ImageFeed;
  /** Of the training images, in their order. */
  images: Normality['images'];
  identity: string;
  /** Bytes that all patches together may take. */
  budget: number;
  batch: number;
  compile: Compile;
  signal?: AbortSignal;
  onProgress?(): void;
}

/** Values of a map that its quantiles are taken of, at most; of more, evenly spaced ones. */
const mostValues = 2 ** 20;

/** The values that patches are kept of, and the maps whose usual values are to be known. */
export function learntValues(plan: Plan): { features: ValueRef[]; maps: ValueRef[] } {
  const all = explainable(plan).flatMap(({ contributions }) => contributions);
  const distinct = (refs: readonly ValueRef[]): ValueRef[] => [...new Map(refs.map((ref) => [refName(ref), ref])).values()];
  return { features: distinct(all.flatMap(({ teacher }) => teacher ?? [])), maps: distinct(all.map(({ map }) => map)) };
}

/** Looks once at the training images through the frozen networks, and once at the validation images through all. */
export async function learnNormality(task: LearnTask): Promise<Normality> {
  const { plan, train, validation, images, identity } = task;
  const { features, maps } = learntValues(plan);
  const levelsOf = validation.count > 0 ? 'validation' : 'train';
  return {
    identity,
    images,
    patches: await drawPatches(task, features),
    levels: await levelsOfMaps(task, maps, levelsOf === 'validation' ? validation : train),
    levelsOf,
  };
}

async function drawPatches(task: LearnTask, features: readonly ValueRef[]): Promise<Map<string, Patches>> {
  const { plan, train } = task;
  const shapes = features.map((ref) => signalOf(plan.nodes, ref).shape as [number, number, number]);
  const totals = shapes.map(([height, width]) => train.count * height * width);
  const counts = shareOut(task.budget, shapes.map(([, , channels], i) => ({ each: 4 * (channels + 2), most: totals[i]! })));
  const wanted = features.filter((_, i) => counts[i]! > 0);
  const drawn = features.map((ref, i) => new Drawn(refName(ref), shapes[i]!, totals[i]!, counts[i]!));
  await throughAll(task, wanted, train, (values) => drawn.forEach((one) => one.name in values && one.add(values[one.name]!)));
  return new Map(drawn.map((one) => [one.name, one.patches]));
}

/** Draws so many of all patches as they come, each set of them as likely, always the same of the same images. */
class Drawn {
  readonly name: string;
  readonly patches: Patches;
  readonly #chance: () => number;
  readonly #count: number;
  #seen = 0;
  #taken = 0;

  constructor(name: string, [height, width, channels]: [number, number, number], total: number, count: number) {
    this.name = name;
    this.#count = count;
    this.#chance = createRandom('normal patches', name).uniform;
    this.patches = { grid: [height, width], channels, total, views: new Float32Array(count), cells: new Float32Array(count), vectors: new Float32Array(count * channels) };
  }

  /** Features of further views, `[n, h, w, C]`. */
  add({ data }: HostTensor): void {
    const { grid, channels, total, views, cells, vectors } = this.patches;
    const positions = grid[0] * grid[1];
    for (let at = 0; at < data.length; at += channels, this.#seen++) {
      if (this.#chance() * (total - this.#seen) >= this.#count - this.#taken) continue;
      const vector = data.subarray(at, at + channels);
      const norm = normOf(vector);
      vectors.set(norm > 0 ? vector.map((value) => value / norm) : vector, this.#taken * channels);
      views[this.#taken] = Math.floor(this.#seen / positions);
      cells[this.#taken] = this.#seen % positions;
      this.#taken++;
    }
  }
}

async function levelsOfMaps(task: LearnTask, maps: readonly ValueRef[], set: ImageFeed): Promise<Map<string, Float32Array>> {
  const sizes = maps.map((ref) => signalOf(task.plan.nodes, ref).shape.reduce((a, b) => a * b, set.count));
  const strides = sizes.map((size) => Math.ceil(size / mostValues));
  const kept = sizes.map((size, i) => new Float32Array(Math.ceil(size / strides[i]!)));
  const seen = maps.map(() => 0);
  await throughAll(task, maps, set, (values) => {
    for (const [i, ref] of maps.entries()) {
      const { data } = values[refName(ref)]!;
      for (const value of data) {
        if (seen[i]! % strides[i]! === 0) kept[i]![seen[i]! / strides[i]!] = value;
        seen[i]!++;
      }
    }
  });
  return new Map(maps.map((ref, i) => {
    const ascending = kept[i]!.sort();
    return [refName(ref), Float32Array.from({ length: levelCount }, (_, level) => quantile(ascending, level / (levelCount - 1)))];
  }));
}

async function throughAll(task: LearnTask, wanted: readonly ValueRef[], set: ImageFeed, take: (values: Record<string, HostTensor>) => void): Promise<void> {
  const { plan, weights, compile, signal, onProgress } = task;
  if (wanted.length === 0 || set.count === 0) return;
  const part = partFor(plan.nodes, wanted);
  const batch = Math.min(task.batch, set.count);
  const program = compileInference(compile, 'normal', plan.nodes, part, weights, batch);
  try {
    for await (const { real, feeds } of paddedFeeds(set, batch, part.inputs.map(refName))) {
      const values = program.run(feeds);
      take(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, firstSamples(value, real)])));
      onProgress?.();
      await breathe(signal);
    }
  } finally {
    program.dispose();
  }
}
