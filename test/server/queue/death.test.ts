import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { asOutOfMemory, causeOfDeath, killedForMemory, workerHung, type Death } from '../../../server/queue/death.ts';

const unknown: Death = { code: null, signal: null, lastWords: '', memory: 3 * 2 ** 30, killedForMemory: { before: null, now: null }, node: null, plugin: null, program: null };

/** How a real process ends. */
async function ended(args: string[], kill?: NodeJS.Signals): Promise<Pick<Death, 'code' | 'signal' | 'lastWords'>> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let lastWords = '';
  child.stderr.on('data', (text: Buffer) => (lastWords += text.toString()));
  if (kill) setTimeout(() => child.kill(kill), 100);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, lastWords };
}

describe('a process that has gone', () => {
  it('without memory left of its own is told to have had none', async () => {
    const death = await ended(['--max-old-space-size=20', '-e', 'for (const a = []; ; ) a.push(new Array(1e5).fill(a.length))']);
    expect(causeOfDeath({ ...unknown, ...death, program: 'fit student' })).toMatchObject({ code: 'out-of-memory', message: expect.stringMatching(/while it worked at fit student: it used 3\.00 GiB of/) as string });
  });

  it('by SIGKILL is told to have had none only if the system says that it killed for memory', async () => {
    const death = await ended(['-e', 'setInterval(() => {}, 1000)'], 'SIGKILL');
    expect(causeOfDeath({ ...unknown, ...death, killedForMemory: { before: 4, now: 5 } })).toMatchObject({ code: 'out-of-memory' });
    expect(causeOfDeath({ ...unknown, ...death, killedForMemory: { before: 4, now: 4 } })).toMatchObject({ code: 'worker-died', message: expect.stringContaining('SIGKILL') as string });
    expect(causeOfDeath({ ...unknown, ...death })).toMatchObject({ code: 'worker-died' });
  });

  it('in code of a plugin is told with that', async () => {
    const problem = causeOfDeath({ ...unknown, code: 7, node: 'better', plugin: '@acme/nets' });
    expect(problem).toMatchObject({ node: 'better', message: expect.stringMatching(/ended with status 7, in code of the plugin @acme\/nets$/) as string, hint: expect.stringContaining('authors of @acme/nets') as string });
  });

  it('with a status is told with it, with what it said last, and with the node whose code ran', async () => {
    const death = await ended(['-e', 'console.error("first"); console.error("the pump broke"); process.exit(7)']);
    expect(causeOfDeath({ ...unknown, ...death, node: 'student' })).toMatchObject({ code: 'worker-died', node: 'student', message: expect.stringMatching(/ended with status 7; it said last: the pump broke$/) as string });
  });
});

describe('a process that hangs', () => {
  it('is told with the program and the node that did not return', () => {
    expect(workerHung(600, { node: 'student', plugin: null, program: 'fit deep' })).toMatchObject({ code: 'worker-hung', node: 'student', message: expect.stringMatching(/600 s, found none from fit deep: the node "student" did not return/) as string });
    expect(workerHung(600, { node: 'better', plugin: '@acme/nets', program: null })).toMatchObject({ node: 'better', message: expect.stringMatching(/the node "better" of the plugin @acme\/nets did not return, .*: @acme\/nets is switched off$/) as string });
    expect(workerHung(5, { node: null, plugin: null, program: null })).not.toHaveProperty('node');
  });
});

describe('a run that fails', () => {
  const failed = (message: string) => ({ code: 'node-failed', severity: 'error' as const, node: 'student', message });

  it.each(['OOM when allocating tensor with shape[64,256,256,64]', 'Array buffer allocation failed', 'std::bad_alloc'])('for want of memory is told as that: %s', (message) => {
    expect(asOutOfMemory(failed(message))).toMatchObject({ code: 'out-of-memory', node: 'student', message });
  });

  it('for another reason is told as it is', () => {
    expect(asOutOfMemory(failed('shapes do not fit'))).toEqual(failed('shapes do not fit'));
  });
});

it('counts what the system has killed for memory where it says so', () => {
  const count = killedForMemory();
  if (process.platform === 'linux') expect(count).toBeGreaterThanOrEqual(0);
  else expect(count).toBeNull();
});
