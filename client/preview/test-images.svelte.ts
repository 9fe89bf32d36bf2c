import { untrack } from 'svelte';
import type { Answer } from '../state/answer.ts';
import { call, type ProblemDetails } from '../state/call.ts';
import { live } from '../state/live.svelte.ts';
import { problemOf } from '../state/resource.svelte.ts';

export type Dataset = Answer<'/api/datasets'>['datasets'][number];
export type DatasetImage = Answer<'/api/datasets/{id}/images'>['images'][number];

/**
 * The images of a dataset, one of which is looked at. A dataset that was never scanned is scanned first. To be made while
 * a component is.
 */
export class TestImages {
  datasets: readonly Dataset[] = $state.raw([]);
  dataset = $state('');
  split: 'train' | 'validation' | 'test' = $state('test');
  categories: readonly string[] = $state.raw([]);
  category = $state('');
  /** Those of the category. */
  images: readonly DatasetImage[] = $state.raw([]);
  total = $state(0);
  index = $state(0);
  /** How far the scan is; null where none goes on. */
  scan: { done: number; total: number } | null = $state.raw(null);
  problem: ProblemDetails | null = $state.raw(null);
  readonly image: DatasetImage | null = $derived(this.images[this.index] ?? null);
  #reads = 0;

  constructor() {
    $effect(() => {
      const id = this.dataset;
      if (!id) return;
      untrack(() => ([this.category, this.categories] = ['', []]));
      return live.listen<{ state: string; progress?: { done: number; total: number } }>(`datasets/${id}`, ({ state, progress }) => {
        const wasScanned = untrack(() => this.scan) !== null;
        this.scan = state === 'scanning' || state === 'waiting' ? (progress ?? { done: 0, total: 0 }) : null;
        if (state !== 'done' || !wasScanned) return;
        this.categories = [];
        void this.#read();
      });
    });
    $effect(() => {
      if (this.dataset && this.split) untrack(() => void this.#read());
    });
  }

  /** Looks for datasets; takes the one in a folder, or the first. */
  async open(folder: string | null): Promise<void> {
    try {
      this.datasets = (await call<Answer<'/api/datasets'>>('GET', '/datasets?limit=500')).datasets;
      const wanted = this.datasets.find(({ path }) => path === folder) ?? this.datasets.find(({ id }) => id === this.dataset) ?? this.datasets[0];
      if (wanted && !this.dataset) this.dataset = wanted.id;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  step(by: number): void {
    if (this.images.length > 0) this.index = (this.index + by + this.images.length) % this.images.length;
  }

  /** Goes to the images of a category. */
  goTo(category: string): void {
    this.category = category;
    void this.#read();
  }

  async #read(): Promise<void> {
    const number = ++this.#reads;
    try {
      const categories = this.categories.length > 0 ? this.categories : await this.#readCategories();
      const category = categories.find((name) => name === this.category) ?? categories[0];
      const query = new URLSearchParams({ split: this.split, limit: '500', ...(category === undefined ? {} : { category }) });
      const { images, total } = await call<Answer<'/api/datasets/{id}/images'>>('GET', `/datasets/${this.dataset}/images?${query}`);
      if (number !== this.#reads) return;
      this.categories = categories;
      this.category = category ?? '';
      this.images = images;
      this.total = total;
      this.index = Math.max(0, images.findIndex(({ anomalous }) => anomalous));
      this.problem = null;
    } catch (error) {
      if (number !== this.#reads) return;
      this.images = [];
      const problem = problemOf(error);
      if (problem.code === 'not-scanned') await this.#look();
      else this.problem = problem;
    }
  }

  async #readCategories(): Promise<string[]> {
    const { categories } = await call<Answer<'/api/datasets/{id}/scan'>>('GET', `/datasets/${this.dataset}/scan?limit=1`);
    return categories.map(({ name }) => name);
  }

  async #look(): Promise<void> {
    this.scan = { done: 0, total: 0 };
    try {
      await call('POST', `/datasets/${this.dataset}/scan`, {});
    } catch (error) {
      this.scan = null;
      this.problem = problemOf(error);
    }
  }
}
