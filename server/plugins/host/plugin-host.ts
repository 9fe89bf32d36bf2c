import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { StillroomError } from '../../../plugins/sdk/index.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import { placeIn } from './faults.ts';
import type { AnsweredAt, Ask, AskedAt, Fault, FromRelay, Limits, LoadOutcome, ToRelay } from './messages.ts';

export const usualLimits: Limits = { call: 1500, load: 10_000, memory: 1024 };
/** How long an answer is waited for in all, where the process of the plugins has to begin anew first, ms. */
const patience = 20_000;

/**
 * Speaks with the process that runs the code of plugins, and waits for its answers: to whoever asks, a function there is
 * one here. A thread stands between, which goes on while this one waits, and ends that process where it does not answer.
 */
export class PluginHost {
  readonly #limits: Limits;
  readonly #onFault: (fault: Fault) => void;
  readonly #bell = new Int32Array(new SharedArrayBuffer(4));
  readonly #loads = new Map<number, (outcomes: LoadOutcome[]) => void>();
  #relay: { thread: Worker; asks: MessagePort } | null = null;
  #ids = 0;
  #closed: (() => void) | null = null;

  /** `onFault` is told of a plugin that has been switched off, with why. */
  constructor(onFault: (fault: Fault) => void, limits: Partial<Limits> = {}) {
    this.#onFault = onFault;
    this.#limits = { ...usualLimits, ...limits };
  }

  /** Loads these plugins, and no others, into a process of their own; what is found of each, or why it is left out. */
  async load(entries: readonly PluginEntry[]): Promise<LoadOutcome[]> {
    if (entries.length === 0 && !this.#relay) return [];
    const { thread } = (this.#relay ??= this.#start());
    const generation = ++this.#ids;
    const loaded = new Promise<LoadOutcome[]>((resolve) => this.#loads.set(generation, resolve));
    thread.postMessage({ load: entries, generation } satisfies ToRelay);
    return loaded;
  }

  /**
   * Throws `plugin-failed` with what the plugin's code throws, and what it was switched off for: `plugin-timeout`,
   * `plugin-process-ended`, `plugin-memory`.
   */
  ask(ask: Ask): unknown {
    if (!this.#relay) throw failed(ask, 'no plugin is loaded');
    const { asks } = this.#relay;
    const id = ++this.#ids;
    Atomics.store(this.#bell, 0, 0);
    asks.postMessage({ ask, id } satisfies AskedAt);
    const answered = this.#await(asks, id);
    if (!answered) throw failed(ask, `the process of the plugins has not answered for ${patience / 1000} s`);
    if ('thrown' in answered) throw failed(ask, answered.thrown, answered.file);
    if ('value' in answered) return answered.value;
    const { code, message, hint } = answered.fault.problem;
    throw new StillroomError(code, message, hint === undefined ? {} : { hint });
  }

  async close(): Promise<void> {
    const relay = this.#relay;
    if (!relay) return;
    const over = new Promise<void>((resolve) => (this.#closed = resolve));
    relay.thread.postMessage({ close: true } satisfies ToRelay);
    await over;
    this.#relay = null;
    await relay.thread.terminate();
  }

  #await(asks: MessagePort, id: number): AnsweredAt | null {
    const until = performance.now() + patience;
    for (let left = patience; left > 0; left = until - performance.now()) {
      Atomics.wait(this.#bell, 0, 0, left);
      Atomics.store(this.#bell, 0, 0);
      // Answers that nobody waited for any more come before.
      for (let got = receiveMessageOnPort(asks); got; got = receiveMessageOnPort(asks)) {
        const answered = got.message as AnsweredAt;
        if (answered.id === id) return answered;
      }
    }
    return null;
  }

  #start(): { thread: Worker; asks: MessagePort } {
    const { port1, port2 } = new MessageChannel();
    const thread = new Worker(new URL('./relay-thread.js', import.meta.url), {
      workerData: { bell: this.#bell, asks: port2, limits: this.#limits },
      transferList: [port2],
      execArgv: [],
    });
    thread.on('message', (message: FromRelay) => {
      if ('fault' in message) this.#onFault(message.fault);
      else if ('closed' in message) this.#closed?.();
      else {
        this.#loads.get(message.generation)?.(message.loaded);
        this.#loads.delete(message.generation);
      }
    });
    return { thread, asks: port1 };
  }
}

function failed(ask: Ask, why: string, file?: string): StillroomError {
  return new StillroomError('plugin-failed', `expected ${placeIn(ask)} to return, found that it failed: ${why}`, {
    ...(file === undefined ? {} : { file }),
    hint: `check what it is given; if that is right, this is a defect of ${ask.plugin}: report it to its authors`,
  });
}
