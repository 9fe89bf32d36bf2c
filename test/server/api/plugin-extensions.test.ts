import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunSummary } from '../../../server/queue/runs.ts';
import { findEngine } from '../../../server/engine/find.ts';
import type { Served } from '../../../server/api/serve.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { installFixtures } from '../../support/plugins.ts';
import { ask, isOver, serveTrial, untilRun, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { picture, writeFolder } from '../data/pictures.ts';
import { pullGraph } from '../runtime/trial-graphs.ts';
import { trialNet } from '../runtime/trial-pack.ts';

const root = temporaryFolder();
const [home, shared] = [join(root, 'home'), join(root, 'shared')];
let served: Served;
const call = (method: string, path: string, body?: unknown): Promise<Answered> => ask(served, method, path, body);

beforeAll(async () => {
  if (engineNeed().met) vi.stubEnv('STILLROOM_ENGINE', findEngine()!.directory);
  vi.stubEnv('STILLROOM_HOME', home);
  vi.stubEnv('STILLROOM_CACHE', join(root, 'cache'));
  mkdirSync(shared, { recursive: true });
  const days = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`1/ok_${i}.png`, picture(100 + i, 8, 8)]));
  await writeFolder(join(shared, 'gears'), { ...days, '2/ok_9.png': picture(120, 8, 8), '2/ng-dent_9.png': picture(20, 8, 8) });
  await writeFolder(join(shared, 'odd'), { 'throws/1.png': picture(1) });
  installFixtures(home, 'workshop', 'wayward');
  served = await serveTrial({ home, dataRoots: [shared] });
});
afterAll(async () => {
  await served.close();
  vi.unstubAllEnvs();
});

interface Scanned {
  scan: { state: string; problem?: { code: string; message: string } };
}

async function scanned(name: string): Promise<{ id: string } & Scanned> {
  const { id } = (await call('POST', '/datasets', { path: join(shared, name) })).body as { id: string };
  await call('POST', `/datasets/${id}/scan`, {});
  for (let attempt = 0; ; attempt++) {
    const { scan } = (await call('GET', `/datasets/${id}`)).body as Scanned;
    if (attempt > 600 || !['waiting', 'scanning'].includes(scan.state)) return { id, scan };
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

describe('layouts of plugins over the API', () => {
  it('are listed with their plugin', async () => {
    const { plugins } = (await call('GET', '/plugins')).body as { plugins: { name: string; layouts: string[]; optimisers: string[] }[] };
    expect(plugins.find(({ name }) => name === '@acme/workshop')).toMatchObject({ layouts: ['@acme/workshop/shifts'], weightReaders: ['@acme/workshop/flat'], optimisers: ['@acme/workshop/lion'], schedules: ['@acme/workshop/steps'] });
  });

  it('are recognised where a dataset is scanned, and seen anew once their plugin is switched off', async () => {
    const { id, scan } = await scanned('gears');
    expect(scan).toEqual({ state: 'done', images: 10 });
    expect((await call('GET', `/datasets/${id}/scan`)).body).toMatchObject({ layout: '@acme/workshop/shifts', categories: [{ name: 'gears', train: 8, good: 1, defective: 1 }] });
    const plugin = `/plugins/${encodeURIComponent('@acme/workshop')}`;
    expect(await call('PATCH', plugin, { enabled: false })).toMatchObject({ status: 200 });
    await scanned('gears');
    expect((await call('GET', `/datasets/${id}/scan`)).body).toMatchObject({ layout: 'good-and-defects' });
    expect(await call('PATCH', plugin, { enabled: true })).toMatchObject({ status: 200 });
  });

  it('that fail are told of the dataset; the server, and other datasets, go on', async () => {
    expect((await scanned('odd')).scan).toMatchObject({ state: 'failed', problem: { code: 'layout-failed', message: expect.stringContaining('"wayward/throws"') as string } });
    expect((await scanned('gears')).scan).toEqual({ state: 'done', images: 10 });
  });
});

describe('readers of weights of plugins over the API', () => {
  const send = async (file: string, bytes: Uint8Array): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${served.address}/api/weights/upload?name=net.flat&file=${file}`, { method: 'POST', headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/octet-stream' }, body: new Uint8Array(bytes) });
    return { status: response.status, body: await response.json() };
  };

  it('read what is sent in their format; what else is sent under such a name is refused', async () => {
    expect(await send('net.acme', Buffer.from('nothing of that kind'))).toMatchObject({ status: 400, body: { code: 'weights-unknown-format' } });
    expect(await send('net.bad', Buffer.from('THROWS'))).toMatchObject({ status: 502, body: { code: 'weights-reader-failed', title: expect.stringContaining('"wayward/throws"') as string } });
    expect(await send('net.other', Buffer.from('ACMEW1\n'))).toMatchObject({ status: 400, body: { code: 'unsafe-name' } });
    const tensors = trialNet.architecture.weights().map(({ name, shape, layout }) => {
      const [height, width, input, output] = shape;
      const sides = layout === 'kernel' ? [output, input, height, width] : shape;
      return Buffer.concat([Buffer.from(`${[name, ...sides].join(' ')}\n`), Buffer.from(new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(0.5).buffer)]);
    });
    expect(await send('net.acme', Buffer.concat([Buffer.from('ACMEW1\n'), ...tensors]))).toMatchObject({ status: 201, body: { name: 'net.flat', missing: [], unused: [], problems: [] } });
  });
});

/** One weight, fitted to images of one pixel by the workshop's optimiser. */
function graph(): object {
  const { nodes, ...document } = pullGraph({});
  return { ...document, nodes: { ...nodes, fit: { type: '@acme/workshop/fit', version: 1, params: { epochs: 3, rate: 0.01 } } } };
}

describeWith(engineNeed(), 'a run of a server by a plugin', () => {
  const submit = (name: string, extra: object = {}): Promise<Answered> => call('POST', '/runs', { document: graph(), data: join(shared, name), offline: true, ...extra });

  it('has its categories looked for by the layout before it is queued', async () => {
    expect(await submit('gears', { categories: ['cogs'] })).toMatchObject({ status: 400, body: { code: 'unknown-category', field: 'categories' } });
    expect(await submit('odd', { categories: ['cogs'] })).toMatchObject({ status: 502, body: { code: 'layout-failed' } });
  });

  it('is fitted by its optimiser, on images in its layout', async () => {
    const answer = await submit('gears', { categories: ['gears'] });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202 });
    const run = await untilRun(served, (answer.body as RunSummary).id, isOver);
    expect(run).toMatchObject({ state: 'done', problem: null });
    expect(JSON.parse(readFileSync(join(home, 'runs', run.id, 'manifest.json'), 'utf8'))).toMatchObject({
      data: { layout: '@acme/workshop/shifts' },
      graph: { requires: { '@acme/workshop': '2.1.0' } },
      fits: { fit: { optimiser: { kind: '@acme/workshop/lion' }, epochs: 3 } },
    });
  });

  it('fails with the reason where its layout fails', async () => {
    const { id } = (await submit('odd')).body as RunSummary;
    expect(await untilRun(served, id, isOver)).toMatchObject({ state: 'failed', problem: { code: 'layout-failed', message: expect.stringContaining('I never liked folders') as string } });
  });
});
