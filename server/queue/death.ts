import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Problem } from '../../plugins/sdk/index.ts';

/** What is known of a worker that has gone without a word. */
export interface Death {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error. */
  lastWords: string;
  /** Its resident memory when it was last heard of, bytes. */
  memory: number;
  /** Processes that the system has killed for want of memory, before it began and now; null where nobody counts them. */
  killedForMemory: { before: number | null; now: number | null };
  /** The node whose code ran. */
  node: string | null;
  /** The plugin whose code that is; null of the built-in packs. */
  plugin: string | null;
  /** What was computed: `fit fit-deep`. */
  program: string | null;
}

const wordsOfNoMemory = /heap out of memory|std::bad_alloc|OOM when allocating|Array buffer allocation failed|Cannot allocate memory/i;

/** Why a worker has gone, as a person can act on it. */
export function causeOfDeath(death: Death): Problem {
  const { code, signal, lastWords, node, plugin, program } = death;
  const at = node === null ? {} : { node };
  const while_ = program === null ? '' : ` while it worked at ${program}`;
  if (isOutOfMemory(death)) {
    return {
      code: 'out-of-memory',
      severity: 'error',
      ...at,
      message: `expected memory enough for the run, found none left${while_}: it used ${gigabytes(death.memory)} of ${gigabytes(totalmem())} when it last told`,
      hint: 'make the batch smaller, give less memory to kept features (featureMemory), or run fewer at once; what was saved is kept',
    };
  }
  const how = signal ? `it was ended by ${signal}` : `it ended with status ${code}`;
  const said = lastWords.split('\n').filter(Boolean).at(-1);
  return {
    code: 'worker-died',
    severity: 'error',
    ...at,
    message: `expected the process of the run to go on to its end, found that ${how}${while_}${plugin === null ? '' : `, in code of the plugin ${plugin}`}${said ? `; it said last: ${said.slice(0, 300)}` : ''}`,
    hint: plugin === null ? 'retry: the run goes on from its last whole epoch' : `retry: the run goes on from its last whole epoch; if it ends there again, report it to the authors of ${plugin}`,
  };
}

/** The problem of a run that failed in words of its own, called what it is where those are of memory. */
export function asOutOfMemory(problem: Problem): Problem {
  if (!wordsOfNoMemory.test(problem.message)) return problem;
  return { ...problem, code: 'out-of-memory', hint: 'make the batch smaller, give less memory to kept features (featureMemory), or run fewer at once' };
}

export function workerHung(seconds: number, { node, plugin, program }: Pick<Death, 'node' | 'plugin' | 'program'>): Problem {
  const what = node ? `the node "${node}"${plugin === null ? '' : ` of the plugin ${plugin}`}` : 'something';
  return {
    code: 'worker-hung',
    severity: 'error',
    ...(node === null ? {} : { node }),
    message: `expected a sign of life within ${seconds} s, found none${program === null ? '' : ` from ${program}`}: ${what} did not return, and the process was ended${plugin === null ? '' : `: ${plugin} is switched off`}`,
    hint: `if it is only slow, ${plugin === null ? '' : `\`stillroom plugin enable ${plugin}\` and `}start the server with a larger --watchdog; else report it to the authors of the node type`,
  };
}

function isOutOfMemory({ signal, lastWords, killedForMemory: { before, now } }: Death): boolean {
  if (wordsOfNoMemory.test(lastWords)) return true;
  return signal === 'SIGKILL' && before !== null && now !== null && now > before;
}

/** How many processes the system, or the container's limit, has killed for want of memory; null where nobody counts them. */
export function killedForMemory(): number | null {
  const counts = [
    counted('/sys/fs/cgroup/memory.events', /^oom_kill (\d+)$/m),
    counted('/proc/vmstat', /^oom_kill (\d+)$/m),
  ].filter((count) => count !== null);
  return counts.length > 0 ? counts.reduce((a, b) => a + b, 0) : null;
}

function counted(file: string, form: RegExp): number | null {
  try {
    const found = form.exec(readFileSync(file, 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
