import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { forkModule, type Forked } from '../../../server/processes/fork.ts';
import type { Logged } from '../../../server/queue/event-log.ts';
import { isAlive } from '../../../server/atomic-file.ts';
import type { RunSummary } from '../../../server/queue/runs.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { ask, isOver, untilRun, type Caller } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { distilGraph } from '../runtime/trial-graphs.ts';

describeWith(engineNeed(), 'a server that is killed', () => {
  const home = mkdtempSync(join(temporaryFolder(), 'home-'));
  const data = join(home, 'data');
  let forked: Forked;
  let server: Caller;

  async function start(): Promise<void> {
    forked = forkModule(new URL('./server-process.ts', import.meta.url), { env: { STILLROOM_HOME: home } });
    server = await new Promise((resolve, reject) => {
      forked.child.once('message', resolve).once('exit', () => reject(new Error(forked.lastWords())));
      forked.child.send({ home, data });
    });
  }
  const ended = (): Promise<void> => new Promise((resolve) => (forked.child.exitCode ?? forked.child.signalCode) === null ? forked.child.once('exit', () => resolve()) : resolve());
  const submit = async (epochs: number, name: string): Promise<string> =>
    ((await ask(server, 'POST', '/runs', { document: distilGraph({ fit: { epochs } }), data, name })).body as RunSummary).id;
  const eventsOf = async (id: string): Promise<Logged[]> => ((await ask(server, 'GET', `/runs/${id}/events?limit=5000`)).body as { events: Logged[] }).events;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_CACHE', process.env['STILLROOM_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache', 'stillroom'));
    await writeCategory(join(data, 'bottle'));
    await start();
  });
  afterAll(async () => {
    forked.child.kill('SIGTERM');
    await ended();
    vi.unstubAllEnvs();
  });

  it('leaves no process behind, and the next one goes on with what was at work and begins what was queued', async () => {
    const [first, second] = [await submit(400, 'first'), await submit(3, 'second')];
    await untilRun(server, first, ({ progress }) => (progress?.epoch ?? 0) >= 40);
    const { pid } = JSON.parse(readFileSync(join(home, 'runs', first, '.run.lock'), 'utf8')) as { pid: number };
    const before = await eventsOf(first);
    forked.child.kill('SIGKILL');
    await ended();
    await start();
    expect(await untilRun(server, first, isOver)).toMatchObject({ state: 'done', name: 'first' });
    expect(await untilRun(server, second, isOver)).toMatchObject({ state: 'done', name: 'second' });
    expect(isAlive(pid)).toBe(false);
    const events = await eventsOf(first);
    expect(events.slice(0, before.length)).toEqual(before);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.find(({ event }) => 'reason' in event)?.event).toMatchObject({ state: 'queued', reason: 'the server had gone' });
    expect(events.some(({ event }) => event.type === 'resumed')).toBe(true);
  });

  it('ended by SIGTERM lets what is at work save itself, for the next one to go on with', async () => {
    const id = await submit(4000, 'third');
    await untilRun(server, id, ({ progress }) => (progress?.epoch ?? 0) >= 10);
    forked.child.kill('SIGTERM');
    await ended();
    expect(JSON.parse(readFileSync(join(home, 'runs', id, 'job.json'), 'utf8'))).toMatchObject({ state: 'queued' });
    expect(JSON.parse(readFileSync(join(home, 'runs', id, 'manifest.json'), 'utf8'))).toMatchObject({ status: 'cancelled' });
    await start();
    await untilRun(server, id, ({ state, progress }) => state === 'running' && (progress?.epoch ?? 0) >= 10);
    await ask(server, 'POST', `/runs/${id}/cancel`);
    expect(await untilRun(server, id, isOver)).toMatchObject({ state: 'cancelled' });
  });

  it('is followed by one that holds the queue if it was held, lets as many at work at once, and then begins the most urgent first', async () => {
    await ask(server, 'PATCH', '/queue', { isHeld: true, concurrency: 3 });
    const low = await submit(1, 'low');
    const high = ((await ask(server, 'POST', '/runs', { document: distilGraph({ fit: { epochs: 1 } }), data, name: 'high', priority: 9 })).body as RunSummary).id;
    forked.child.kill('SIGKILL');
    await ended();
    await start();
    expect((await ask(server, 'GET', '/queue')).body).toEqual({ isHeld: true, concurrency: 3 });
    for (const id of [low, high]) expect((await ask(server, 'GET', `/runs/${id}`)).body).toMatchObject({ state: 'queued' });
    await ask(server, 'PATCH', '/queue', { isHeld: false, concurrency: 1 });
    const [first, second] = await Promise.all([low, high].map((id) => untilRun(server, id, isOver)));
    expect(second!.ended! < first!.ended!).toBe(true);
  });

  it('finds records that were torn meanwhile, sets them aside and lists the rest', async () => {
    const ids = readdirSync(join(home, 'runs')).filter((name) => !/\.(json|txt)$/.test(name));
    forked.child.kill('SIGTERM');
    await ended();
    writeFileSync(join(home, 'runs', ids[0]!, 'job.json'), '{"stillroom": 1, "na');
    writeFileSync(join(home, 'runs', 'index.json'), '{"torn');
    await start();
    const { body } = await ask(server, 'GET', '/runs');
    const runs = (body as { runs: RunSummary[] }).runs;
    expect(runs.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(runs.find(({ id }) => id === ids[0])).toMatchObject({ state: 'done', isQueued: false, problem: { code: 'job-broken' } });
    expect(readdirSync(join(home, 'runs', ids[0]!)).some((name) => name.startsWith('job.json.broken-'))).toBe(true);
  });
});
