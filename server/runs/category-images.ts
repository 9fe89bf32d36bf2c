import type { Plan, SinkPlan } from '../compiler/plan.ts';
import type { Category, ImageRef } from '../data/dataset.ts';
import { decodeMask } from '../data/decode.ts';
import { ImageStore } from '../data/image-store.ts';
import { splitTrain } from '../data/split.ts';
import { imageFeed, type ImageFeed } from '../runtime/image-feed.ts';
import type { TestImage } from '../runtime/run-category.ts';
import { atSize, mapSize } from './at-size.ts';

/** Memory for decoded images of one set and source, bytes; beyond it they are decoded again. */
const decodedBudget = 512 * 2 ** 20;

/** The images of a category as a run takes them. */
export interface CategoryImages {
  category: Category;
  train: ImageFeed;
  validation: ImageFeed;
  test: ImageFeed;
  testImages: readonly TestImage[];
  /** The mask of a test image in the coordinates of a sink's map; null where there is none. */
  mask(index: number, sink: SinkPlan): Promise<Uint8Array | null>;
  /** One test image as a sink's network sees it, float32 0–1, `[h, w, 3]`. */
  picture(index: number, sink: SinkPlan): Promise<Float32Array>;
  counts: { train: number; validation: number; test: number; anomalous: number };
}

/** Splits the normal images and prepares decoding; nothing is decoded before it is asked for. */
export function openCategory(category: Category, plan: Plan, seed: number): CategoryImages {
  const { train, validation } = splitTrain(category.train, plan.dataset.source.validationShare, seed);
  const stores = new Map<string, ImageStore>();
  const feed = (name: string, images: readonly ImageRef[]): ImageFeed =>
    imageFeed(
      name,
      images.length,
      plan.sources.map((source) => {
        const store = new ImageStore(images, source.geometry, { budget: decodedBudget });
        stores.set(`${name}/${source.value.node}`, store);
        return { source, images: store };
      }),
    );
  const feeds = { train: feed('train', train), validation: feed('validation', validation), test: feed('test', category.test) };
  return {
    category,
    ...feeds,
    testImages: category.test.map(({ path, defect, anomalous }) => ({ file: path, defect, anomalous })),
    async mask(index, sink) {
      const { geometry } = sink.source;
      const [height, width] = mapSize(sink);
      const { mask, anomalous } = category.test[index]!;
      if (mask) return atSize(await decodeMask(mask.file, geometry), geometry.crop, [height, width]);
      // A good image is good everywhere; of a defective one without a mask nothing is known.
      return anomalous ? null : new Uint8Array(height * width);
    },
    picture: (index, { source }) => stores.get(`test/${source.value.node}`)!.batch([index]),
    counts: {
      train: train.length,
      validation: validation.length,
      test: category.test.length,
      anomalous: category.test.filter(({ anomalous }) => anomalous).length,
    },
  };
}
