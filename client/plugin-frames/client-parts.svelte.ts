import type { Answer } from '../state/answer.ts';
import { call } from '../state/call.ts';

export type ClientPart = Answer<'/api/client-parts'>['parts'][number];

/** Viewers and controls that plugins bring, and their code once it is needed. */
class ClientParts {
  parts: readonly ClientPart[] = $state.raw([]);
  #isRead = false;
  readonly #modules = new Map<string, Promise<string>>();

  /** Reads the list unless that has been done. */
  need(): void {
    if (!this.#isRead) void this.refresh();
  }

  /** After plugins have changed: the list anew, and whatever code is asked for from now on. */
  async refresh(): Promise<void> {
    this.#modules.clear();
    this.#isRead = true;
    try {
      this.parts = (await call<Answer<'/api/client-parts'>>('GET', '/client-parts')).parts;
    } catch {
      this.#isRead = false;
    }
  }

  named(kind: ClientPart['kind'], name: string | undefined): ClientPart | undefined {
    return this.parts.find((part) => part.kind === kind && part.name === name);
  }

  viewersOf(type: string): ClientPart[] {
    return this.parts.filter((part) => part.kind === 'viewer' && part.for.includes(type));
  }

  /** Throws `CallError`. */
  code(name: string): Promise<string> {
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
