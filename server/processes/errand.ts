import { StillroomError } from '../../plugins/sdk/problem.ts';
import { receivedError, sentError, type SentError } from '../sent-error.ts';
import { forkModule, type ForkOptions } from './fork.ts';
import { mindParent } from './mind-parent.ts';

/** One piece of work that another process does, and ends. */
export interface Errand<Result> {
  /** Throws what the work throws, `process-ended` where the process was killed, `cancelled`. */
  done: Promise<Result>;
  /** Ends it at once. */
  cancel(): void;
}

type Told<News, Result> = { news: News } | { result: Result } | { error: SentError };

/**
 * Has a module that calls `doErrand` work in a process of its own: what blocks there blocks nothing here. `onNews` is told
 * how far it is.
 */
export function sendOnErrand<Order, News, Result>(module: URL, order: Order, onNews: (news: News) => void = () => {}, options: ForkOptions = {}): Errand<Result> {
  const { child, lastWords } = forkModule(module, options);
  let isCancelled = false;
  let outcome: { result: Result } | { error: SentError } | undefined;
  child.on('message', (told: Told<News, Result>) => {
    if (isCancelled) return;
    if ('news' in told) onNews(told.news);
    // Code that it works with may speak too.
    else if ('result' in told || 'error' in told) outcome ??= told;
  });
  const done = new Promise<string>((resolve) => {
    // What it told last may come after its end.
    let waits = 2;
    let found = '';
    const over = (): void => void (--waits === 0 && resolve(found));
    child.once('disconnect', over);
    child.once('exit', (code, signal) => {
      found = signal ?? (lastWords() || `exit ${code}`);
      over();
    });
    child.once('error', (error) => resolve(error.message));
  }).then((found) => {
    if (isCancelled) throw new StillroomError('cancelled', 'expected to go on to the end, found that it was cancelled', { hint: 'ask for the same again' });
    if (outcome && 'result' in outcome) return outcome.result;
    if (outcome) throw receivedError(outcome.error);
    throw new StillroomError('process-ended', `expected the work to be done, found that its process ended: ${found}`, { hint: 'ask for the same again' });
  });
  // Who asks later is told all the same.
  done.catch(() => undefined);
  child.send(order as object);
  return {
    done,
    cancel() {
      isCancelled = true;
      child.kill('SIGKILL');
    },
  };
}

const between = 100;

/** Tells the parent how far the work is, a few times a second; what is `due` is told in any case. */
export type Tell<News> = (news: News, due?: boolean) => void;

/** Does the work that the parent orders, and ends. A process whose parent has gone ends too. */
export function doErrand<Order, News, Result>(work: (order: Order, tell: Tell<News>) => Promise<Result>): void {
  mindParent(0);
  const send = (told: Told<News, Result>): void => {
    if (process.connected) return void process.send!(told);
    // Code that it works with has closed the channel: nobody would hear the rest.
    console.error('it closed its channel');
    process.exit(1);
  };
  let last = 0;
  const tell: Tell<News> = (news, due = false) => {
    if (!due && Date.now() - last < between) return;
    last = Date.now();
    send({ news });
  };
  process.once('message', (order: Order) => {
    void work(order, tell)
      .then((result) => send({ result }), (error: unknown) => send({ error: sentError(error) }))
      .finally(() => void (process.connected && process.disconnect()));
  });
}
