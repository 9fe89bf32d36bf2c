import { call } from '../state/call.ts';
import { live, type Logged } from '../state/live.svelte.ts';

export interface RunState {
  id: string;
  name: string;
  state: string;
  stopping: string | null;
  graph: { id: string; revision: number } | null;
  problem: { message: string; node?: string; hint?: string } | null;
  progress: { category: string | null; index: number; total: number; stage: string; fit: string | null; nodes: string[]; epoch: number; epochs: number; done: number; of: number; stepsPerSecond: number | null; secondsLeft: number | null; memory: number } | null;
  metrics: Record<string, { imageAuroc: number | null; pixelAuroc: number | null; aupro: number | null }>;
}

/** A picture of a map as it is while a graph is fitted. */
export interface Sample {
  image: string;
  epoch: number;
  picture: string;
}

/** The run that is shown beside a graph: the last that was asked of it. */
export class EditorRun {
  run: RunState | null = $state.raw(null);
  /** Nodes at work. */
  atWork: ReadonlySet<string> = $state.raw(new Set());
  /** Losses by fit, of the category at hand. */
  losses: ReadonlyMap<string, readonly number[]> = $state.raw(new Map());
  samples: ReadonlyMap<string, Sample> = $state.raw(new Map());
  readonly #graph: string;
  #ends: (() => void)[] = [];

  constructor(graph: string) {
    this.#graph = graph;
    void this.#findLast();
  }

  /** Shows another run. */
  async show(id: string): Promise<void> {
    this.close();
    this.losses = new Map();
    this.samples = new Map();
    this.run = await call<RunState>('GET', `/runs/${id}`);
    this.#ends = [
      live.listen<RunState>(`runs/${id}`, (state) => void this.#take(state)),
      live.watch(id, (events) => this.#follow(events)),
    ];
  }

  async act(action: 'cancel' | 'pause' | 'resume' | 'retry'): Promise<void> {
    if (this.run) await call('POST', `/runs/${this.run.id}/${action}`);
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  async #findLast(): Promise<void> {
    const { runs } = await call<{ runs: RunState[] }>('GET', '/runs?limit=200').catch(() => ({ runs: [] }));
    const last = runs.find(({ graph }) => graph?.id === this.#graph);
    if (last && !this.run) await this.show(last.id);
  }

  async #take(state: RunState | null): Promise<void> {
    if (!state) return;
    const hasEnded = this.run?.state === 'running' && state.state !== 'running';
    // What was measured is in its files, which a list of states does not read.
    this.run = hasEnded || state.state === 'done' ? await call<RunState>('GET', `/runs/${state.id}`) : state;
    this.atWork = new Set(state.state === 'running' ? (state.progress?.nodes ?? []).map((node) => node.split('/')[0]!) : []);
  }

  #follow(events: readonly Logged[]): void {
    const losses = new Map(this.losses);
    const samples = new Map(this.samples);
    for (const { event } of events) {
      if (event.type === 'category') losses.clear();
      if (event.type === 'resumed') losses.delete(event['fit'] as string);
      if (event.type === 'epoch') losses.set(event['fit'] as string, [...(losses.get(event['fit'] as string) ?? []), event['validationLoss'] as number]);
      if (event.type === 'sample') samples.set(event['image'] as string, event as unknown as Sample);
    }
    this.losses = losses;
    this.samples = samples;
  }
}
