import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { sendOnErrand } from '../processes/errand.ts';
import { findEngine } from './find.ts';
import type { EngineLocation } from './location.ts';
import type { EngineProgress } from './progress.ts';
import type { ProvisionOrder } from './provision-child.ts';

/** Whether there is something to compute with. */
export interface EngineState {
  state: 'absent' | 'installing' | 'ready' | 'failed';
  /** What is being done while it is installed. */
  progress?: EngineProgress;
  /** Why it could not be had. */
  problem?: Problem;
  /** Where it is, once it is ready. */
  location?: EngineLocation;
}

export interface EngineKeeperOptions {
  onChange?: (state: EngineState) => void;
  /** The module that provisions, in a process of its own. */
  module?: URL;
}

/**
 * Knows whether the engine is there and has it provisioned, in another process: this one loads none and is never
 * blocked by it.
 */
export class EngineKeeper {
  readonly #onChange: (state: EngineState) => void;
  readonly #module: URL;
  #state: EngineState = { state: 'absent' };
  #isClosed = false;
  #work: { over: Promise<void>; cancel: () => void } | null = null;

  constructor({ onChange = () => {}, module = new URL('./provision-process.ts', import.meta.url) }: EngineKeeperOptions = {}) {
    this.#onChange = onChange;
    this.#module = module;
    this.#look();
  }

  /** An engine that was put there by other means since is found. */
  get state(): EngineState {
    if (this.#state.state === 'absent' || this.#state.state === 'failed') this.#look();
    return this.#state;
  }

  /** Begins to provision it, unless that goes on already. */
  install(order: ProvisionOrder = {}): EngineState {
    if (!this.#work) this.#begin(order);
    return this.#state;
  }

  /** Once it is there; it is provisioned where need be. Throws why it cannot be had. */
  async whenReady(): Promise<EngineLocation> {
    if (this.state.state !== 'ready') {
      this.install();
      await this.#work?.over;
    }
    const { location, problem } = this.#state;
    if (location) return location;
    throw asError(problem ?? missing);
  }

  /** Ends what goes on; it goes on from there the next time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#work?.cancel();
    await this.#work?.over;
  }

  #begin(order: ProvisionOrder): void {
    const errand = sendOnErrand<ProvisionOrder, EngineProgress, void>(this.#module, order, (progress) => this.#become({ state: 'installing', progress }));
    const over = errand.done.then(
      () => {
        this.#work = null;
        this.#look();
      },
      (error: StillroomError) => {
        this.#work = null;
        this.#become({ state: 'failed', problem: error.problems[0]! });
      },
    );
    this.#work = { over, cancel: () => errand.cancel() };
    this.#become({ state: 'installing' });
  }

  #look(): void {
    try {
      const location = findEngine();
      if (location) this.#become({ state: 'ready', location });
      else if (this.#state.state === 'installing') this.#become({ state: 'failed', problem: missing });
    } catch (error) {
      if (!(error instanceof StillroomError)) throw error;
      this.#become({ state: 'failed', problem: error.problems[0]! });
    }
  }

  #become(state: EngineState): void {
    this.#state = state;
    // That it was ended is nothing that went wrong.
    if (!this.#isClosed) this.#onChange(state);
  }
}

const missing: Problem = {
  code: 'engine-missing',
  severity: 'error',
  message: 'expected TensorFlow to compute with, found none on this machine',
  hint: 'install the engine',
};

function asError({ code, message, hint, file }: Problem): StillroomError {
  return new StillroomError(code, message, { ...(hint ? { hint } : {}), ...(file ? { file } : {}) });
}
