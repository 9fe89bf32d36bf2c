import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import type { Logged } from '../../../server/queue/event-log.ts';
import type { RunSummary } from '../../../server/queue/runs.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { ask, hasEnded, isOver, Listener, serveTrial, untilRun, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { distilGraph } from '../runtime/trial-graphs.ts';
import { trialNet } from '../runtime/trial-pack.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const data = join(home, 'data');
/** Long enough to be met at work, and to be killed between two epochs. */
const long = (epochs = 4000): object => ({ document: distilGraph({ fit: { epochs } }), data });
const short = (extra: object = {}): object => ({ document: distilGraph(), data, ...extra });

describeWith(engineNeed(), 'runs', () => {
  let served: Served;
  /** One that has ended, for tests that only look. */
  let run: RunSummary;
  const call = (method: string, path: string, body?: unknown): Promise<Answered> => ask(served, method, path, body);
  const submit = async (body: object): Promise<RunSummary> => {
    const answer = await call('POST', '/runs', body);
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202 });
    return answer.body;
  };
  const until = (id: string, is: (run: RunSummary) => boolean): Promise<RunSummary> => untilRun(served, id, is);
  const atWork = (id: string): Promise<RunSummary> => until(id, ({ state, progress }) => state === 'running' && progress!.epoch >= 3);
  const pidOf = (id: string): number => (JSON.parse(readFileSync(join(home, 'runs', id, '.run.lock'), 'utf8')) as { pid: number }).pid;
  const eventsOf = async (id: string): Promise<Logged[]> => ((await call('GET', `/runs/${id}/events?limit=5000`)).body as { events: Logged[] }).events;
  const statesOf = (events: readonly Logged[]): string[] => events.flatMap(({ event }) => (event.type === 'state' ? [(event as unknown as { state: string }).state] : []));

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', process.env['STILLROOM_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache', 'stillroom'));
    await writeCategory(join(data, 'bottle'));
    served = await serveTrial({ home, dataRoots: [data], runs: { watchdog: 8 } });
  });
  afterAll(async () => {
    await served.close();
    vi.unstubAllEnvs();
  });

  describe('that are asked for', () => {
    beforeAll(async () => {
      const { body } = await call('POST', '/graphs', { document: distilGraph() });
      const dataset = await call('POST', '/datasets', { path: data });
      run = await submit({ graph: (body as { id: string }).id, dataset: (dataset.body as { id: string }).id, seed: 7, set: { 'fit1.epochs': 2 }, name: 'Seven' });
      run = await until(run.id, isOver);
    });

    it('are fitted and measured in the folder of their id, as the command line does it', async () => {
      expect(run).toMatchObject({ state: 'done', name: 'Seven', seed: 7, problem: null, progress: null, graph: { revision: 1 }, metrics: { bottle: { imageAuroc: expect.any(Number) as number } } });
      const manifest = JSON.parse(readFileSync(join(home, 'runs', run.id, 'manifest.json'), 'utf8')) as object;
      expect(manifest).toMatchObject({ status: 'done', seed: 7, overrides: { set: { 'fit1.epochs': 2 } } });
      const { body } = await call('GET', `/runs/${run.id}`);
      expect(body).toMatchObject({ manifest, asked: { seed: 7, data }, attempts: [{ outcome: 'done' }], missing: [] });
    });

    it('tell their losses, curves, scores and maps by category', async () => {
      const { body } = await call('GET', `/runs/${run.id}/categories/bottle`);
      const { fits, reports, scores } = body as { fits: { fit: string; epochs: object[] }[]; reports: object; scores: { file: string; map: string }[] };
      expect(fits.map(({ fit, epochs }) => `${fit} ${epochs.length}`)).toEqual(['fit1 2', 'fit2 3']);
      expect(Object.keys(reports).sort()).toEqual(['detection', 'localisation']);
      expect(scores).toHaveLength(5);
      const picture = await fetch(`${served.address}/api/runs/${run.id}/file?path=${encodeURIComponent(scores[0]!.map)}`, { headers: { authorization: `Bearer ${served.token}` } });
      expect(picture.headers.get('content-type')).toBe('image/png');
      expect(await call('GET', `/runs/${run.id}/categories/none`)).toMatchObject({ status: 404, body: { code: 'no-category' } });
    });

    it('show a report that can run no script and reach nothing', async () => {
      const report = await fetch(`${served.address}/api/runs/${run.id}/file?path=report.html`, { headers: { authorization: `Bearer ${served.token}` } });
      expect(await report.text()).toContain('<h1');
      expect(report.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
    });

    it('are listed, the newest first, by state, name and page', async () => {
      const later = await submit(short());
      await call('POST', `/runs/${later.id}/cancel`);
      const { body } = await call('GET', '/runs');
      expect((body as { runs: RunSummary[] }).runs.slice(0, 2).map(({ id }) => id)).toEqual([later.id, run.id]);
      expect(await call('GET', '/runs?name=sev')).toMatchObject({ body: { total: 1, runs: [{ id: run.id }] } });
      expect(await call('GET', '/runs?offset=1&limit=1')).toMatchObject({ body: { total: 2, runs: [{ id: run.id }] } });
      expect(await call('GET', '/runs?state=failed')).toMatchObject({ body: { total: 0 } });
    });
  });

  it.each([
    ['no graph', {}, 400, 'bad-request'],
    ['a graph that there is not', { graph: '00000000-0000-0000-0000-000000000000' }, 404, 'no-graph'],
    ['a graph that cannot be run', { document: { stillroom: 1, name: 'x', nodes: {}, edges: [] } }, 400, 'no-dataset'],
    ['a node type that there is not', { document: { ...distilGraph(), nodes: { ...distilGraph().nodes, map1: { type: 'nobody/has', version: 1 } } }, data }, 400, 'unknown-node-type'],
    ['a negative seed', short({ seed: -1 }), 400, 'bad-request'],
    ['a field that nobody asks for', short({ epoch: 1 }), 400, 'bad-request'],
    ['a parameter that there is not', short({ set: { 'fit1.pace': 3 } }), 400, 'unknown-parameter'],
    ['a dataset that there is not', short({ dataset: 'none' }), 404, 'no-dataset-registered'],
    ['images outside of the roots', short({ data: '/etc' }), 403, 'outside-roots'],
    ['images outside of the roots by dots', short({ data: `${data}/../..` }), 403, 'outside-roots'],
    ['no images', short({ data: '' }), 400, 'no-data'],
  ])('with %s are refused', async (_what, body, status, code) => {
    expect(await call('POST', '/runs', body)).toMatchObject({ status, body: { code } });
  });

  const pretrained = (weights?: string): object => {
    const document = distilGraph({ teacher: 'trial/pretrained' });
    return weights === undefined ? document : { ...document, nodes: { ...document.nodes, teacher: { ...document.nodes['teacher'], params: { weights } } } };
  };
  it.each<[string, object, number, object]>([
    ['a category that the images do not have', { document: distilGraph(), categories: ['bottle', 'cup'] }, 400, { code: 'unknown-category', field: 'categories', file: data, hint: 'choose from bottle' }],
    ['a list of images elsewhere', { document: distilGraph(), set: { 'dataset.split': 'list', 'dataset.list': '../../../etc/passwd' } }, 403, { code: 'outside-roots', node: 'dataset', field: 'list' }],
    ['an architecture that nobody knows', { weights: { resnet81: 'x' } }, 400, { code: 'unknown-architecture', field: 'weights.resnet81' }],
    ['an architecture that the graph has not', { weights: { resnet18: 'resnet18.starter' } }, 400, { code: 'weights-unused', field: 'weights.resnet18', hint: 'the graph uses trial-net' }],
    ['a name that nobody knows', { weights: { 'trial-net': 'trial-net.imagenet' } }, 400, { code: 'unknown-weights', field: 'weights.trial-net' }],
    ['the name of a file where the server was started', { weights: { 'trial-net': 'package.json' } }, 400, { code: 'unknown-weights', field: 'weights.trial-net' }],
    ['weights of another architecture', { weights: { 'trial-net': 'resnet18.starter' } }, 400, { code: 'unknown-weights', field: 'weights.trial-net', title: expect.stringContaining('of resnet18') as string }],
    ['a file that is not there', { weights: { 'trial-net': join(data, 'none.safetensors') } }, 400, { code: 'no-such-path', field: 'weights.trial-net', file: join(data, 'none.safetensors') }],
    ['a file outside of the roots', { weights: { 'trial-net': '/etc/passwd' } }, 403, { code: 'outside-roots', field: 'weights.trial-net' }],
    ['a file by a path from nowhere', { weights: { 'trial-net': 'none.safetensors' } }, 403, { code: 'outside-roots', field: 'weights.trial-net' }],
    ['a network without any weights', {}, 400, { code: 'unknown-weights', node: 'teacher', field: 'weights' }],
    ['a node whose weights nobody knows', { document: pretrained('trial-net.imagenet') }, 400, { code: 'unknown-weights', node: 'teacher', field: 'weights' }],
  ])('that cannot end well for %s are refused before they are queued', async (_what, extra, status, body) => {
    const { total } = (await call('GET', '/runs')).body as { total: number };
    expect(await call('POST', '/runs', { document: pretrained(), data, ...extra })).toMatchObject({ status, body });
    expect((await call('GET', '/runs')).body).toMatchObject({ total });
  });

  it('are queued for categories that the images have', async () => {
    await call('PATCH', '/queue', { isHeld: true });
    const { id } = await submit(short({ categories: ['bottle'] }));
    await call('POST', `/runs/${id}/cancel`);
    await call('PATCH', '/queue', { isHeld: false });
  });

  it('take weights that were added in the home of the server, whatever the environment says', async () => {
    const file = join(data, 'trial.safetensors');
    const shape = ([h, w, i, o]: readonly number[]): number[] => (i === undefined ? [h!] : [o!, i, h!, w!]);
    const drawn = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => 0.1 + (i % 7) / 10);
    await writeSafetensors(file, new Map(trialNet.architecture.weights().map((spec) => [spec.name, { shape: shape(spec.shape), data: drawn(spec.shape.reduce((a, b) => a * b, 1)) }])));
    vi.stubEnv('STILLROOM_HOME', join(home, 'elsewhere'));
    expect(await call('POST', '/weights', { name: 'trial-net.mine', path: file })).toMatchObject({ status: 201, body: { missing: [] } });
    const { id } = await submit({ document: pretrained(), data, epochs: 1, weights: { 'trial-net': 'trial-net.mine' } });
    const ended = await until(id, isOver);
    vi.stubEnv('STILLROOM_HOME', home);
    expect(ended).toMatchObject({ state: 'done', problem: null });
    expect((await call('GET', `/runs/${id}`)).body).toMatchObject({ manifest: { weights: [{ node: 'teacher', name: 'trial-net.mine' }] } });
    expect(existsSync(join(home, 'elsewhere'))).toBe(false);
    rmSync(file);
  });

  it('lead to no file outside of them', async () => {
    const { id } = run;
    symlinkSync('/etc', join(home, 'runs', id, 'way-out'));
    for (const path of ['../../server/token', '/etc/passwd', 'way-out/passwd', '..', '.', 'nothing.txt', 'bottle/../../../server/token', 'a\0b']) {
      const answer = await fetch(`${served.address}/api/runs/${id}/file?path=${encodeURIComponent(path)}`, { headers: { authorization: `Bearer ${served.token}` } });
      expect(answer.status, path).toBe(404);
    }
    for (const other of ['..%2fserver', '%2e%2e%2fserver', '.hidden', 'nothing']) expect((await call('GET', `/runs/${other}`)).status, other).toBe(404);
  });

  it('on images that links lead out of the roots to fail with that', async () => {
    const linked = join(data, 'linked');
    cpSync(join(data, 'bottle'), join(linked, 'bottle'), { recursive: true });
    const [picture] = readdirSync(join(linked, 'bottle', 'train', 'good'));
    const outside = join(temporaryFolder(), 'outside.png');
    cpSync(join(linked, 'bottle', 'train', 'good', picture!), outside);
    rmSync(join(linked, 'bottle', 'train', 'good', picture!));
    symlinkSync(outside, join(linked, 'bottle', 'train', 'good', picture!));
    const { id } = await submit(short({ data: linked }));
    expect(await until(id, isOver)).toMatchObject({ state: 'failed', problem: { code: 'outside-roots', file: expect.stringContaining(picture!) as string } });
    rmSync(linked, { recursive: true });
  });

  describe('at work', () => {
    it('are cancelled when they have saved what they have, and go on from there when they are retried', async () => {
      const { id } = await submit(long());
      await atWork(id);
      expect(await call('POST', `/runs/${id}/resume`)).toMatchObject({ status: 409, body: { code: 'run-at-work' } });
      expect(await call('DELETE', `/runs/${id}`)).toMatchObject({ status: 409, body: { code: 'run-at-work' } });
      expect(await call('POST', `/runs/${id}/cancel`)).toMatchObject({ status: 202, body: { stopping: 'cancelled' } });
      await until(id, ({ state }) => state === 'cancelled');
      expect(await call('POST', `/runs/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'run-over' } });
      expect(await call('POST', `/runs/${id}/retry`)).toMatchObject({ status: 202 });
      await atWork(id);
      await call('POST', `/runs/${id}/pause`);
      await until(id, ({ state }) => state === 'paused');
      const told = (await eventsOf(id)).filter(({ event }) => event.type === 'resumed').map(({ event }) => (event as unknown as { epoch: number }).epoch);
      expect(told).toHaveLength(1);
      expect(told[0]).toBeGreaterThanOrEqual(1);
      expect(statesOf(await eventsOf(id))).toEqual(['queued', 'running', 'cancelled', 'queued', 'running', 'paused']);
    });

    it('go on by themselves from the last whole epoch when their process is killed, and say so', async () => {
      const { id } = await submit(long(400));
      // Checkpoints are written while the fit goes on.
      await until(id, ({ progress }) => (progress?.epoch ?? 0) >= 40);
      process.kill(pidOf(id), 'SIGKILL');
      const { state } = await until(id, isOver);
      expect(state).toBe('done');
      const events = await eventsOf(id);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
      expect(events.find(({ event }) => 'reason' in event)?.event).toMatchObject({ state: 'running', attempt: 2, reason: expect.stringContaining('by itself') as string, problem: { code: 'worker-died', message: expect.stringContaining('SIGKILL') as string } });
      expect(events.some(({ event }) => event.type === 'resumed')).toBe(true);
      expect((await call('GET', `/runs/${id}`)).body).toMatchObject({ attempts: [{ outcome: 'died' }, { outcome: 'done' }] });
    });

    it('wait for one another, the most urgent first, unless they are cancelled', async () => {
      const first = await submit(long());
      await atWork(first.id);
      const [low, high, gone] = [await submit(short({ name: 'low' })), await submit(short({ name: 'high', priority: 5 })), await submit(short())];
      expect((await call('POST', `/runs/${gone.id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
      expect(((await call('GET', '/runs?limit=500')).body as { runs: RunSummary[] }).runs.find((one) => one.id === gone.id)).toMatchObject({ state: 'cancelled', isQueued: true, problem: null });
      await call('PATCH', `/runs/${low.id}`, { priority: -5 });
      const urgent = await submit(short({ name: 'urgent' }));
      await call('PATCH', `/runs/${urgent.id}`, { priority: 9 });
      await call('POST', `/runs/${first.id}/cancel`);
      const ended = await Promise.all([low, high, urgent].map(({ id }) => until(id, isOver)));
      expect(ended.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
      expect(ended.toSorted((a, b) => (a.ended! < b.ended! ? -1 : 1)).map(({ name }) => name)).toEqual(['urgent', 'high', 'low']);
      expect(existsSync(join(home, 'runs', gone.id, 'manifest.json'))).toBe(false);
    });

    it('keep in their record a priority and a state that are asked for at once', async () => {
      await call('PATCH', '/queue', { isHeld: true });
      const { id } = await submit(short());
      const record = (): unknown => JSON.parse(readFileSync(join(home, 'runs', id, 'job.json'), 'utf8'));
      for (let i = 1; i <= 30; i++) {
        const [action, state] = i % 2 ? ['pause', 'paused'] : ['resume', 'queued'];
        const answers = await Promise.all([call('PATCH', `/runs/${id}`, { priority: -i }), call('POST', `/runs/${id}/${action}`), call('PATCH', `/runs/${id}`, { priority: i })]);
        expect(answers.map(({ status }) => status)).toEqual([200, 202, 200]);
        const { body } = await call('GET', `/runs/${id}`);
        expect(record(), `${i}`).toMatchObject({ state, priority: (body as RunSummary).priority });
        expect(body).toMatchObject({ state });
      }
      await call('POST', `/runs/${id}/cancel`);
      await call('PATCH', '/queue', { isHeld: false });
    });

    it('do not begin while the queue is held', async () => {
      await call('PATCH', '/queue', { isHeld: true });
      const { id } = await submit(short());
      await sleep(500);
      expect((await call('GET', `/runs/${id}`)).body).toMatchObject({ state: 'queued' });
      expect((await call('PATCH', '/queue', { isHeld: false })).body).toEqual({ concurrency: 1, isHeld: false });
      await until(id, ({ state }) => state === 'running');
      await call('POST', `/runs/${id}/cancel`);
      expect(await until(id, isOver)).toMatchObject({ state: 'cancelled' });
    });
  });

  describe('with a node', () => {
    it('that throws fail in its name', async () => {
      const { id } = await submit({ document: distilGraph({ beforeStudent: 'trial/throw' }), data });
      expect(await until(id, isOver)).toMatchObject({ state: 'failed', problem: { code: 'node-failed', node: 'before-student', message: expect.stringContaining('I never liked images') as string } });
    });

    it('that never returns are ended, and the node is named', async () => {
      const { id } = await submit({ document: distilGraph({ beforeStudent: 'trial/hang' }), data });
      expect(await until(id, isOver)).toMatchObject({ state: 'failed', problem: { code: 'worker-hung', node: 'before-student' } });
    });

    it('that ends their process are tried three times more, then fail with that', async () => {
      const { id } = await submit({ document: distilGraph({ beforeStudent: 'trial/die' }), data });
      expect(await until(id, isOver)).toMatchObject({ state: 'failed', problem: { code: 'worker-died', node: 'before-student', message: expect.stringContaining('the 3 processes before it') as string } });
      expect(statesOf(await eventsOf(id))).toEqual(['queued', 'running', 'running', 'running', 'running', 'failed']);
    });

    it('that takes all memory fail with that', async () => {
      vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=150');
      const { id } = await submit({ document: distilGraph({ beforeStudent: 'trial/devour' }), data });
      const run = await until(id, isOver);
      vi.stubEnv('NODE_OPTIONS', undefined);
      expect(run).toMatchObject({ state: 'failed', problem: { code: 'out-of-memory', node: 'before-student' } });
    });
  });

  describe('that people put there', () => {
    it('are listed as what they are, with what is wrong with them', async () => {
      const { id } = run;
      for (const name of ['copied by hand', 'torn', 'edited']) {
        cpSync(join(home, 'runs', id), join(home, 'runs', name), { recursive: true });
        rmSync(join(home, 'runs', name, 'job.json'));
      }
      writeFileSync(join(home, 'runs', 'torn', 'manifest.json'), '{"status": "do');
      writeFileSync(join(home, 'runs', 'edited', 'metrics.json'), '{"bottle": {"imageAuroc": "fine"}}');
      await sleep(600);
      const { body } = await call('GET', '/runs?limit=500');
      const of = (name: string): RunSummary | undefined => (body as { runs: RunSummary[] }).runs.find((run) => run.id === name);
      expect(of('copied by hand')).toMatchObject({ state: 'done', isQueued: false, name: 'Distil', seed: 7, metrics: of(id)!.metrics });
      expect(of('torn')).toMatchObject({ state: 'broken', problem: { code: 'run-folder-corrupt', file: join(home, 'runs', 'torn', 'manifest.json') } });
      expect(of('edited')).toMatchObject({ state: 'broken', name: 'Distil', seed: 7, metrics: {}, problem: { code: 'run-folder-corrupt', file: join(home, 'runs', 'edited', 'metrics.json') } });
      expect(await call('POST', '/runs/torn/resume')).toMatchObject({ status: 409, body: { code: 'run-not-asked-here' } });
      expect(await call('POST', '/runs/nothing/resume')).toMatchObject({ status: 404, body: { code: 'no-run' } });
    });

    it('or delete are gone from the list; removed ones are kept aside', async () => {
      await call('PATCH', '/queue', { isHeld: true });
      const [one, two] = [await submit(short()), await submit(short())];
      for (const { id } of [one, two]) await call('POST', `/runs/${id}/cancel`);
      await call('PATCH', '/queue', { isHeld: false });
      rmSync(join(home, 'runs', one.id), { recursive: true });
      expect(await call('DELETE', `/runs/${two.id}`)).toMatchObject({ status: 204 });
      await sleep(600);
      const ids = ((await call('GET', '/runs?limit=500')).body as { runs: RunSummary[] }).runs.map(({ id }) => id);
      expect(ids).not.toContain(one.id);
      expect(ids).not.toContain(two.id);
      expect(readdirSync(join(home, 'removed', 'runs')).some((name) => name.endsWith(two.id))).toBe(true);
    });
  });

  describe('over sockets', () => {
    it('tell every event once and in order, whenever a client comes, and to one that comes back what it missed', async () => {
      const { id } = await submit(long(300));
      const whole = await new Listener(served).connected();
      await whole.watch(id);
      await whole.until((events) => events.length >= 10);
      const first = await new Listener(served).connected();
      await first.watch(id);
      await first.until((events) => events.length >= 10);
      first.socket.disconnect();
      const last = first.events.at(-1)!.seq;
      await whole.until(hasEnded);
      const again = await new Listener(served).connected();
      await again.watch(id, last);
      await again.until(hasEnded);
      expect([...first.events, ...again.events]).toEqual(whole.events);
      expect(whole.events.map(({ seq }) => seq)).toEqual(whole.events.map((_, i) => i + 1));
      expect(whole.events).toEqual(await eventsOf(id));
      expect(new Set(whole.events.map(({ event }) => event.type))).toEqual(new Set(['state', 'reading', 'category', 'profile', 'stage', 'memory', 'features', 'step', 'epoch', 'sample', 'fitted', 'calibrating', 'predicting', 'drawing']));
      for (const { socket } of [whole, again]) socket.disconnect();
    });

    it('keep no run waiting for a slow client, which is told all of it in the end', async () => {
      const { id } = await submit(long(100));
      const [slow, quick] = [await new Listener(served, 700).connected(), await new Listener(served).connected()];
      await Promise.all([slow.watch(id), quick.watch(id)]);
      await quick.until(hasEnded);
      expect(slow.events.length).toBeLessThan(quick.events.length);
      await slow.until(hasEnded);
      expect(slow.events).toEqual(quick.events);
      for (const { socket } of [slow, quick]) socket.disconnect();
    });

    it('tell where a run is to who subscribes to it, the last state always', async () => {
      const { id } = await submit(short());
      const listener = await new Listener(served, 100).connected();
      expect(await listener.socket.emitWithAck('subscribe', `runs/${id}`)).toMatchObject({ ok: true });
      await until(id, isOver);
      await vi.waitFor(() => expect(listener.states.at(-1)).toMatchObject({ topic: `runs/${id}`, state: { id, state: 'done' } }), 5000);
      listener.socket.disconnect();
    });

    it('answer what they cannot make sense of', async () => {
      const { socket } = await new Listener(served).connected();
      for (const given of [null, 5, {}, { run: '../server' }, { run: 'nothing' }, { run: 'x', after: -1 }]) {
        expect(await socket.emitWithAck('watch', given), JSON.stringify(given)).toMatchObject({ ok: false, problem: { code: expect.stringMatching(/^(bad-request|no-run)$/) as string } });
      }
      expect(await socket.emitWithAck('watch', { run: 'x', after: -1 })).toMatchObject({ problem: { field: 'after', title: 'expected a number of at least 0, found -1' } });
      expect(await socket.emitWithAck('subscribe', { toString: 1 })).toMatchObject({ ok: false, problem: { title: 'expected a string, found an object' } });
      socket.disconnect();
    });
  });
});
