import { findRegions } from './regions.ts';
import type { Ranked } from './ranked.ts';
import { orderDescending, sortDescending } from './sort.ts';

/** The pixels of all images, ranked together. */
export interface RankedPixels extends Ranked {
  /** Of each positive, in the order of `positives`: 1 / (regions × pixels of its region), so that all add up to 1. */
  shares: Float64Array;
  /** Connected defective regions in all images. */
  regions: number;
}

/** Gathers the pixels of images, of which it keeps 4 bytes each, 12 of defective ones. */
export class PixelPool {
  readonly #negatives: Float32Array[] = [];
  readonly #positives: Float32Array[] = [];
  /** Pixels of the region that each positive lies in. */
  readonly #sizes: Float64Array[] = [];
  #regions = 0;

  /** Finite values of one image, row-major, and its mask, not 0 where defective; null where nothing is. */
  add(values: Float32Array, mask: Uint8Array | null, height: number, width: number): void {
    if (!mask) {
      this.#negatives.push(values.slice());
      return;
    }
    const { labels, sizes } = findRegions(mask, height, width);
    this.#negatives.push(values.filter((_, i) => mask[i] === 0));
    this.#positives.push(values.filter((_, i) => mask[i] !== 0));
    this.#sizes.push(Float64Array.from(labels.filter((label) => label !== 0), (label) => sizes[label - 1]!));
    this.#regions += sizes.length;
  }

  rank(): RankedPixels {
    const values = concatenate(this.#positives, Float32Array);
    const sizes = concatenate(this.#sizes, Float64Array);
    const order = orderDescending(values);
    return {
      negatives: sortDescending(concatenate(this.#negatives, Float32Array)),
      positives: Float32Array.from(order, (i) => values[i]!),
      shares: Float64Array.from(order, (i) => 1 / (this.#regions * sizes[i]!)),
      regions: this.#regions,
    };
  }
}

function concatenate<T extends Float32Array | Float64Array>(parts: readonly T[], make: new (length: number) => T): T {
  const all = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
