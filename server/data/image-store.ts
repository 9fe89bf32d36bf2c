import type { Geometry } from '../../plugins/sdk/images.ts';
import { decodeHere, type Decode, type StoredImage } from './decode-here.ts';
import { inspectionsOf, type Inspection } from './inspection.ts';

export interface ImageStoreOptions {
  /** Bytes of decoded images kept in memory; what does not fit is decoded again whenever it is asked for. */
  budget?: number;
  /** Decodes on the calling thread where absent. */
  decode?: Decode;
}

/** Enough for 3,500 images of 224×224. */
const defaultBudget = 512 * 2 ** 20;
/** Bytes of views that were not asked for, but of an image that was decoded: tiles are mostly asked for in turn. */
const spareBudget = 64 * 2 ** 20;

/** 0–255 to 0–1, as float32 divides. */
const unit = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/**
 * The images of one set in one geometry, as views: one of each image, or its tiles, image after image. Decodes ahead
 * what it is told to; gives the same values whatever the budget and whoever decodes.
 */
export class ImageStore {
  /** Height, width and channels of a view. */
  readonly shape: readonly [number, number, 3];
  /** Number of views. */
  readonly length: number;
  /** How each image is looked at. */
  readonly inspections: readonly Inspection[];
  readonly #images: readonly StoredImage[];
  readonly #decodeViews: Decode;
  readonly #geometry: Geometry;
  /** Of each view: its image, and its number among the views of that. */
  readonly #imageOf: Int32Array;
  readonly #firstOf: Int32Array;
  readonly #kept = new Map<number, Uint8Array>();
  /** Decoded and not asked for; the oldest go first. */
  readonly #spare = new Map<number, Uint8Array>();
  /** Being decoded, or decoded and not yet asked for. */
  readonly #coming = new Map<number, Promise<Uint8Array>>();
  readonly #viewBytes: number;
  #room: number;

  /** Errors: `too-many-tiles`, with the file. */
  constructor(images: readonly StoredImage[], geometry: Geometry, { budget = defaultBudget, decode = decodeHere }: ImageStoreOptions = {}) {
    this.#images = images;
    this.#decodeViews = decode;
    this.#geometry = geometry;
    this.#room = budget;
    this.inspections = inspectionsOf(images, geometry);
    const counts = this.inspections.map(({ windows }) => windows.length);
    this.length = counts.reduce((a, b) => a + b, 0);
    this.#imageOf = new Int32Array(this.length);
    this.#firstOf = new Int32Array(images.length);
    let view = 0;
    for (const [image, count] of counts.entries()) {
      this.#firstOf[image] = view;
      this.#imageOf.fill(image, view, (view += count));
    }
    this.shape = [geometry.size[0], geometry.size[1], 3];
    this.#viewBytes = geometry.size[0] * geometry.size[1] * 3;
  }

  /** Starts to decode the views of a batch to come. What goes wrong is reported by that `batch`. */
  prefetch(views: readonly number[]): void {
    const byImage = new Map<number, number[]>();
    for (const view of new Set(views)) {
      if (this.#isHere(view)) continue;
      const image = this.#imageOf[view];
      if (image === undefined) throw new RangeError(`view ${view} of ${this.length} asked for`);
      byImage.set(image, [...(byImage.get(image) ?? []), view]);
    }
    for (const [image, asked] of byImage) this.#decode(image, asked);
  }

  /**
   * RGB in 0–1, row-major `[views.length, h, w, 3]`.
   * Errors: `unreadable-image`, `image-too-large`, `unsupported-image`, `image-changed`, with the file.
   */
  async batch(views: readonly number[]): Promise<Float32Array> {
    this.prefetch(views);
    const all = Promise.all(views.map((view) => this.#kept.get(view) ?? this.#coming.get(view) ?? this.#spare.get(view)!));
    const images = await all.finally(() => {
      for (const view of views) {
        this.#coming.delete(view);
        this.#spare.delete(view);
      }
    });
    const size = this.#viewBytes;
    const values = new Float32Array(views.length * size);
    images.forEach((image, i) => {
      for (let at = 0, to = i * size; at < size; at++, to++) values[to] = unit[image[at]!]!;
    });
    return values;
  }

  #isHere(view: number): boolean {
    return this.#kept.has(view) || this.#coming.has(view) || this.#spare.has(view);
  }

  /** Decodes views of one image at once, and with them its others where there is room for them. */
  #decode(image: number, asked: readonly number[]): void {
    const first = this.#firstOf[image]!;
    const others: number[] = [];
    for (let view = first; this.#imageOf[view] === image; view++) {
      if (!asked.includes(view) && !this.#isHere(view)) others.push(view);
    }
    const along = others.length * this.#viewBytes <= Math.max(this.#room, spareBudget) ? others : [];
    const views = [...asked, ...along];
    const decoding = this.#decodeViews(this.#images[image]!, this.#geometry, views.map((view) => view - first));
    for (const [i, view] of asked.entries()) {
      const coming = decoding.then((decoded) => {
        if (this.#keep(view, decoded[i]!)) this.#coming.delete(view);
        return decoded[i]!;
      });
      coming.catch(() => undefined);
      this.#coming.set(view, coming);
    }
    decoding.then(
      (decoded) => along.forEach((view, i) => this.#keep(view, decoded[asked.length + i]!) || this.#lay(view, decoded[asked.length + i]!)),
      () => undefined,
    );
  }

  /** Every view is visited once an epoch, in a new order: the first that fit are as good to keep as any. */
  #keep(view: number, pixels: Uint8Array): boolean {
    if (this.#kept.has(view)) return true;
    if (pixels.length > this.#room) return false;
    this.#kept.set(view, pixels);
    this.#room -= pixels.length;
    return true;
  }

  #lay(view: number, pixels: Uint8Array): void {
    this.#spare.set(view, pixels);
    for (const oldest of this.#spare.keys()) {
      if (this.#spare.size * this.#viewBytes <= spareBudget) return;
      this.#spare.delete(oldest);
    }
  }
}
