import type { EngineProgress } from '../engine/progress.ts';
import type { RunEvent } from '../runtime/events.ts';

type StepEvent = Extract<RunEvent, { type: 'step' }>;

/** What a run tells, and what is fetched and made before it can begin; steps with how fast they go. */
export type PacedEvent =
  | Exclude<RunEvent, { type: 'step' }>
  | (StepEvent & {
      /** Steps a second, over the last seconds; null at first. */
      stepsPerSecond: number | null;
      /** Until the fit has run all its epochs. */
      secondsLeft: number | null;
    })
  | ({ type: 'preparing' } & EngineProgress);

/** Shows of progress of one kind come this far apart at least, ms. */
const apart = 250;
/** Time that a pace is measured over, ms. */
const span = 10_000;

const isProgress = ({ type }: { type: string }): boolean =>
  ['step', 'reading', 'features', 'calibrating', 'predicting', 'drawing', 'preparing'].includes(type);

/**
 * Lets through what happens once, and of what merely progresses the newest a few times a second, the last of each kind
 * always: who listens sees the end of every bar.
 */
export class Pace {
  readonly #emit: (event: PacedEvent) => void;
  readonly #now: () => number;
  #held: PacedEvent | null = null;
  #last = Number.NEGATIVE_INFINITY;
  /** Steps of the fit at hand and when they were. */
  #steps: { at: number; step: number }[] = [];
  #fit = '';

  constructor(emit: (event: PacedEvent) => void, now: () => number = () => performance.now()) {
    this.#emit = emit;
    this.#now = now;
  }

  add(event: RunEvent | Extract<PacedEvent, { type: 'preparing' }>): void {
    const paced = event.type === 'step' ? this.#timed(event) : event;
    if (!isProgress(paced)) {
      this.flush();
      this.#emit(paced);
      return;
    }
    if (this.#held && !isSameKind(this.#held, paced)) this.flush();
    this.#held = paced;
    if (this.#now() - this.#last >= apart) this.flush();
  }

  /** Tells what was held back. */
  flush(): void {
    if (!this.#held) return;
    this.#emit(this.#held);
    this.#held = null;
    this.#last = this.#now();
  }

  #timed(event: StepEvent): PacedEvent {
    const at = this.#now();
    const fit = `${event.category}/${event.fit}`;
    if (fit !== this.#fit) this.#steps = [];
    this.#fit = fit;
    while (this.#steps.length > 1 && at - this.#steps[0]!.at > span) this.#steps.shift();
    const first = this.#steps[0];
    this.#steps.push({ at, step: event.step });
    const stepsPerSecond = first && at > first.at ? ((event.step - first.step) * 1000) / (at - first.at) : null;
    const secondsLeft = stepsPerSecond ? (event.steps - event.step) / stepsPerSecond : null;
    return { ...event, stepsPerSecond, secondsLeft };
  }
}

function isSameKind(a: PacedEvent, b: PacedEvent): boolean {
  const kind = (event: PacedEvent): string => JSON.stringify(['type', 'category', 'fit', 'epoch', 'set', 'stage', 'subject'].map((key) => (event as never)[key] as unknown));
  return kind(a) === kind(b);
}
