import { existsSync } from 'node:fs';
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Fault } from '../plugins/host/messages.ts';
import type { PackSource } from '../plugins/plugin-entry.ts';
import { eventsFile } from '../runs/run-folder.ts';
import { timestamp } from '../runs/manifest.ts';
import { Turns } from '../turns.ts';
import { ActiveRun } from './active-run.ts';
import type { Asked } from './asked.ts';
import { endedMeanwhile } from './ended-meanwhile.ts';
import type { EventLog } from './event-log.ts';
import { EventLogs } from './event-logs.ts';
import { isOver, type JobState } from './job.ts';
import { noRun, type Job, type JobStore } from './job-store.ts';
import type { Progress } from './progress.ts';
import type { QueueSettings } from './queue-settings.ts';
import { newRunId } from './run-id.ts';

export interface RunQueueOptions {
  store: JobStore;
  settings: QueueSettings;
  /** Real paths of the folders that images may lie in. */
  within(): Promise<readonly string[]>;
  /** The node packs of the workers. */
  packs(): PackSource;
  /** Told of a plugin whose code never returned in a run. */
  onFault?(fault: Fault): void;
  /** Runs at work at once. */
  concurrency: number;
  /** A worker without a sign of life for so long is ended, seconds. */
  watchdog: number;
  /** Added to the number of the workers' priority: the larger, the sooner the server answers while they compute. */
  nice: number;
  /** What workers are started with, beside the server's own environment. */
  env: Readonly<Record<string, string>>;
  log: Logger;
  /** Told whenever something of a job changes. */
  onChange(id: string): void;
}

export interface Submission {
  document: GraphDocument;
  asked: Asked;
  name: string;
  priority: number;
  graph: Job['graph'];
}

/**
 * The runs that the server was asked for. Each job is a file in its run's folder, written before anything is done, so
 * that a server that is started again goes on with what was queued and what was at work.
 */
