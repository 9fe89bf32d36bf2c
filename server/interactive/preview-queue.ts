import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { PreviewAnswer, PreviewTask } from './preview-task.ts';
import type { WorkerProcess } from './worker-process.ts';

interface Waiting {
  client: string | undefined;
  task: PreviewTask;
  stop: AbortController;
  resolve(answer: PreviewAnswer): void;
  reject(error: unknown): void;
}

/** Who asks, and which time: what was asked earlier may come later. */
export interface Asking {
  client: string | undefined;
  /** Grows with each preview of a client; as they come where absent. */
  turn?: number | undefined;
  gone: AbortSignal;
}

/** Clients whose last turn is remembered. */
const mostClients = 1000;

/** Previews one after another. Who asks anew, under one name, wants nothing of what it asked before. */
export class PreviewQueue {
  readonly #worker: WorkerProcess;
  readonly #waiting: Waiting[] = [];
  readonly #turns = new Map<string, number>();
  #running: Waiting | null = null;

  constructor(worker: WorkerProcess) {
    this.#worker = worker;
  }

  /** Throws `superseded`, `cancelled` once `gone` is aborted, and what previewing throws. */
  ask(task: PreviewTask, { client, turn, gone }: Asking): Promise<PreviewAnswer> {
    if (client !== undefined) {
      if (!this.#isNewest(client, turn)) return Promise.reject(superseded());
      this.#supersede(client);
    }
    return new Promise((resolve, reject) => {
      const one: Waiting = { client, task, stop: new AbortController(), resolve, reject };
      const leave = (): void => {
        one.stop.abort();
        this.#drop(one, cancelled());
      };
      gone.addEventListener('abort', leave, { once: true });
      this.#waiting.push(one);
      if (gone.aborted) leave();
      this.#next();
    });
  }

  #isNewest(client: string, turn: number | undefined): boolean {
    if (turn === undefined) return true;
    const last = this.#turns.get(client) ?? 0;
    if (turn < last) return false;
    this.#turns.delete(client);
    this.#turns.set(client, turn);
    if (this.#turns.size > mostClients) this.#turns.delete(this.#turns.keys().next().value!);
    return true;
  }

  #supersede(client: string): void {
    for (const one of this.#waiting.filter((earlier) => earlier.client === client)) this.#drop(one, superseded());
    if (this.#running?.client !== client) return;
    this.#running.reject(superseded());
    this.#running.stop.abort();
  }

  #drop(one: Waiting, why: StillroomError): void {
    const place = this.#waiting.indexOf(one);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    one.reject(why);
  }

  #next(): void {
    if (this.#running) return;
    const one = this.#waiting.shift();
    if (!one) return;
    this.#running = one;
    this.#worker
      .ask('preview', one.task, { signal: one.stop.signal })
      .then(one.resolve, one.reject)
      .finally(() => {
        this.#running = null;
        this.#next();
      });
  }
}

const superseded = (): StillroomError =>
  new StillroomError('superseded', 'expected to be asked once, found a newer preview of the same client', { hint: 'wait for that one' });

const cancelled = (): StillroomError => new StillroomError('cancelled', 'expected whoever asked to wait for the answer, found that they have gone');
