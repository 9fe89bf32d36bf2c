import type { Logger } from 'pino';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { computedTooLong, endedComputing, type PluginNode } from '../plugins/host/faults.ts';
import type { Fault } from '../plugins/host/messages.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { pluginNodeOf } from '../plugins/plugin-node.ts';
import { forkModule, type Forked } from '../processes/fork.ts';
import { receivedError } from '../sent-error.ts';
import type { FromWorker, Kind, ToWorker, Work } from './messages.ts';

export interface WorkerProcessOptions {
  /** What the process runs. */
  module: URL;
  env(): Readonly<Record<string, string>>;
  /** Told to it as `STILLROOM_PACKS`. One that would be started with something else is started anew when it owes nothing. */
  packs(): PackSource;
  /** Told of a plugin whose code has held up or ended the process. */
  onFault?(fault: Fault): void;
  /** It is ended once nobody has asked anything for so long, ms. */
  idle: number;
  /** It is killed once it owes an answer and has told nothing for so long, ms. */
  patience: number;
  /** The same while code of a plugin's node runs, ms. */
  pluginPatience: number;
  log: Logger;
}

interface Pending {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  onRow(row: unknown): void;
}

/** How long a process may take to end by itself, ms. */
const endsWithin = 2000;

/**
 * The process that computes for who waits: started at the first need, ended when idle, started again after it has
 * ended by itself or had to be killed.
 */
