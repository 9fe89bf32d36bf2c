import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface ForkOptions {
  /** Added to the priority's number: 0 like the server, 19 whenever nothing else has work. */
  nice?: number;
  /** Beside the server's own. */
  env?: Readonly<Record<string, string>>;
}

export interface Forked {
  child: ChildProcess;
  /** The end of what it wrote to standard error, for a report of how it ended. */
  lastWords(): string;
}

const keptOfErrors = 4096;

/** Runs a module in a process of its own; messages between both may hold typed arrays, maps, dates. */
export function forkModule(module: string | URL, { nice = 0, env = {} }: ForkOptions = {}): Forked {
  const child = fork(fileURLToPath(new URL('./entry.js', import.meta.url)), [String(module)], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // What this process was started with is not meant for that one: a debugger's port, a loader.
    execArgv: [],
    env: { ...process.env, ...env },
  });
  let told = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (told = (told + text).slice(-keptOfErrors)));
  // Who may not set a priority works with the one it has.
  if (nice !== 0) child.once('spawn', () => void tryTo(() => setPriority(child.pid!, nice)));
  return { child, lastWords: () => told.trim() };
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // Nothing depends on it.
  }
}
