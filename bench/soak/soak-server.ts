import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { forkModule, type Forked } from '../../server/processes/fork.ts';
import { ask, type Answered, type Caller } from '../../test/support/served.ts';
import type { SoakOrder } from './server-process.ts';

/** What a life of the server came to in memory, MB. */
export interface Life {
  seconds: number;
  /** Resident memory once it was warm, and the most after that; NaN of one that was killed before. */
  warm: number;
  most: number;
}

/** So long a server lives until its memory is that of a warm one, s. */
const warmUp = 20;

/** A server in a process of its own that is killed and started again; who asks waits for the next. */
export class SoakServer {
  readonly lives: Life[] = [];
  readonly #order: SoakOrder;
  #forked: Forked | null = null;
  #caller: Caller | null = null;
  #measuring: NodeJS.Timeout | undefined;
  /** Called when something that changes the server's state is asked next. */
  #atChange: (() => void)[] = [];

  constructor(order: SoakOrder) {
    this.#order = order;
  }

  /** Where it is to be found now; waits for one that is starting. */
  async caller(): Promise<Caller> {
    while (!this.#caller) await sleep(50);
    return this.#caller;
  }

  async start(): Promise<void> {
    const forked = (this.#forked = forkModule(new URL('./server-process.ts', import.meta.url), { env: { STILLROOM_HOME: this.#order.home } }));
    this.#measure(forked.child.pid!);
    this.#caller = await new Promise<Caller>((resolve, reject) => {
      forked.child.once('message', resolve).once('exit', () => reject(new Error(`the server ended: ${forked.lastWords()}`)));
      forked.child.send(this.#order);
    });
  }

  /** Ends it, and waits until it has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this.#forked!;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // Whoever asks from now on is answered by the next one.
    this.#caller = null;
    child.kill(signal);
    await ended;
    clearInterval(this.#measuring);
  }

  /** Undefined where the server has gone before it answered: nobody knows what became of what was asked. */
  async ask(method: string, path: string, body?: unknown): Promise<Answered | undefined> {
    const caller = await this.caller();
    if (method !== 'GET') for (const tell of this.#atChange.splice(0)) tell();
    return ask(caller, method, path, body).catch((error: unknown) => {
      if (error instanceof TypeError || error instanceof SyntaxError) return undefined;
      throw error;
    });
  }

  /** Settles when the next thing is asked that changes something. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => this.#atChange.push(resolve));
  }

  /** Asks what changes nothing, or may be asked twice, until it is answered. */
  async mustAnswer(method: string, path: string, body?: unknown): Promise<Answered> {
    for (;;) {
      const answer = await this.ask(method, path, body);
      if (answer) return answer;
      await sleep(100);
    }
  }

  #measure(pid: number): void {
    const begun = performance.now();
    const life: Life = { seconds: 0, warm: NaN, most: NaN };
    this.lives.push(life);
    this.#measuring = setInterval(() => {
      const now = residentMegabytes(pid);
      life.seconds = (performance.now() - begun) / 1000;
      if (Number.isNaN(now) || life.seconds < warmUp) return;
      if (Number.isNaN(life.warm)) life.warm = life.most = now;
      life.most = Math.max(life.most, now);
    }, 500);
  }
}

function residentMegabytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024;
  } catch {
    return NaN;
  }
}
