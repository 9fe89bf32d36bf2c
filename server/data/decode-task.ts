import pLimit from 'p-limit';
import type { Geometry } from '../../plugins/sdk/images.ts';
import { StillroomError, type Place, type Problem } from '../../plugins/sdk/problem.ts';
import { decodeViews } from './decode.ts';

/** What a thread is asked for: views of an image. */
export interface DecodeTask {
  file: string;
  geometry: Geometry;
  views: readonly number[];
}

/** What it answers. Errors cross between threads without their class: they are taken apart here and put together there. */
export type DecodeAnswer = { views: Uint8Array[] } | { error: SentError };

interface SentError {
  code: string;
  message: string;
  place: Place;
  problems: readonly Problem[];
  hint?: string;
  cause?: Error;
}

/** One image is resized while the library decodes the next; more would only take memory. */
const limit = pLimit(2);

/** Decodes, on a thread that has nothing else to do. */
export async function decodeTask({ file, geometry, views }: DecodeTask): Promise<DecodeAnswer> {
  try {
    return { views: await limit(() => decodeViews(file, geometry, views)) };
  } catch (error) {
    if (!(error instanceof StillroomError)) throw error;
    const { code, message, place, problems, hint, cause } = error;
    return {
      error: { code, message, place, problems, ...(hint === undefined ? {} : { hint }), ...(cause instanceof Error ? { cause } : {}) },
    };
  }
}

/** Errors: those of `decodeViews`, as they were thrown on the other thread. */
export function viewsOf(answer: DecodeAnswer): Uint8Array[] {
  if ('views' in answer) return answer.views;
  const { code, message, place, ...details } = answer.error;
  throw new StillroomError(code, message, { ...place, ...details });
}
