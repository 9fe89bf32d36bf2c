import type { Answer } from '../state/answer.ts';
import { call, type ProblemDetails } from '../state/call.ts';
import { live, type Logged } from '../state/live.svelte.ts';
import { problemOf } from '../state/resource.svelte.ts';
import { lineOf, type LogLine } from './event-text.ts';
import { isAtWork, type Epoch, type RunDetails, type RunState, type Sample } from './run-state.ts';
import { TimeLeft } from './time-left.ts';

type Fits = ReadonlyMap<string, readonly Epoch[]>;

/** Lines that are kept of a log. */
const mostLines = 1000;

/** A run as it goes: where it is, what it measures, what it tells. */
export class FollowedRun {
  run: RunState | null = $state.raw(null);
  /** With what its files hold; read anew when it ends. */
  details: RunDetails | null = $state.raw(null);
  /** What was said against the last thing that was asked of it. */
  problem: ProblemDetails | null = $state.raw(null);
  /** Nodes at work, inside of sub-graphs too. */
  atWork: ReadonlySet<string> = $state.raw(new Set());
  /** Epochs by category and fit. */
  fits: ReadonlyMap<string, Fits> = $state.raw(new Map());
  /** The category that it has come to. */
  category: string | null = $state(null);
  /** Maps of the category at hand as its fits have them so far, by image. */
  samples: ReadonlyMap<string, Sample> = $state.raw(new Map());
  lines: readonly LogLine[] = $state.raw([]);
  /** Mean milliseconds of each node for one image. */
  milliseconds: Readonly<Record<string, number>> = $state.raw({});
  /** Validation losses of each fit, of the category at hand. */
  readonly losses: ReadonlyMap<string, readonly number[]> = $derived(
    new Map([...(this.fits.get(this.category ?? '') ?? [])].map(([fit, epochs]) => [fit, epochs.map(({ validationLoss }) => validationLoss)])),
  );
  /** A sample of each node that gives a map, while fits go on. */
  readonly pictures: ReadonlyMap<string, Sample> = $derived(
    new Map(this.run?.state === 'running' ? [...this.samples.values()].map((sample) => [sample.node, sample]) : []),
  );
  /** Until the whole run is done, seconds; null where it is not at work, or that cannot be told yet. */
  secondsLeft: number | null = $state(null);
  #time = new TimeLeft();
  #ends: (() => void)[] = [];
  /** Counts what was shown: an answer that comes when another run is shown is of no use. */
  #turn = 0;

  /** Shows a run; another one that was shown is no more. */
  async show(id: string): Promise<void> {
    this.close();
    const turn = ++this.#turn;
    this.fits = new Map();
    this.samples = new Map();
    this.lines = [];
    this.milliseconds = {};
    this.category = null;
    this.#time = new TimeLeft();
    try {
      await this.#read(id);
      if (turn === this.#turn) this.problem = null;
    } catch (error) {
      if (turn === this.#turn) this.problem = problemOf(error);
      return;
    }
    if (turn !== this.#turn) return;
    this.#ends = [live.listen<RunState | null>(`runs/${id}`, (state) => void this.#take(state)), live.watch(id, (events) => this.#follow(events))];
  }

  async act(action: 'cancel' | 'pause' | 'resume' | 'retry'): Promise<void> {
    if (!this.run) return;
    try {
      await call('POST', `/runs/${this.run.id}/${action}`);
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  /** Reads the epochs of a category from the files of the run: one that was not asked for here has told nothing. */
  async readFits(category: string): Promise<void> {
    const id = this.run?.id;
    if (id === undefined || this.fits.has(category)) return;
    const read = await call<Answer<'/api/runs/{id}/categories/{category}'>>('GET', `/runs/${encodeURIComponent(id)}/categories/${encodeURIComponent(category)}`).catch(() => null);
    if (read && this.run?.id === id) this.fits = new Map(this.fits).set(category, new Map(read.fits.map(({ fit, epochs }) => [fit, epochs as unknown as Epoch[]])));
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  async #read(id: string): Promise<void> {
    const turn = this.#turn;
    const details = await call<RunDetails>('GET', `/runs/${id}`);
    if (turn !== this.#turn) return;
    this.details = details;
    this.#show(details);
  }

  #show(state: RunState): void {
    this.run = state;
    const share = state.state === 'running' ? state.progress?.share : undefined;
    this.secondsLeft = share ? this.#time.mark(performance.now(), share) : null;
    this.atWork = new Set(state.state === 'running' ? (state.progress?.nodes ?? []) : []);
  }

  async #take(state: RunState | null): Promise<void> {
    if (!state || state.id !== this.run?.id) return;
    const hasEnded = isAtWork(this.run) && !isAtWork(state);
    // What was measured is in its files, which the topic does not tell; until they are read it stays at work here.
    if (hasEnded || state.state === 'done') await this.#read(state.id).catch(() => state.id === this.run?.id && this.#show(state));
    else this.#show(state);
  }

  #follow(events: readonly Logged[]): void {
    const fits = new Map(this.fits);
    let samples = new Map(this.samples);
    const lines = [...this.lines];
    for (const logged of events) {
      const line = lineOf(logged);
      if (line) lines.push(line);
      const { event } = logged;
      const [category, fit] = [event['category'] as string, event['fit'] as string];
      const change = (how: (epochs: readonly Epoch[]) => readonly Epoch[]): void => {
        const of = fits.get(category);
        fits.set(category, new Map(of).set(fit, how(of?.get(fit) ?? [])));
      };
      if (event.type === 'category') {
        this.category = category;
        samples = new Map();
      }
      if (event.type === 'resumed') change(() => []);
      if (event.type === 'epoch') change((epochs) => [...epochs.filter(({ epoch }) => epoch < (event['epoch'] as number)), event as unknown as Epoch]);
      if (event.type === 'sample') samples.set(event['image'] as string, event as unknown as Sample);
      if (event.type === 'profile') this.milliseconds = event['milliseconds'] as Record<string, number>;
    }
    this.fits = fits;
    this.samples = samples;
    this.lines = lines.slice(-mostLines);
  }
}
