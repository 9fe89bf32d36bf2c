import { sightOf } from './built-files.ts';

/** How often files are looked at, ms: not by the system's notices, which folders of containers and networks do without. */
const every = 200;

/** Tells when files have changed and been at rest for a while: a build writes several, in several pieces. */
export class BuiltWatch {
  readonly #onChange: () => void;
  #places: readonly string[] = [];
  #known: string | null = null;
  #seen: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Looks at these files and folders from now on, and tells of what happens to them from now on. */
  async look(places: readonly string[]): Promise<void> {
    this.#places = places;
    this.#known = this.#seen = await sightOf(places);
    this.#again();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #again(): void {
    clearTimeout(this.#timer);
    if (this.#places.length === 0 || this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#lookOnce(), every).unref();
  }

  async #lookOnce(): Promise<void> {
    const places = this.#places;
    const now = await sightOf(places);
    if (places === this.#places) {
      const isAtRest = now === this.#seen;
      this.#seen = now;
      if (isAtRest && now !== this.#known) {
        this.#known = now;
        this.#onChange();
      }
    }
    this.#again();
  }
}
