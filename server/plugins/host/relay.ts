import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Problem } from '../../../plugins/sdk/index.ts';
import { forkModule, type Forked } from '../../processes/fork.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import { endedAfter, endedIn, endedWhileLoading, heldUp, loadedTooLong, strayError, swollen, tookTooLong } from './faults.ts';
import type { Answer, AnsweredAt, Ask, AskedAt, Fault, FromHost, FromRelay, Limits, LoadOutcome, ToHost, ToRelay } from './messages.ts';

const { bell, asks, limits } = workerData as { bell: Int32Array; asks: MessagePort; limits: Limits };
const port = parentPort!;

/** What a process may take to begin on a busy machine, ms. */
const longestStart = 30_000;

let entries: readonly PluginEntry[] = [];
let forked: Forked | null = null;
/** What is to be loaded yet, the first of it being loaded. */
let loading: PluginEntry[] = [];
let outcomes: LoadOutcome[] = [];
let generation: number | null = null;
let isReady = false;
let pending: { ask: Ask; id: number; hasBegun: boolean } | null = null;
let last: Ask | null = null;
let timer: NodeJS.Timeout | undefined;

port.on('message', (message: ToRelay) => {
  if ('close' in message) return close();
  entries = message.load;
  generation = message.generation;
  start();
});
asks.on('message', ({ ask, id }: AskedAt) => {
  pending = { ask, id, hasBegun: false };
  if (isReady) put();
});

/** Begins a process with the plugins that are left; of some it may be known what came of them. */
function start(known: LoadOutcome[] = []): void {
  end();
  [loading, outcomes, isReady, last] = [[...entries], known, false, null];
  if (entries.length === 0) return becomeReady();
  const heap = `--max-old-space-size=${Math.ceil(limits.memory / 2)}`;
  const env = { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} ${heap}`.trim(), STILLROOM_PLUGIN_MEMORY: String(limits.memory) };
  const mine = forkModule(new URL('./host-process.ts', import.meta.url), { env });
  forked = mine;
  const unlessOld = <T>(hear: (given: T) => void) => (given: T): void => {
    if (forked === mine) hear(given);
  };
  mine.child.on('message', unlessOld(hear));
  mine.child.on('error', unlessOld((error: Error) => hasEnded(error.message)));
  mine.child.on('close', (code, signal) => unlessOld(hasEnded)(howItEnded(code, signal, mine.lastWords())));
  watch(longestStart, () => hasEnded('it did not begin'));
}

function hear(message: FromHost): void {
  if ('ready' in message) return loadNext();
  if ('outcome' in message) {
    loading.shift();
    outcomes.push(message.outcome);
    if ('problem' in message.outcome) entries = entries.filter(({ name }) => name !== message.outcome.name);
    return loadNext();
  }
  if ('begun' in message) {
    if (pending?.id === message.begun) pending.hasBegun = true;
    return;
  }
  if ('swollen' in message) return dismiss(swollen(message.swollen, message.megabytes, limits.memory));
  if ('stray' in message) return dismiss(strayError(message.stray, message.message));
  if (pending?.id !== message.id) return;
  answer('value' in message ? { value: message.value } : { thrown: message.thrown, ...(message.file === undefined ? {} : { file: message.file }) });
}

function loadNext(): void {
  const next = loading[0];
  if (!next) return becomeReady();
  say({ load: next });
  watch(limits.load, () => leaveOut(loadedTooLong(next.name, limits.load)));
}

/** The plugin that is being loaded cannot be: the process begins anew with the others. */
function leaveOut(problem: Problem): void {
  const { name } = loading[0]!;
  entries = entries.filter((one) => one.name !== name);
  start([...outcomes.filter((one) => 'problem' in one), { name, problem }]);
}

function becomeReady(): void {
  clearTimeout(timer);
  isReady = true;
  if (generation !== null) tell({ loaded: outcomes, generation });
  generation = null;
  if (pending) put();
}

function put(): void {
  const { ask, id } = pending!;
  pending!.hasBegun = false;
  if (!entries.some(({ name }) => name === ask.plugin)) return answer({ thrown: 'the plugin is switched off' });
  say({ ask, id });
  watch(limits.call, () => dismiss(pending!.hasBegun || !last ? tookTooLong(ask, limits.call) : heldUp(last, limits.call)));
}

function hasEnded(how: string): void {
  if (loading.length > 0 && !isReady) return leaveOut(endedWhileLoading(loading[0]!.name, how));
  if (pending?.hasBegun) return dismiss(endedIn(pending.ask, how));
  const culprit = last ?? pending?.ask;
  if (culprit) return dismiss(endedAfter(culprit, how));
  start();
}

/** Switches a plugin off, and goes on without it. Who waits for another one is answered by the next process. */
function dismiss(fault: Fault): void {
  entries = entries.filter(({ name }) => name !== fault.plugin);
  tell({ fault });
  if (pending?.ask.plugin === fault.plugin) answer({ fault });
  start();
}

function answer(given: Answer): void {
  clearTimeout(timer);
  const { ask, id } = pending!;
  [last, pending] = [ask, null];
  asks.postMessage({ ...given, id } satisfies AnsweredAt);
  Atomics.store(bell, 0, 1);
  Atomics.notify(bell, 0);
}

function watch(ms: number, giveUp: () => void): void {
  clearTimeout(timer);
  timer = setTimeout(giveUp, ms);
}

function end(): void {
  clearTimeout(timer);
  const { child } = forked ?? {};
  forked = null;
  child?.kill('SIGKILL');
}

function close(): void {
  end();
  tell({ closed: true });
  port.close();
  asks.close();
}

function say(message: ToHost): void {
  // One that is gone says so by ending.
  if (forked?.child.connected) forked.child.send(message, () => {});
}

const tell = (message: FromRelay): void => port.postMessage(message);

function howItEnded(code: number | null, signal: string | null, lastWords: string): string {
  if (/heap out of memory/.test(lastWords)) return 'out of memory';
  return signal ?? `exit ${code}`;
}
