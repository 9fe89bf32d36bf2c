import { refName, type ImageSource } from '../compiler/plan.ts';
import { inspectionOf, type Inspection } from '../data/inspection.ts';
import type { ProgramFeed } from '../engine/program.ts';

/** The views of one set's images, image after image, decoded for one source: float32 0–1, NHWC. */
export interface DecodedImages {
  batch(views: readonly number[]): Promise<Float32Array>;
  /** Starts to decode what a later `batch` will ask for. */
  prefetch(views: readonly number[]): void;
  /** How each image is looked at; left out where every image is as large as what the network sees. */
  inspections?: readonly Inspection[];
}

/**
 * Images of one set (train, validation, test), decoded for every source of a graph. What programs are fed are views:
 * one of an image, or its tiles.
 */
export interface ImageFeed {
  /** Tells sets apart where features are kept: `train`, `validation`, `test`. */
  name: string;
  /** Number of views. */
  count: number;
  /** Number of images. */
  images: number;
  /** Number of the first view of each image, and last the number of all views. */
  firstViews: readonly number[];
  /** How a source looks at an image. */
  inspection(image: number, source: ImageSource): Inspection;
  /** Feeds for a batch of views, by the name of the value that they are. */
  feeds(views: readonly number[], wanted: readonly string[]): Promise<Record<string, ProgramFeed>>;
  /** Starts to decode what `feeds` will be asked for next, so that decoding goes on while TensorFlow works. */
  prefetch(views: readonly number[], wanted: readonly string[]): void;
}

/** `images` is how many images the set has. The compiler sees to it that all sources have as many views of each. */
export function imageFeed(
  name: string,
  images: number,
  decoded: readonly { source: ImageSource; images: DecodedImages }[],
): ImageFeed {
  const inspectionsOf = new Map(
    decoded.map(({ source, images: { inspections } }) => [
      refName(source.value),
      inspections ?? new Array<Inspection>(images).fill(inspectionOf(source.geometry.size, { mode: 'whole', size: source.geometry.size })),
    ]),
  );
  const firstViews = [0];
  const [inspections = []] = inspectionsOf.values();
  for (const { windows } of inspections) firstViews.push(firstViews.at(-1)! + windows.length);
  return {
    name,
    images,
    count: firstViews.at(-1)!,
    firstViews,
    inspection: (image, source) => inspectionsOf.get(refName(source.value))![image]!,
    async feeds(views, wanted) {
      const feeds: Record<string, ProgramFeed> = {};
      for (const { source, images } of decoded) {
        const value = refName(source.value);
        if (!wanted.includes(value)) continue;
        feeds[value] = { shape: [views.length, ...source.signal.shape], data: await images.batch(views) };
      }
      return feeds;
    },
    prefetch(views, wanted) {
      for (const { source, images } of decoded) {
        if (wanted.includes(refName(source.value))) images.prefetch(views);
      }
    },
  };
}

/** Feeds of every view of a set, batch after batch of one size; each batch is decoded while the one before it is used. */
export async function* paddedFeeds(
  set: ImageFeed,
  size: number,
  wanted: readonly string[],
): AsyncGenerator<{ indices: number[]; real: number; feeds: Record<string, ProgramFeed> }> {
  const batches = paddedBatches(set.count, size);
  for (const [i, batch] of batches.entries()) {
    const feeds = await set.feeds(batch.indices, wanted);
    const next = batches[i + 1];
    if (next) set.prefetch(next.indices, wanted);
    yield { ...batch, feeds };
  }
}

/** All indices in order, in batches of one size; a short last batch is filled up with its last one. */
export function paddedBatches(count: number, size: number): { indices: number[]; real: number }[] {
  const batches = [];
  for (let start = 0; start < count; start += size) {
    const real = Math.min(size, count - start);
    batches.push({ indices: Array.from({ length: size }, (_, i) => start + Math.min(i, real - 1)), real });
  }
  return batches;
}
