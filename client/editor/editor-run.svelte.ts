import { FollowedRun } from '../runs/followed-run.svelte.ts';
import type { RunState } from '../runs/run-state.ts';
import { call } from '../state/call.ts';
import type { GraphSession } from '../state/graph-session.svelte.ts';
import { live } from '../state/live.svelte.ts';
import { route } from '../state/route.svelte.ts';
import { failedSince, runBeside } from './run-beside.ts';

/** What is asked of a run of the graph; epochs as the graph says where null, all categories where none is named. */
export interface Wanted {
  dataset: string;
  seed: number;
  epochs: number | null;
  categories: readonly string[];
}

/** The run that is shown beside a graph: the one that the address names, or the newest that has results or is at work. */
export class EditorRun extends FollowedRun {
  /** All runs of the graph, the newest first. */
  runs: readonly RunState[] = $state.raw([]);
  /** The newest one, where it ended badly and an older one is shown. */
  readonly failed: RunState | null = $derived(this.run && failedSince(this.runs, this.run.id));
  readonly #session: GraphSession;
  readonly #endList: () => void;
  /** The one that is shown or about to be. */
  #shown: string | null;
  /** Counts readings of the list: what an older one says is no more. */
  #reads = 0;

  constructor(session: GraphSession) {
    super();
    this.#session = session;
    this.#shown = route.query.get('run');
    if (this.#shown !== null) void this.show(this.#shown);
    void this.#list();
    this.#endList = live.listen('runs', () => void this.#list());
  }

  /** Saves the graph, asks for a run of it and shows that. */
  async start(wanted: Wanted): Promise<void> {
    if (!(await this.#session.settle())) throw new Error('The graph is not saved yet: the server does not answer.');
    const { id } = await call<RunState>('POST', '/runs', { graph: this.#session.id, ...wanted });
    name(null);
    this.#reads++;
    await this.#turnTo(id);
    await this.#list();
  }

  /** Shows a run of the graph and says so in the address; one that would be shown by itself needs no mention there. */
  async choose(id: string): Promise<void> {
    name(id === runBeside(this.runs)?.id ? null : id);
    await this.#turnTo(id);
  }

  end(): void {
    this.#endList();
    this.close();
  }

  async #list(): Promise<void> {
    const number = ++this.#reads;
    const found = await call<{ runs: RunState[] }>('GET', '/runs?limit=200').catch(() => null);
    if (!found || number !== this.#reads) return;
    this.runs = found.runs.filter((run) => run.graph?.id === this.#session.id);
    const beside = runBeside(this.runs);
    if (beside && !route.query.has('run')) await this.#turnTo(beside.id);
  }

  async #turnTo(id: string): Promise<void> {
    if (id === this.#shown && this.run?.id === id) return;
    this.#shown = id;
    await this.show(id);
  }
}

function name(run: string | null): void {
  const query = new URLSearchParams(route.query);
  if (run === null) query.delete('run');
  else query.set('run', run);
  route.set(query);
}