export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly #queue: PQueue;
  readonly #jobs = new Map<string, Job>();
  readonly #logs: EventLogs;
  readonly #active = new Map<string, ActiveRun>();
  /** Writes of each job's record, and of what is said of the queue itself: none over a later one. */
  readonly #turns = new Turns();
  /** Settle when nothing is done for a job any more. */
  readonly #working = new Map<string, Promise<void>>();
  /** Ends the waiting of a job that is queued. */
  readonly #waiting = new Map<string, AbortController>();
  #closing = false;

  private constructor(options: RunQueueOptions) {
    this.#options = options;
    this.#logs = new EventLogs((id) => join(options.store.folder(id), eventsFile));
    // What an earlier server left is sorted before any of it begins.
    this.#queue = new PQueue({ concurrency: options.concurrency, autoStart: false });
  }

  /** Takes up what an earlier server left: the queued and the running are queued, in the order they were asked for. */
  static async open(options: RunQueueOptions): Promise<RunQueue> {
    const queue = new RunQueue(options);
    const { store, settings, log } = options;
    for (const id of await store.ids()) {
      try {
        const job = await store.read(id);
        if (job) queue.#jobs.set(id, job);
      } catch (error) {
        log.warn({ err: error, run: id }, 'a record was set aside');
      }
    }
    const left = [...queue.#jobs.values()].filter(({ state }) => state === 'queued' || state === 'running');
    left.sort((a, b) => (a.created < b.created ? -1 : 1));
    for (const job of left) await queue.#takeUp(job);
    if (!(await settings.isHeld())) queue.#queue.start();
    return queue;
  }

  get ids(): string[] {
    return [...this.#jobs.keys()];
  }

  /** Null for a run that was not asked for here, or is none. */
  job(id: string): Job | null {
    return this.#jobs.get(id) ?? null;
  }

  progress(id: string): Progress | null {
    return this.#active.get(id)?.progress ?? null;
  }

  /** What a run at work is about to become. */
  stopping(id: string): 'cancelled' | 'paused' | null {
    return this.#active.get(id)?.wanted ?? null;
  }

  get concurrency(): number {
    return this.#queue.concurrency;
  }

  /** How many runs may be at work at once from now on, over restarts too. Throws `disk-full`, `cannot-write`. */
  limit(count: number): Promise<void> {
    return this.#turns.take('', async () => {
      await this.#options.settings.limit(count);
      this.#queue.concurrency = count;
    });
  }

  /** Whether no queued run is begun. */
  get isHeld(): boolean {
    return this.#queue.isPaused;
  }

  /** Held until it is let go, over restarts too. Throws `disk-full`, `cannot-write`. */
  hold(isHeld: boolean): Promise<void> {
    return this.#turns.take('', async () => {
      await this.#options.settings.hold(isHeld);
      if (isHeld) this.#queue.pause();
      else this.#queue.start();
    });
  }

  /** Throws `disk-full`, `cannot-write`: what was not written is not queued. */
  async submit({ document, asked, name, priority, graph }: Submission): Promise<Job> {
    const created = timestamp();
    const id = newRunId(created, name);
    const job: Job = { stillroom: 1, id, name, state: 'queued', priority, created, changed: created, graph, asked, attempts: [], problem: null, document };
    await this.#options.store.write(job);
    await this.#tell(job, 'queued', {});
    this.#jobs.set(id, job);
    this.#options.onChange(id);
    this.#enqueue(job);
    return job;
  }

  /** A queued or paused run is over at once; one at work saves what it has first, and is over a little later. Throws `run-over`. */
  cancel(id: string): Promise<Job> {
    return this.#halt(id, 'cancelled');
  }

  /** It can go on later from its last whole epoch. Throws `run-over`. */
  pause(id: string): Promise<Job> {
    return this.#halt(id, 'paused');
  }

  /** Queues a paused, cancelled or failed run again; it goes on from its last whole epoch. Throws `run-at-work`, `run-over`. */
  async resume(id: string): Promise<Job> {
    const job = this.#mustHave(id);
    if (job.state === 'queued' || job.state === 'running') throw notNow(job, 'run-at-work', 'a run that waits for somebody');
    if (job.state === 'done') throw notNow(job, 'run-over', 'a run that is not done');
    await this.#working.get(id);
    await this.#set(job, 'queued', { reason: 'asked for again' });
    this.#enqueue(job);
    return job;
  }

  /** Throws `run-over`, `disk-full`, `cannot-write`: what was not written is not so. */
  prioritise(id: string, priority: number): Promise<Job> {
    return this.#turns.take(id, async () => {
      const job = this.#mustHave(id);
      if (isOver(job.state)) throw notNow(job, 'run-over', 'a run that is not over');
      await this.#options.store.write({ ...job, priority });
      job.priority = priority;
      if (this.#waiting.has(id)) this.#queue.setPriority(id, priority);
      this.#options.onChange(id);
      return job;
    });
  }

  /** Takes a run that is over out of the list; what is done with its folder, the caller knows. Throws `run-at-work`. */
  async forget(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (job && (job.state === 'queued' || job.state === 'running')) throw notNow(job, 'run-at-work', 'a run that is not at work');
    await this.#working.get(id);
    await this.#turns.take(id, async () => {
      await this.#logs.forget(id);
      this.#jobs.delete(id);
    });
    this.#options.onChange(id);
  }

  /** What happened in a run, from its first event on. */
  log(id: string): Promise<EventLog> {
    return this.#logs.of(id);
  }

  /** Lets the workers save what they have; what was at work is queued for the next server. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#queue.pause();
    this.#queue.clear();
    for (const active of this.#active.values()) active.stop();
    await Promise.all(this.#working.values());
    await this.#logs.close();
  }

  async #takeUp(job: Job): Promise<void> {
    if (job.state === 'running') {
      const finished = await endedMeanwhile(this.#options.store.folder(job.id));
      const last = job.attempts.at(-1);
      if (last && last.outcome === null) Object.assign(last, { outcome: finished?.state ?? 'died', ended: timestamp(), problem: finished?.problem ?? null });
      if (finished) return this.#set(job, finished.state, { reason: 'it ended while no server was there', problem: finished.problem });
      await this.#set(job, 'queued', { reason: 'the server had gone' });
    }
    this.#enqueue(job);
  }

  #enqueue(job: Job): void {
    const waiting = new AbortController();
    this.#waiting.set(job.id, waiting);
    this.#queue
      .add(() => this.#tracked(job), { id: job.id, priority: job.priority, signal: waiting.signal })
      .catch((error: unknown) => {
        if (!waiting.signal.aborted) this.#options.log.error({ err: error, run: job.id }, 'a defect of the queue');
      });
  }

  async #tracked(job: Job): Promise<void> {
    if (!this.#waiting.delete(job.id) || this.#closing) return;
    const work = this.#work(job).finally(() => this.#working.delete(job.id));
    this.#working.set(job.id, work);
    await work;
  }

  async #work(job: Job): Promise<void> {
    const { store, packs, onFault, within, watchdog, nice, env, onChange } = this.#options;
    const [log, folders] = [await this.log(job.id), await within()];
    // It may have been cancelled meanwhile.
    if (job.state !== 'queued' || this.#closing) return;
    const order = { document: job.document, asked: job.asked, out: store.folder(job.id), within: folders, packs: packs() };
    const active = new ActiveRun(order, {
      watchdog,
      nice,
      env,
      ...(onFault ? { onFault } : {}),
      onEvent: (event) => log.add(event),
      onProgress: () => onChange(job.id),
      onBegin: async (problem) => {
        job.attempts.push({ started: timestamp(), ended: null, outcome: null, problem: null });
        await this.#set(job, 'running', problem ? { reason: 'goes on by itself after its process died', problem } : {});
      },
      onEnd: (outcome, problem) => Object.assign(job.attempts.at(-1)!, { ended: timestamp(), outcome, problem }),
    });
    this.#active.set(job.id, active);
    try {
      const ending = await active.ended;
      if (ending.how === 'stopped') await this.#set(job, active.wanted ?? 'queued', this.#closing ? { reason: 'the server ended' } : {});
      else await this.#set(job, ending.how === 'done' ? 'done' : 'failed', 'problem' in ending ? { problem: ending.problem } : {});
    } finally {
      log.rest();
      this.#active.delete(job.id);
      onChange(job.id);
    }
  }

  async #halt(id: string, wanted: 'cancelled' | 'paused'): Promise<Job> {
    const job = this.#mustHave(id);
    if (isOver(job.state)) throw notNow(job, 'run-over', 'a run that is not over');
    const active = this.#active.get(id);
    if (active) {
      active.stop(wanted);
      this.#options.onChange(id);
      return job;
    }
    this.#waiting.get(id)?.abort();
    this.#waiting.delete(id);
    if (job.state !== wanted) await this.#set(job, wanted, {});
    return job;
  }

  /** Who sees a run in a state finds it in its record and among its events too. */
  #set(job: Job, state: JobState, why: { reason?: string; problem?: Problem | null }): Promise<void> {
    return this.#turns.take(job.id, async () => {
      const next = { state, changed: timestamp(job.changed), problem: state === 'failed' ? (why.problem ?? null) : null };
      // A disk that is full must not stop the queue: the manifest tells the next server what became of the run.
      await this.#options.store.write({ ...job, ...next }).catch((error: unknown) => this.#options.log.error({ err: error, run: job.id }, 'a record could not be written'));
      await this.#tell(job, state, why);
      Object.assign(job, next);
      this.#options.onChange(job.id);
    });
  }

  async #tell({ id, attempts }: Job, state: JobState, { reason, problem }: { reason?: string; problem?: Problem | null }): Promise<void> {
    const log = await this.log(id);
    const event = { type: 'state', state, attempt: attempts.length, ...(reason ? { reason } : {}), ...(problem ? { problem } : {}) };
    log.add(event);
    await log.settle();
  }

  #mustHave(id: string): Job {
    const job = this.#jobs.get(id);
    if (job) return job;
    if (!existsSync(this.#options.store.folder(id))) throw noRun(id);
    throw new StillroomError('run-not-asked-here', `expected a run that this server was asked for, found "${id}", which somebody put there`, {
      hint: 'go on with it on the command line: the same `stillroom run` command on its folder',
    });
  }
}

function notNow({ id, state }: Job, code: string, expected: string): StillroomError {
  return new StillroomError(code, `expected ${expected}, found that "${id}" is ${state}`);
}
