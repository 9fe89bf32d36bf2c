import { createRandom } from '../../../plugins/sdk/random.ts';
import { compile } from '../../../server/compiler/index.ts';
import type { Plan } from '../../../server/compiler/plan.ts';
import { compileProgram } from '../../../server/engine/compile-program.ts';
import type { Engine } from '../../../server/engine/load.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { runFit, type Fitted, type FitTask } from '../../../server/runtime/fit.ts';
import { imageFeed, type ImageFeed } from '../../../server/runtime/image-feed.ts';
import type { Compile } from '../../../server/runtime/inference.ts';
import { runCategory, type CategoryResult, type CategoryTask } from '../../../server/runtime/run-category.ts';
import { initialWeights, type WeightValues } from '../../../server/runtime/weight-values.ts';
import { trialRegistry } from './trial-graphs.ts';

export const planOf = (document: GraphDocument): Plan => compile(document, trialRegistry).plan;

export const compileWith = (engine: Engine, mode: 'native' | 'eager' = 'native'): Compile =>
  (spec, options) => compileProgram(engine, spec, { mode: options?.eager ? 'eager' : mode });

/** A set of images that are in memory. */
export function feedOf(plan: Plan, name: string, pictures: readonly ArrayLike<number>[]): ImageFeed {
  const images = {
    batch: async (indices: readonly number[]) => Float32Array.from(indices.flatMap((i) => Array.from(pictures[i]!))),
    prefetch: () => {},
  };
  return imageFeed(name, pictures.length, plan.sources.map((source) => ({ source, images })));
}

/** Images of noise, 0–1. */
export function noisePictures(name: string, count: number, side = 16): Float32Array[] {
  return Array.from({ length: count }, (_, i) => {
    const { uniform } = createRandom('picture', name, i);
    return Float32Array.from({ length: side * side * 3 }, uniform);
  });
}

export interface TrialFit {
  fitted: Fitted;
  events: RunEvent[];
}

/** Runs the first fit of a graph. */
export async function fitTrial(
  engine: Engine,
  document: GraphDocument,
  images: { train: readonly ArrayLike<number>[]; validation: readonly ArrayLike<number>[] },
  extra: Partial<FitTask> = {},
): Promise<TrialFit> {
  const plan = planOf(document);
  const events: RunEvent[] = [];
  const seed = extra.seed ?? 0;
  const fitted = await runFit({
    category: 'trial',
    fit: plan.fits[0]!,
    nodes: plan.nodes,
    weights: startOf(plan, seed),
    train: feedOf(plan, 'train', images.train),
    validation: feedOf(plan, 'validation', images.validation),
    seed,
    compile: compileWith(engine),
    featureBatch: 4,
    store: null,
    checkpoints: null,
    ...extra,
    emit(event) {
      events.push(event);
      extra.emit?.(event);
    },
  });
  return { fitted, events };
}

export function startOf(plan: Plan, seed: number): WeightValues {
  return Object.assign({}, ...[...plan.nodes.values()].map((node) => initialWeights(node, seed))) as WeightValues;
}

export interface TrialCategory extends CategoryResult {
  events: RunEvent[];
  /** Value of each result for each test image, by its name. */
  values: Record<string, Float32Array[]>;
}

/** Runs a whole category on images of noise: 9 to fit, 5 to validate, 6 to test, the last two of them anomalous. */
export async function categoryTrial(
  engine: Engine,
  document: GraphDocument,
  extra: Partial<CategoryTask> & { counts?: { train?: number; validation?: number; test?: number } } = {},
): Promise<TrialCategory> {
  const { counts, ...rest } = extra;
  const { train = 9, validation = 5, test = 6 } = counts ?? {};
  const plan = planOf(document);
  const events: RunEvent[] = [];
  const values: Record<string, Float32Array[]> = {};
  const result = await runCategory({
    category: 'trial',
    plan,
    pretrained: {},
    train: feedOf(plan, 'train', noisePictures('train', train)),
    validation: feedOf(plan, 'validation', noisePictures('validation', validation)),
    test: feedOf(plan, 'test', noisePictures('test', test)),
    testImages: Array.from({ length: test }, (_, i) => ({ file: `${i}.png`, defect: i < test - 2 ? 'good' : 'hole', anomalous: i >= test - 2 })),
    // The first row of an anomalous image is defective.
    mask: async (index) => new Uint8Array(256).fill(index >= test - 2 ? 1 : 0, 0, 16),
    seed: 0,
    compile: compileWith(engine),
    featureBudget: null,
    scratch: '/nowhere',
    batch: 4,
    checkpoints: () => null,
    ...rest,
    onResult(sink, index, value) {
      (values[sink.name] ??= [])[index] = value.data.slice();
      return rest.onResult?.(sink, index, value);
    },
    emit(event) {
      events.push(event);
      rest.emit?.(event);
    },
  });
  return { ...result, events, values };
}
