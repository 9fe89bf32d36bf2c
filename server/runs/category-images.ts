import type { Size } from '../../plugins/sdk/index.ts';
import type { Plan, SinkPlan } from '../compiler/plan.ts';
import { filesOfMask, type Category, type ImageRef, type LabelledImage } from '../data/dataset.ts';
import { decodeMask } from '../data/decode.ts';
import type { Decode } from '../data/decode-here.ts';
import { readMask } from '../data/image-file.ts';
import { ImageStore } from '../data/image-store.ts';
import type { Inspection } from '../data/inspection.ts';
import { decodeOriginal, defectsOf, markedAt } from '../data/original.ts';
import { splitNormal } from '../data/split.ts';
import { assembledSize } from '../runtime/assemble-views.ts';
import { imageFeed, type ImageFeed } from '../runtime/image-feed.ts';
import type { TestImage } from '../runtime/run-category.ts';
import { atSize, mapSize } from './at-size.ts';

/** Memory for decoded images of one set and source, bytes; beyond it they are decoded again. */
const decodedBudget = 512 * 2 ** 20;

/** Which image of a category went to which split. */
export interface CategorySplits {
  name: string;
  train: readonly ImageRef[];
  validation: readonly ImageRef[];
  test: readonly LabelledImage[];
}

/** The images of a category as a run takes them. */
export interface CategoryImages {
  category: Category;
  train: ImageFeed;
  validation: ImageFeed;
  test: ImageFeed;
  testImages: readonly TestImage[];
  /** The mask of a test image in the coordinates of a sink's map; null where there is none. */
  mask(index: number, sink: SinkPlan): Promise<Uint8Array | null>;
  /** How a sink's network looks at a test image. */
  inspection(index: number, sink: SinkPlan): Inspection;
  /** The whole of a test image at a size to draw it in, RGB `[h, w, 3]`, and what its mask marks of it. */
  drawn(index: number, size: Size): Promise<{ image: Uint8Array; mask: Uint8Array | null }>;
  /** Defective pixels of a test image's mask, and how many of them a sink's network does not see; null without a mask. */
  defects(index: number, sink: SinkPlan): Promise<{ marked: number; outside: number } | null>;
  /** Which image went where. */
  splits: CategorySplits;
  counts: { train: number; validation: number; test: number; anomalous: number };
}

/** Splits the normal images and prepares decoding, by `decode` where it is given; nothing is decoded before it is asked for. */
export function openCategory(category: Category, plan: Plan, seed: number, decode?: Decode): CategoryImages {
  const { train, validation } = splitNormal(category, plan.dataset.source, seed);
  const feed = (name: string, images: readonly ImageRef[]): ImageFeed =>
    imageFeed(
      name,
      images.length,
      plan.sources.map((source) => ({
        source,
        images: new ImageStore(images, source.geometry, { budget: decodedBudget, ...(decode ? { decode } : {}) }),
      })),
    );
  const feeds = { train: feed('train', train), validation: feed('validation', validation), test: feed('test', category.test) };
  const inspection = (index: number, { source }: SinkPlan): Inspection => feeds.test.inspection(index, source);
  return {
    category,
    ...feeds,
    testImages: category.test.map(({ path, defect, anomalous }) => ({ file: path, defect, anomalous })),
    inspection,
    async mask(index, sink) {
      const looked = inspection(index, sink);
      const size = assembledSize(mapSize(sink), looked);
      const { mask, anomalous } = category.test[index]!;
      if (mask) return atSize(await decodeMask(filesOfMask(mask), looked), [looked.inspected.height, looked.inspected.width], size);
      // A good image is good everywhere; of a defective one without a mask nothing is known.
      return anomalous ? null : new Uint8Array(size[0] * size[1]);
    },
    async drawn(index, size) {
      const { file, mask } = category.test[index]!;
      return { image: await decodeOriginal(file, size), mask: mask && markedAt(await readMask(filesOfMask(mask)), size) };
    },
    async defects(index, sink) {
      const { mask } = category.test[index]!;
      return mask && (await defectsOf(filesOfMask(mask), inspection(index, sink)));
    },
    splits: { name: category.name, train, validation, test: category.test },
    counts: {
      train: train.length,
      validation: validation.length,
      test: category.test.length,
      anomalous: category.test.filter(({ anomalous }) => anomalous).length,
    },
  };
}
