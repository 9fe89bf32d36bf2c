import type { Answer } from '../state/answer.ts';
import { call, type ProblemDetails } from '../state/call.ts';
import { problemOf } from '../state/resource.svelte.ts';

export type Why = Answer<'/api/runs/{id}/why', 'post'>;
export type Contribution = Why['contributions'][number];
export type Module = Why['modules'][number];
export type Nearest = Why['nearest'][number];
export type Layer = Answer<'/api/runs/{id}/layer', 'post'>;
export type Box = Contribution['box'];

/** A test image of a run. */
export interface LookedAt {
  run: string;
  category: string;
  /** As the run names it. */
  file: string;
}

export interface Point {
  x: number;
  y: number;
}

/** A picture of the whole image. */
export interface Drawn {
  height: number;
  width: number;
}

/** Asks why a map is what it is at a point; of points that come faster than answers the newest alone. */
export class WhyHere {
  /** Null until a point is chosen. */
  point: Point | null = $state.raw(null);
  answer: Why | null = $state.raw(null);
  problem: ProblemDetails | null = $state.raw(null);
  isAsking = $state(false);
  /** Name of the result that is explained; null for that of the run's map. */
  result: string | null = $state(null);
  /** Name of the result whose map is drawn. */
  drawn: string | null = $state(null);
  /** The contribution that is looked at closely. */
  node: string | null = $state(null);
  readonly #image: () => LookedAt;
  #within: Drawn = { height: 1, width: 1 };
  #isStale = false;
  #prepared: string | null = null;

  constructor(image: () => LookedAt) {
    this.#image = image;
  }

  readonly chosen = $derived.by((): Contribution | null => {
    const all = this.answer?.contributions ?? [];
    return all.find(({ node }) => node === this.node) ?? [...all].sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0))[0] ?? null;
  });

  /** Somebody is about to look: what an answer needs of the image may be computed already. */
  prepare(): void {
    const { run, category, file } = this.#image();
    if (this.#prepared === file) return;
    this.#prepared = file;
    const middle = { x: 0, y: 0, within: { height: 1, width: 1 } };
    void call('POST', `/runs/${encodeURIComponent(run)}/why`, { category, image: { file }, ...middle, patches: 0 }).catch(() => {});
  }

  /** A pixel of a picture of the image. */
  look(point: Point, within: Drawn): void {
    this.point = point;
    this.#within = within;
    void this.ask();
  }

  explain(result: string): void {
    this.result = result;
    void this.ask();
  }

  forget(): void {
    this.point = this.answer = this.problem = null;
  }

  async ask(): Promise<void> {
    this.#isStale = true;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.#isStale && this.point) {
      this.#isStale = false;
      await this.#askOnce(this.point);
    }
    this.isAsking = false;
  }

  async #askOnce({ x, y }: Point): Promise<void> {
    const { run, category, file } = this.#image();
    try {
      const answer = await call<Why>('POST', `/runs/${encodeURIComponent(run)}/why`, {
        category,
        image: { file },
        x,
        y,
        within: { ...this.#within },
        ...(this.result === null ? {} : { result: this.result }),
      });
      if (this.point === null || file !== this.#image().file) return;
      this.answer = answer;
      this.problem = null;
      // Unless another is asked for, it is the map of the run, which is drawn.
      if (this.result === null) this.drawn = answer.result.name;
    } catch (error) {
      this.problem = problemOf(error);
      this.answer = null;
    }
  }
}
