import { refName, type ImageSource } from '../compiler/plan.ts';
import type { ProgramFeed } from '../engine/program.ts';

/** Images of one set, decoded for one source: float32 0–1, NHWC. */
export interface DecodedImages {
  batch(indices: readonly number[]): Promise<Float32Array>;
  /** Starts to decode what a later `batch` will ask for. */
  prefetch(indices: readonly number[]): void;
}

/** Images of one set (train, validation, test), decoded for every source of a graph. */
export interface ImageFeed {
  /** Tells sets apart where features are kept: `train`, `validation`, `test`. */
  name: string;
  count: number;
  /** Feeds for a batch, by the name of the value that they are. */
  feeds(indices: readonly number[], wanted: readonly string[]): Promise<Record<string, ProgramFeed>>;
  /** Starts to decode what `feeds` will be asked for next, so that decoding goes on while TensorFlow works. */
  prefetch(indices: readonly number[], wanted: readonly string[]): void;
}

export function imageFeed(
  name: string,
  count: number,
  decoded: readonly { source: ImageSource; images: DecodedImages }[],
): ImageFeed {
  return {
    name,
    count,
    async feeds(indices, wanted) {
      const feeds: Record<string, ProgramFeed> = {};
      for (const { source, images } of decoded) {
        const value = refName(source.value);
        if (!wanted.includes(value)) continue;
        feeds[value] = { shape: [indices.length, ...source.signal.shape], data: await images.batch(indices) };
      }
      return feeds;
    },
    prefetch(indices, wanted) {
      for (const { source, images } of decoded) if (wanted.includes(refName(source.value))) images.prefetch(indices);
    },
  };
}

/** All images of a set in order, batch after batch of one size; each batch is decoded while the one before it is used. */
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

/** All indices in order, in batches of one size; a short last batch is filled up with its last image. */
export function paddedBatches(count: number, size: number): { indices: number[]; real: number }[] {
  const batches = [];
  for (let start = 0; start < count; start += size) {
    const real = Math.min(size, count - start);
    batches.push({ indices: Array.from({ length: size }, (_, i) => start + Math.min(i, real - 1)), real });
  }
  return batches;
}
