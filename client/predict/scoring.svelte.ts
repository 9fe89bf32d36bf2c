import type { GivenFile } from '../parts/dropped-files.ts';
import { isImage } from '../parts/dropped-files.ts';
import type { Answer } from '../state/answer.ts';
import { call, type ProblemDetails } from '../state/call.ts';
import { problemOf } from '../state/resource.svelte.ts';

export type Prediction = Answer<'/api/runs/{id}/predict', 'post'>;
export type PredictedImage = Prediction['images'][number];

/** Images that are sent at once: the server takes so many in one form. */
const atOnce = 32;

/** New images that a finished run has scored, the newest first. */
export class Scoring {
  images: readonly { image: PredictedImage; prediction: Prediction }[] = $state.raw([]);
  /** How many of those that were given are scored; null where nothing is under way. */
  progress: { done: number; total: number } | null = $state.raw(null);
  problem: ProblemDetails | null = $state.raw(null);
  /** The category whose weights score, where the run has several. */
  category = $state('');

  async score(run: string, files: readonly GivenFile[]): Promise<void> {
    const wanted = files.filter(isImage);
    this.problem = null;
    if (wanted.length === 0) {
      this.problem = { title: 'expected images (PNG, JPEG, BMP, TIFF, WebP), found none among what was given', status: 0, code: 'client' };
      return;
    }
    this.progress = { done: 0, total: wanted.length };
    try {
      for (let from = 0; from < wanted.length; from += atOnce) {
        const form = new FormData();
        for (const { path, file } of wanted.slice(from, from + atOnce)) form.append('files', file, path);
        const query = this.category ? `?category=${encodeURIComponent(this.category)}` : '';
        const prediction = await call<Prediction>('POST', `/runs/${run}/predict${query}`, form);
        this.images = [...prediction.images.map((image) => ({ image, prediction })), ...this.images];
        this.progress = { done: Math.min(wanted.length, from + atOnce), total: wanted.length };
      }
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.progress = null;
  }

  clear(): void {
    this.images = [];
    this.problem = null;
  }
}
