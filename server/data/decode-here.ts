import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Geometry } from '../../plugins/sdk/images.ts';
import { decodeViews } from './decode.ts';

/** What is known of an image before it is decoded: its file, and its height and width once upright, px. */
export interface StoredImage {
  file: string;
  height: number;
  width: number;
}

/** Gives the views of an image with the numbers in `views`, as `decodeViews` does, on whatever thread. */
export type Decode = (image: StoredImage, geometry: Geometry, views: readonly number[]) => Promise<Uint8Array[]>;

/** Whole images that are in memory at once. */
const limit = pLimit(Math.max(2, availableParallelism()));

/** Decodes for the calling thread. The library decodes on threads of its own; resizing blocks this one, 5–15 ms a megapixel. */
export const decodeHere: Decode = ({ file }, geometry, views) => limit(() => decodeViews(file, geometry, views));
