import type { Geometry } from '../../plugins/sdk/images.ts';
import type { Plan } from '../../server/compiler/plan.ts';
import type { Decode, StoredImage } from '../../server/data/decode-here.ts';
import { ImageStore } from '../../server/data/image-store.ts';
import { FeatureStore } from '../../server/runtime/feature-store.ts';
import { runFit } from '../../server/runtime/fit.ts';
import { imageFeed } from '../../server/runtime/image-feed.ts';
import type { Compile } from '../../server/runtime/inference.ts';
import type { WeightValues } from '../../server/runtime/weight-values.ts';

/** What decoding takes by itself. */
export interface Throughput {
  imagesPerSecond: number;
  /** CPU time of one image, of all threads together, s. */
  cpuSeconds: number;
}

export async function throughput(images: readonly StoredImage[], geometry: Geometry, decode: Decode): Promise<Throughput> {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  await Promise.all(images.map((image) => decode(image, geometry, [0])));
  const { user, system } = process.cpuUsage(used);
  return { imagesPerSecond: (1000 * images.length) / (performance.now() - begun), cpuSeconds: (user + system) / 1e6 / images.length };
}

export interface FitSetting {
  plan: Plan;
  weights: WeightValues;
  compile: Compile;
  images: readonly StoredImage[];
  scratch: string;
}

/** Seconds a batch takes. */
export interface FitTimes {
  /** Of the pass that computes what is kept of frozen networks. */
  features: number[];
  /** Of the steps of all epochs; the first of each, which nothing could be decoded ahead for, among them. */
  steps: number[];
}

/** How images come: all of them decoded before, or by `decode`: anew whenever they are asked for, or kept as a run keeps them. */
export type Coming = { decode: Decode; keeps: boolean } | 'before';

/** Fits the first fit of a plan, and times its batches. */
export async function fitTimes({ plan, weights, compile, images, scratch }: FitSetting, coming: Coming, epochs: number): Promise<FitTimes> {
  const times: FitTimes = { features: [], steps: [] };
  const stores = plan.sources.map(({ geometry }) => {
    if (coming === 'before') return new ImageStore(images, geometry, { budget: Infinity });
    return new ImageStore(images, geometry, { decode: coming.decode, ...(coming.keeps ? {} : { budget: 0 }) });
  });
  if (coming === 'before') for (const store of stores) await store.batch(images.map((_, i) => i));
  const feed = (name: string, count: number) =>
    imageFeed(name, count, plan.sources.map((source, i) => ({ source, images: stores[i]! })));
  const store = new FeatureStore(2 ** 30, scratch);
  let last = NaN;
  try {
    await runFit({
      category: 'measured',
      fit: { ...plan.fits[0]!, settings: { ...plan.fits[0]!.settings, epochs, earlyStop: 0 } },
      nodes: plan.nodes,
      weights,
      train: feed('train', images.length),
      validation: feed('validation', 0),
      seed: 0,
      compile,
      featureBatch: 8,
      store,
      checkpoints: null,
      emit({ type }) {
        const now = performance.now() / 1000;
        // What comes before the first of either is compiling.
        if (type === 'features' && last > 0) times.features.push(now - last);
        if (type === 'step' && last > 0) times.steps.push(now - last);
        last = now;
      },
    });
  } finally {
    store.dispose();
  }
  // The first step follows the features: it is compiled then.
  times.steps.shift();
  return times;
}
