import { untrack } from 'svelte';
import { CallError, type ProblemDetails } from './call.ts';
import { live } from './live.svelte.ts';

/** What to tell of anything that was thrown. */
export function problemOf(error: unknown): ProblemDetails {
  if (error instanceof CallError) return error.problem;
  return { title: error instanceof Error ? error.message : String(error), status: 0, code: 'client' };
}

/**
 * Something that a component shows and the server keeps: read when the component begins, when the server is back, and
 * when one of the topics tells of a change. What was read last stays while it is read anew. To be made while a component
 * is.
 */
export class Resource<T> {
  value: T | null = $state.raw(null);
  problem: ProblemDetails | null = $state.raw(null);
  isLoading = $state(true);
  readonly #read: () => Promise<T>;
  #reads = 0;
  #wasConnected = false;

  constructor(read: () => Promise<T>, ...topics: string[]) {
    this.#read = read;
    void this.load();
    $effect(() => {
      const isBack = live.isConnected && !this.#wasConnected && untrack(() => !this.isLoading);
      this.#wasConnected = live.isConnected;
      if (isBack) untrack(() => void this.load());
    });
    for (const topic of topics) $effect(() => live.listen(topic, () => untrack(() => void this.load())));
  }

  async load(): Promise<void> {
    const number = ++this.#reads;
    this.isLoading = true;
    try {
      const value = await this.#read();
      if (number !== this.#reads) return;
      this.value = value;
      this.problem = null;
    } catch (error) {
      if (number === this.#reads) this.problem = problemOf(error);
    }
    if (number === this.#reads) this.isLoading = false;
  }
}

/** Something that a person asks for: whether it is under way, and what was said against it. */
export class Deed {
  isUnderWay = $state(false);
  problem: ProblemDetails | null = $state.raw(null);

  async try<T>(does: () => Promise<T>): Promise<T | undefined> {
    this.isUnderWay = true;
    this.problem = null;
    try {
      return await does();
    } catch (error) {
      this.problem = problemOf(error);
      return undefined;
    } finally {
      this.isUnderWay = false;
    }
  }
}
