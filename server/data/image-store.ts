import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Geometry } from '../../plugins/sdk/images.ts';
import { decodeImage } from './decode.ts';

export interface ImageStoreOptions {
  /** Bytes of decoded images kept in memory; what does not fit is decoded again whenever it is asked for. */
  budget?: number;
}

/** Enough for 3,500 images of 224×224. */
const defaultBudget = 512 * 2 ** 20;

/** 0–255 to 0–1, as float32 divides. */
const unit = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * The images of one set in one geometry. Decodes on other threads while the caller computes; gives the same values
 * whatever the budget.
 */
export class ImageStore {
  /** Height, width and channels of an image. */
  readonly shape: readonly [number, number, 3];
  readonly length: number;
  readonly #files: readonly string[];
  readonly #geometry: Geometry;
  readonly #kept = new Map<number, Uint8Array>();
  /** Being decoded, or decoded and not yet asked for. */
  readonly #coming = new Map<number, Promise<Uint8Array>>();
  readonly #limit = pLimit(Math.max(2, availableParallelism()));
  #room: number;

  constructor(images: readonly { file: string }[], geometry: Geometry, { budget = defaultBudget }: ImageStoreOptions = {}) {
    this.#files = images.map(({ file }) => file);
    this.#geometry = geometry;
    this.#room = budget;
    this.length = images.length;
    this.shape = [geometry.crop[0], geometry.crop[1], 3];
  }

  /** Starts to decode the images of a batch to come. What goes wrong is reported by that `batch`. */
  prefetch(indices: readonly number[]): void {
    for (const index of indices) {
      if (this.#kept.has(index) || this.#coming.has(index)) continue;
      this.#coming.set(index, this.#decode(index));
    }
  }

  /**
   * RGB in 0–1, row-major `[indices.length, h, w, 3]`.
   * Errors: `unreadable-image`, `image-too-large`, `unsupported-image`, with the file.
   */
  async batch(indices: readonly number[]): Promise<Float32Array> {
    this.prefetch(indices);
    const all = Promise.all(indices.map((index) => this.#kept.get(index) ?? this.#coming.get(index)!));
    const images = await all.finally(() => {
      for (const index of indices) this.#coming.delete(index);
    });
    const size = this.shape[0] * this.shape[1] * 3;
    const values = new Float32Array(indices.length * size);
    images.forEach((image, i) => {
      for (let at = 0, to = i * size; at < size; at++, to++) values[to] = unit[image[at]!]!;
    });
    return values;
  }

  #decode(index: number): Promise<Uint8Array> {
    const file = this.#files[index];
    if (file === undefined) throw new RangeError(`image ${index} of ${this.length} asked for`);
    const decoding = this.#limit(() => decodeImage(file, this.#geometry)).then((image) => {
      // Every image is visited once an epoch, in a new order: the first that fit are as good to keep as any.
      if (image.length <= this.#room && !this.#kept.has(index)) {
        this.#kept.set(index, image);
        this.#room -= image.length;
        this.#coming.delete(index);
      }
      return image;
    });
    decoding.catch(() => undefined);
    return decoding;
  }
}
