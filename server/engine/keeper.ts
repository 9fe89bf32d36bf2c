import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { forkModule, type Forked } from '../processes/fork.ts';
import { findEngine } from './find.ts';
import type { EngineLocation } from './location.ts';
import type { EngineProgress } from './progress.ts';
import type { ProvisionNews, ProvisionOrder } from './provision-child.ts';

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
  #work: { forked: Forked; done: Promise<void> } | null = null;

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
      await this.#work?.done;
    }
    const { location, problem } = this.#state;
    if (location) return location;
    throw asError(problem ?? missing);
  }

  /** Ends what goes on; it goes on from there the next time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#work?.forked.child.kill('SIGKILL');
    await this.#work?.done;
  }

  #begin(order: ProvisionOrder): void {
    const forked = forkModule(this.#module);
    const { child } = forked;
    let problem: Problem | undefined;
    child.on('message', (news: ProvisionNews) => {
      if (news.kind === 'progress') this.#become({ state: 'installing', progress: news.progress });
      if (news.kind === 'failed') problem = news.problem;
    });
    // What it told last may come after its end.
    const told = new Promise<void>((resolve) => void child.once('disconnect', resolve).once('error', () => resolve()));
    const over = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        problem ??= ended(error.message);
        resolve();
      });
      child.once('exit', (code, signal) => {
        if (code !== 0) problem ??= ended(signal ?? (forked.lastWords() || `exit ${code}`));
        resolve();
      });
    });
    const done = Promise.all([told, over]).then(() => {
      this.#work = null;
      if (problem) this.#become({ state: 'failed', problem });
      else this.#look();
    });
    this.#work = { forked, done };
    this.#become({ state: 'installing' });
    child.send(order);
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

function ended(found: string): Problem {
  return { code: 'engine-install-ended', severity: 'error', message: `expected the engine to be installed, found that the process ended: ${found}`, hint: 'install it again: it goes on from there' };
}

function asError({ code, message, hint, file }: Problem): StillroomError {
  return new StillroomError(code, message, { ...(hint ? { hint } : {}), ...(file ? { file } : {}) });
}
