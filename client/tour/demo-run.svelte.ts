import { DemoDrawing, type Surfaces } from '../datasets/demo-drawing.svelte.ts';
import type { Answer } from '../state/answer.ts';
import { call } from '../state/call.ts';
import type { EditorRun } from '../editor/editor-run.svelte.ts';
import { isAtWork } from '../runs/run-state.ts';
import { Deed } from '../state/resource.svelte.ts';

type Dataset = Answer<'/api/datasets/{id}'>;
type Scan = Answer<'/api/datasets/{id}/scan'>;

/** Few enough to end while one watches; a run that is to be believed takes those that the graph says. */
const epochs = 3;

/** The surface of the demo set that is drawn and run. */
const surface: Surfaces[number] = 'grid';

/** Draws one surface of the generated demo set and runs the graph on it. To be made while a component is. */
export class DemoRun {
  readonly deed = new Deed();
  readonly drawing = new DemoDrawing();
  readonly #run: EditorRun;
  readonly stage: 'none' | 'drawing' | 'running' | 'over' = $derived.by(() => {
    const run = this.#asked === null || this.#run.run?.id !== this.#asked ? null : this.#run.run;
    if (run) return isAtWork(run) ? 'running' : 'over';
    return this.deed.isUnderWay ? 'drawing' : 'none';
  });
  #asked: string | null = $state(null);

  constructor(run: EditorRun) {
    this.#run = run;
  }

  async start(): Promise<void> {
    await this.deed.try(async () => {
      const dataset = await this.drawing.draw([surface]);
      const { categories } = await this.#scanned(dataset);
      await this.#run.start({ dataset, seed: 0, epochs, categories: categories.slice(0, 1).map(({ name }) => name) });
      this.#asked = this.#run.run?.id ?? null;
    });
  }

  async #scanned(dataset: string): Promise<Scan> {
    let { state } = await call<Dataset['scan']>('POST', `/datasets/${dataset}/scan`, {});
    while (state === 'waiting' || state === 'scanning') {
      await aMoment();
      state = (await call<Dataset>('GET', `/datasets/${dataset}`)).scan.state;
    }
    return call<Scan>('GET', `/datasets/${dataset}/scan?limit=1`);
  }
}

const aMoment = (): Promise<void> => new Promise((over) => setTimeout(over, 250));
