import { stat } from 'node:fs/promises';
import { StillroomError, type Geometry, type HostTensor, type Size } from '../../plugins/sdk/index.ts';
import { cutView } from '../data/decode.ts';
import { readHeader, readPixels } from '../data/image-file.ts';
import { inspectionOf, viewCount } from '../data/inspection.ts';
import type { Pixels } from '../data/resample.ts';
import { sha256OfFile } from '../engine/sha256.ts';
import type { ByteLru } from './byte-lru.ts';

/** An image that is looked at; its pixels are decoded once they are needed. */
export class ViewedImage {
  readonly file: string;
  /** Of its bytes. */
  readonly hash: string;
  /** Height and width, upright, px. */
  readonly size: Size;
  #pixels: Pixels | undefined;

  private constructor(file: string, hash: string, size: Size) {
    this.file = file;
    this.hash = hash;
    this.size = size;
  }

  /** `known` keeps hashes of files that have not changed. Errors as `readHeader`. */
  static async open(file: string, known: ByteLru<string>): Promise<ViewedImage> {
    const { height, width } = await readHeader(file);
    const { size, mtimeMs, ino } = await stat(file);
    const mark = JSON.stringify([file, size, mtimeMs, ino]);
    const hash = known.get(mark) ?? (await sha256OfFile(file));
    known.set(mark, hash);
    return new ViewedImage(file, hash, [height, width]);
  }

  /** How many views it has. Throws `no-such-view` where it has none of this number. */
  viewsIn(geometry: Geometry, which: number): number {
    const views = viewCount(this.size, geometry);
    if (which < views) return views;
    throw new StillroomError('no-such-view', `expected a view from 0 to ${views - 1} of the image, found ${which}`, { file: this.file });
  }

  /** RGB in 0–1, `[1, h, w, 3]`. Errors as `readPixels`. */
  async view(geometry: Geometry, which: number): Promise<HostTensor> {
    const pixels = (this.#pixels ??= await readPixels(this.file));
    const inspection = inspectionOf([pixels.height, pixels.width], geometry, this.file);
    const window = inspection.windows[which]!;
    const bytes = cutView(pixels, inspection, window);
    const data = new Float32Array(bytes.length);
    for (let i = 0; i < data.length; i++) data[i] = bytes[i]! / 255;
    return { shape: [1, window.height, window.width, 3], data };
  }
}
