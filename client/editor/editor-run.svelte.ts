import { FollowedRun } from '../runs/followed-run.svelte.ts';
import type { RunState } from '../runs/run-state.ts';
import { call } from '../state/call.ts';
import type { GraphSession } from '../state/graph-session.svelte.ts';
import { route } from '../state/route.svelte.ts';

/** What is asked of a run of the graph; epochs as the graph says where null, all categories where none is named. */
export interface Wanted {
  dataset: string;
  seed: number;
  epochs: number | null;
  categories: readonly string[];
}

/** The run that is shown beside a graph: the one that the address names, or the last that was asked of the graph. */
export class EditorRun extends FollowedRun {
  readonly #session: GraphSession;

  constructor(session: GraphSession) {
    super();
    this.#session = session;
    const named = route.query.get('run');
    if (named === null) void this.#findLast();
    else void this.show(named);
  }

  /** Saves the graph, asks for a run of it and shows that. */
  async start(wanted: Wanted): Promise<void> {
    if (!(await this.#session.settle())) throw new Error('The graph is not saved yet: the server does not answer.');
    const { id } = await call<RunState>('POST', '/runs', { graph: this.#session.id, ...wanted });
    await this.show(id);
  }

  async #findLast(): Promise<void> {
    const { runs } = await call<{ runs: RunState[] }>('GET', '/runs?limit=200').catch(() => ({ runs: [] }));
    const last = runs.find((run) => run.graph?.id === this.#session.id);
    if (last && !this.run) await this.show(last.id);
  }
}
