import type { paths } from '../api/schema.d.ts';
import type { Answer } from '../state/answer.ts';
import { call } from '../state/call.ts';
import { live } from '../state/live.svelte.ts';

type Demo = Answer<'/api/datasets/demo'>;
export type Surfaces = NonNullable<NonNullable<paths['/api/datasets/demo']['post']['requestBody']>['content']['application/json']['categories']>;

/** The generated demo set, and how far it is drawn, whoever has asked for it. To be made while a component is. */
export class DemoDrawing {
  state: Demo | null = $state.raw(null);
  readonly #onMade: (dataset: string) => void;
  #waiting: ((ended: Demo) => void)[] = [];

  /** `onMade` is told of each drawing that ends well. */
  constructor(onMade: (dataset: string) => void = () => undefined) {
    this.#onMade = onMade;
    $effect(() => live.listen<Demo>('datasets/demo', (state) => this.#take(state)));
    void call<Demo>('GET', '/datasets/demo').then((state) => this.#take(state), () => undefined);
  }

  /** Has it drawn, unless it is there: all surfaces, or those that are named; the id of the dataset when it is. */
  async draw(categories?: Surfaces): Promise<string> {
    const asked = await call<Demo>('POST', '/datasets/demo', { categories });
    const isToldAlready = this.state?.state === 'drawing';
    this.#take(asked);
    const ended = asked.state === 'drawing' ? await new Promise<Demo>((end) => this.#waiting.push(end)) : asked;
    if (!ended.dataset) throw new Error(ended.problem?.message ?? 'The demo set could not be drawn.');
    if (asked.state === 'done' && !isToldAlready) this.#onMade(ended.dataset);
    return ended.dataset;
  }

  #take(state: Demo): void {
    const hasEnded = this.state?.state === 'drawing' && state.state !== 'drawing';
    this.state = state;
    if (hasEnded && state.dataset) this.#onMade(state.dataset);
    if (state.state !== 'drawing') for (const end of this.#waiting.splice(0)) end(state);
  }
}