export class WorkerProcess {
  readonly #options: WorkerProcessOptions;
  readonly #pending = new Map<number, Pending>();
  #forked: Forked | null = null;
  #startedWith = '';
  #packs: PackSource | null = null;
  #ids = 0;
  /** What it told last that it begins. */
  #at: { id: number; node: string | null } | null = null;
  /** The node of a plugin whose code runs. */
  #within: PluginNode | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
  }

  /** Number of the process, where there is one. */
  get pid(): number | undefined {
    return this.#forked?.child.pid;
  }

  /**
   * Throws `preview-timeout`, `preview-worker-ended`, `plugin-timeout` and `plugin-process-ended` where a node of a plugin is at fault, and what the worker throws; once `signal` is aborted it is asked
   * to stop, and throws what the signal says.
   */
  ask<K extends Kind>(kind: K, task: Work[K]['task'], { signal, onRow = () => {} }: { signal?: AbortSignal; onRow?: (row: Work[K]['row']) => void } = {}): Promise<Work[K]['answer']> {
    if (this.#isClosed) return Promise.reject(ended('the server ends'));
    if (this.#pending.size === 0 && this.#forked && JSON.stringify(this.#env(this.#options.packs())) !== this.#startedWith) void this.#end();
    const id = this.#ids++;
    const { child } = (this.#forked ??= this.#start());
    const stop = (): void => void (child.connected && child.send({ stop: id } satisfies ToWorker));
    return new Promise<Work[K]['answer']>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject, onRow: onRow as Pending['onRow'] });
      this.#watch();
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
      child.send({ ask: kind, id, task } satisfies ToWorker, (error) => void (error && this.#settle(id)?.reject(ended(error.message))));
    }).finally(() => signal?.removeEventListener('abort', stop));
  }

  /** Ends the process; what is asked fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  #start(): Forked {
    const { module, packs, log } = this.#options;
    this.#packs = packs();
    const env = this.#env(this.#packs);
    this.#startedWith = JSON.stringify(env);
    const forked = forkModule(module, { env });
    const { child } = forked;
    child.on('message', (message: FromWorker) => this.#hear(message));
    child.on('error', (error) => this.#lose(forked, error.message));
    child.on('exit', (code, signal) => {
      if (code !== 0) log.warn({ code, signal, pid: child.pid, lastWords: forked.lastWords() }, 'the interactive worker ended');
      this.#lose(forked, signal === 'SIGKILL' ? 'it was killed, for want of memory or by hand' : (signal ?? [`exit ${code}`, ...lastLine(forked.lastWords())].join(': ')), code !== null);
    });
    log.info({ pid: child.pid }, 'the interactive worker started');
    return forked;
  }

  #hear(message: FromWorker): void {
    if ('within' in message) this.#within = message.within && pluginNodeOf(message.within.node, message.within.type, this.#packs!);
    else if ('at' in message) this.#at = { id: message.id, node: message.at };
    else if ('row' in message) this.#pending.get(message.id)?.onRow(message.row);
    else if ('error' in message) this.#settle(message.id)?.reject(receivedError(message.error));
    else this.#settle(message.id)?.resolve(message.answer);
    this.#watch();
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  /** From now on it has its time again: to answer, or to be asked. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#pending.size > 0) this.#timer = setTimeout(() => this.#giveUp(), this.#patience()).unref();
    else this.#timer = setTimeout(() => void this.#end(), this.#options.idle).unref();
  }

  #patience(): number {
    const { patience, pluginPatience } = this.#options;
    return this.#within ? Math.min(patience, pluginPatience) : patience;
  }

  /** Who is stuck is the request whose node was told last; the others are asked for in vain. */
  #giveUp(): void {
    const { id, node } = this.#stuck();
    const seconds = this.#patience() / 1000;
    if (this.#within) this.#blame(id, this.#within, computedTooLong(this.#within, seconds));
    else this.#settle(id)?.reject(
      new StillroomError('preview-timeout', `expected an answer, found ${node === null ? 'none' : 'a node at work'} for ${seconds} s, and ended it`, {
        ...(node === null ? {} : { node }),
        hint: 'look at fewer or smaller images; if a node of a plugin never returns, report it to its authors',
      }),
    );
    const forked = this.#forked;
    if (!forked) return;
    this.#lose(forked, 'another request never returned');
    forked.child.kill('SIGKILL');
  }

  #stuck(): { id: number; node: string | null } {
    return this.#at && this.#pending.has(this.#at.id) ? this.#at : { id: [...this.#pending.keys()][0]!, node: null };
  }

  /** Who asked for the node is told, and who can switch the plugin off. */
  #blame(id: number, { node }: PluginNode, fault: Fault): void {
    const { code, message, hint } = fault.problem;
    this.#settle(id)?.reject(new StillroomError(code, message, { node, ...(hint === undefined ? {} : { hint }) }));
    this.#options.onFault?.(fault);
  }

  /** Whoever waits is told; who asks next has a new one. `isOwnEnd`: it has ended by itself, not by a signal. */
  #lose(forked: Forked, why: string, isOwnEnd = false): void {
    if (this.#forked !== forked) return;
    const [within, isOwed] = [this.#within, this.#pending.size > 0];
    if (isOwed && within && isOwnEnd) this.#blame(this.#stuck().id, within, endedComputing(within, why));
    // Killed for want of memory, maybe: that is told, and the plugin left on.
    else if (isOwed && within) this.#settle(this.#stuck().id)?.reject(ended(`${why}, while code of ${within.plugin} ran (${within.type})`, within.node));
    this.#forked = null;
    this.#at = null;
    this.#within = null;
    clearTimeout(this.#timer);
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(ended(why));
  }

  #env(packs: PackSource): Record<string, string> {
    return { ...this.#options.env(), STILLROOM_PACKS: JSON.stringify(packs) };
  }

  async #end(): Promise<void> {
    const forked = this.#forked;
    if (!forked) return;
    this.#lose(forked, 'the server ends');
    const { child } = forked;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), endsWithin);
    await over;
    clearTimeout(kill);
  }
}

function ended(why: string, node?: string): StillroomError {
  return new StillroomError('preview-worker-ended', `expected an answer of the process that computes, found that it ended: ${why}`, {
    ...(node === undefined ? {} : { node }),
    hint: 'ask again: it is started anew',
  });
}

const lastLine = (text: string): string[] => text.split('\n').filter(Boolean).slice(-1);
