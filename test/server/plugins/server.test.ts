import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../../server/engine/find.ts';
import { installFixtures } from '../../support/plugins.ts';
import { ask, isOver, serveTrial, untilRun } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { Served } from '../../../server/api/serve.ts';
import { pullGraph } from '../runtime/trial-graphs.ts';
import { writeCategory } from '../runs/trial-data.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const data = join(root, 'data');
const hasEngine = findEngine() !== undefined;
let served: Served;

beforeAll(async () => {
  installFixtures(home, 'tint', 'misbehaves', 'no-pack');
  await writeCategory(data);
  served = await serveTrial({ home, dataRoots: [data], pluginLimits: { call: 500 } });
});
afterAll(() => served.close());

/** One colour, fitted to images that a plugin has changed. */
function tinted(node: { type: string; version: number; params?: Record<string, unknown> }) {
  const graph = pullGraph({ epochs: 2, batch: 4 });
  const edges = graph.edges.map((edge) => (edge.from === 'decode.images' ? { ...edge, from: 'plugged.images' } : edge));
  return { ...graph, nodes: { ...graph.nodes, plugged: node }, edges: [...edges, { from: 'decode.images', to: 'plugged.images' }] };
}

const tint = { type: '@acme/tint/tint', version: 2, params: { gain: 0.5 } };

describe('a server with plugins', () => {
  it('lists their node types, and checks graphs with them', async () => {
    const { body } = await ask(served, 'GET', '/nodes?type=@acme/tint/tint');
    expect((body as { nodes: object[] }).nodes).toMatchObject([{ type: '@acme/tint/tint', pack: 'tint', params: { gain: { control: { kind: 'number', max: 4 } } } }]);
    const checked = await ask(served, 'POST', '/check', { document: tinted(tint) });
    expect(checked.body).toMatchObject({ ok: true, nodes: { plugged: { outputs: { images: { shape: [1, 1, 3] } } } } });
  });

  it.skipIf(!hasEngine)('works at a run of a graph with a node of a plugin, to its end', async () => {
    const { status, body } = await ask(served, 'POST', '/runs', { document: tinted(tint), data, offline: true });
    expect([status, body]).toMatchObject([202, {}]);
    const run = await untilRun(served, (body as { id: string }).id, isOver);
    expect([run.state, run.problem]).toEqual(['done', null]);
    const read = (file: string): object => JSON.parse(readFileSync(join(home, 'runs', run.id, file), 'utf8')) as object;
    expect(read('graph.json')).toMatchObject({ requires: { '@acme/tint': '1.2.0' } });
    expect(read('manifest.json')).toMatchObject({ graph: { requires: { '@acme/tint': '1.2.0' } } });
  });

  it('records in a graph that is saved, edited or run which plugins it needs', async () => {
    const plain = pullGraph({ epochs: 1 });
    const { body: kept } = await ask(served, 'POST', '/graphs', { document: plain });
    const { id, revision, document } = kept as { id: string; revision: number; document: object };
    expect(document).not.toHaveProperty('requires');
    const patch = [{ path: ['nodes', 'plugged'], after: tint }];
    const { status, body: edited } = await ask(served, 'PATCH', `/graphs/${id}`, { patch, revision });
    expect([status, edited]).toMatchObject([200, { document: { requires: { '@acme/tint': '1.2.0' }, nodes: { plugged: { type: tint.type } } } }]);
    const undone = await ask(served, 'PATCH', `/graphs/${id}`, { patch: [{ path: ['nodes', 'plugged'], before: tint }], revision: revision + 1 });
    expect((undone.body as { document: object }).document).not.toHaveProperty('requires');
    expect(await ask(served, 'POST', '/graphs', { document: tinted(tint) })).toMatchObject({ body: { document: { requires: { '@acme/tint': '1.2.0' } } } });
  });

  it('answers everything else while a plugin that does not return is switched off', async () => {
    const bad = { type: 'misbehaves/node', version: 1, params: { how: 'loop' } };
    const checked = await ask(served, 'POST', '/check', { document: tinted(bad) });
    expect((checked.body as { problems: object[] }).problems).toMatchObject([{ node: 'plugged', code: 'plugin-timeout' }]);
    expect((await ask(served, 'GET', '/health')).status).toBe(200);
    expect(((await ask(served, 'POST', '/check', { document: tinted(tint) })).body as { ok: boolean }).ok).toBe(true);
    const after = await ask(served, 'POST', '/check', { document: tinted(bad) });
    expect((after.body as { problems: object[] }).problems).toMatchObject([{ code: 'unknown-node-type', hint: expect.stringContaining('was switched off: expected infer of "misbehaves/node" to return within 0.5 s') as string }]);
  });
});
