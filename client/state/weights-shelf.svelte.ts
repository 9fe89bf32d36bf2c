import type { Answer } from './answer.ts';
import { call } from './call.ts';

export type Weights = Answer<'/api/weights'>['weights'][number];

type Shelf = Answer<'/api/weights'>;

/** All weights that can be named; read when first asked for, and again when somebody has changed them. */
class WeightsShelf {
  #all: Shelf['weights'] | null = $state.raw(null);
  #isAsked = false;

  /** Null until they are read. */
  get all(): readonly Weights[] | null {
    if (!this.#isAsked) {
      this.#isAsked = true;
      queueMicrotask(() => void this.load().catch(() => undefined));
    }
    return this.#all;
  }

  of(architecture: string): readonly Weights[] {
    return (this.all ?? []).filter((one) => one.architecture === architecture);
  }

  /** Those that a parameter names: by name, or the default of the architecture; undefined for a file. */
  named(architecture: string, name: string): Weights | undefined {
    return this.of(architecture).find((one) => (name === '' ? one.default : one.name === name));
  }

  async load(): Promise<Shelf> {
    const shelf = await call<Shelf>('GET', '/weights');
    this.#all = shelf.weights;
    return shelf;
  }
}

export const weightsShelf = new WeightsShelf();
