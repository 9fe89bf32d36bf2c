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

/** Previews one after another. Who asks anew, under one name, wants nothing of what it asked before. */
export class PreviewQueue {
  readonly #worker: WorkerProcess;
  readonly #waiting: Waiting[] = [];
  #running: Waiting | null = null;

  constructor(worker: WorkerProcess) {
    this.#worker = worker;
  }

  /** Throws `superseded`, `cancelled` once `gone` is aborted, and what previewing throws. */
  ask(task: PreviewTask, { client, gone }: { client: string | undefined; gone: AbortSignal }): Promise<PreviewAnswer> {
    if (client !== undefined) this.#supersede(client);
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
