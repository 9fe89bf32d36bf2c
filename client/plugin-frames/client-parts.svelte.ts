import type { Answer } from '../state/answer.ts';
import { call } from '../state/call.ts';
import { catalogue } from '../state/catalogue.svelte.ts';

export type ClientPart = Answer<'/api/client-parts'>['parts'][number];

/** Viewers and controls that plugins bring, and their code once it is needed. */
class ClientParts {
  parts: readonly ClientPart[] = $state.raw([]);
  /** Which of the catalogue's renewals the list is of; null where it was never read. */
  #renewal: number | null = null;
  readonly #modules = new Map<string, Promise<string>>();

  /** Reads the list, and code that is asked for from now on, unless plugins are as they were when that was done last. */
  need(): void {
    if (this.#renewal === catalogue.renewals) return;
    this.#renewal = catalogue.renewals;
    this.#modules.clear();
    call<Answer<'/api/client-parts'>>('GET', '/client-parts').then(
      ({ parts }) => (this.parts = parts),
      () => (this.#renewal = null),
    );
  }

  named(kind: ClientPart['kind'], name: string | undefined): ClientPart | undefined {
    return this.parts.find((part) => part.kind === kind && part.name === name);
  }

  viewersOf(type: string): ClientPart[] {
    return this.parts.filter((part) => part.kind === 'viewer' && part.for.includes(type));
  }

  /** Throws `CallError`. */
  code(name: string): Promise<string> {
    this.need();
    const known = this.#modules.get(name);
    if (known) return known;
    const reading = fetch(`/api/client-parts/module?name=${encodeURIComponent(name)}`).then(async (response) => {
      if (!response.ok) throw new Error(((await response.json()) as { title: string }).title);
      return response.text();
    });
    this.#modules.set(name, reading);
    reading.catch(() => this.#modules.delete(name));
    return reading;
  }
}

export const clientParts = new ClientParts();
