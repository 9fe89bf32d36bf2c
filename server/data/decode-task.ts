import pLimit from 'p-limit';
import type { Geometry } from '../../plugins/sdk/images.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { receivedError, sentError, type SentError } from '../sent-error.ts';
import { decodeViews } from './decode.ts';

/** What a thread is asked for: views of an image. */
export interface DecodeTask {
  file: string;
  geometry: Geometry;
  views: readonly number[];
}

/** What it answers. */
export type DecodeAnswer = { views: Uint8Array[] } | { error: SentError };

/** One image is resized while the library decodes the next; more would only take memory. */
const limit = pLimit(2);

/** Decodes, on a thread that has nothing else to do. */
export async function decodeTask({ file, geometry, views }: DecodeTask): Promise<DecodeAnswer> {
  try {
    return { views: await limit(() => decodeViews(file, geometry, views)) };
  } catch (error) {
    if (!(error instanceof StillroomError)) throw error;
    return { error: sentError(error) };
  }
}

/** Errors: those of `decodeViews`, as they were thrown on the other thread. */
export function viewsOf(answer: DecodeAnswer): Uint8Array[] {
  if ('views' in answer) return answer.views;
  throw receivedError(answer.error);
}
