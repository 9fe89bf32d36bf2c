import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io as connect } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringifyGraph } from '../../../server/graph/canonical.ts';
import { Edits } from '../../../server/graph/commands.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { applyPatch, type Patch } from '../../../server/graph/patch.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordRun } from '../runs/recorded-run.ts';
import { Caller, type Answered } from './caller.ts';

interface Graph {
  id: string;
  revision: number;
  modified: string;
  document: GraphDocument;
  since: { revision: number; by: string; patch: Patch }[];
  warnings: { code: string }[];
}

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const read = (name: string): GraphDocument => JSON.parse(readFileSync(new URL(`../../../graphs/${name}.json`, import.meta.url), 'utf8')) as GraphDocument;
const shipped = read('dual-model');
let caller: Caller;

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered> => caller.call(method, path, body, headers);
const create = async (document: object = shipped): Promise<Graph> => (await call('POST', '/graphs', { document, by: 'ann' })).body;
const share = (value: number, on: GraphDocument = shipped): Patch => new Edits(on).setParam('dataset', 'validationShare', value);
const edit = async (id: string, value: number, more: object = {}): Promise<Answered> => {
  const { document } = (await call('GET', `/graphs/${id}`)).body as Graph;
  return call('PATCH', `/graphs/${id}`, { patch: share(value, document), ...more });
};

beforeAll(async () => void (caller = await Caller.start(home)));
afterAll(() => caller.served.close());

describe('graphs over the API', () => {
  it('are kept, read, edited; earlier revisions stay', async () => {
    const { id, revision, document } = await create();
    expect(revision).toBe(1);
    expect(document.nodes).toEqual(shipped.nodes);
    const patch = share(0.5, document);
    expect(await call('PATCH', `/graphs/${id}`, { patch, by: 'ben' })).toMatchObject({ status: 200, body: { revision: 2, since: [] } });
    expect(await call('GET', `/graphs/${id}`)).toMatchObject({ body: { document: { nodes: { dataset: { params: { validationShare: 0.5 } } } } } });
    expect(await call('GET', `/graphs/${id}?revision=1`)).toMatchObject({ body: { revision: 1, document: { nodes: { dataset: { params: { validationShare: 0.3 } } } } } });
    expect(await call('GET', `/graphs/${id}/history`)).toMatchObject({ body: { total: 2, revisions: [{ by: 'ben', patch }, { by: 'ann' }] } });
  });

  it('are listed by the time of their last change, a part at a time, by name', async () => {
    const ids: string[] = [];
    for (const name of ['Ångström one', 'ångström two', 'Ångström three']) ids.push((await create({ ...shipped, name })).id);
    await edit(ids[0]!, 0.4);
    const search = encodeURIComponent('ÅNGSTRÖM');
    const { body } = await call('GET', `/graphs?name=${search}&limit=2`);
    const { total, graphs } = body as { total: number; graphs: Graph[] };
    expect([total, graphs.map(({ id }) => id)]).toEqual([3, [ids[0], ids[2]]]);
    expect(graphs[0]).toMatchObject({ name: 'Ångström one', revision: 2, modified: ((await call('GET', `/graphs/${ids[0]}`)).body as Graph).modified });
    expect(await call('GET', `/graphs?name=${search}&limit=2&offset=2`)).toMatchObject({ body: { graphs: [{ id: ids[1] }] } });
    expect(await call('GET', '/graphs?name=nothing-of-this-name')).toMatchObject({ body: { total: 0, graphs: [] } });
  });

  it('take edits of different fields made on one revision, and refuse those of the same with all three values', async () => {
    const { id, document } = await create();
    const edits = new Edits(document);
    await call('PATCH', `/graphs/${id}`, { patch: edits.setParam('dataset', 'validationShare', 0.5), revision: 1, by: 'ann' });
    const { status, body } = await call('PATCH', `/graphs/${id}`, { patch: edits.setNode('dataset', 'title', 'Data'), revision: 1, by: 'ben' });
    const { since, revision, document: now } = body as Graph;
    expect([status, revision, since.map((one) => [one.revision, one.by])]).toEqual([200, 3, [[2, 'ann']]]);
    // Who made it applies the others' edits to what they have, and has the same.
    expect(applyPatch(applyPatch(document, since[0]!.patch), edits.setNode('dataset', 'title', 'Data'))).toEqual(now);
    expect(await call('PATCH', `/graphs/${id}`, { patch: edits.setParam('dataset', 'validationShare', 0.4) })).toMatchObject({
      status: 409,
      headers: { 'content-type': expect.stringContaining('application/problem+json') as string },
      body: { code: 'edit-conflict', node: 'dataset', field: 'validationShare', conflicts: [{ before: 0.3, after: 0.4, found: 0.5 }] },
    });
  });

  it('saved whole on an older revision are refused with what both have, unless nothing would be lost', async () => {
    const { id, document } = await create();
    await edit(id, 0.5);
    const mine = { ...document, name: 'Mine' };
    expect(await call('PUT', `/graphs/${id}`, { document: mine, revision: 1 })).toMatchObject({
      status: 409,
      body: { code: 'edit-conflict', node: 'dataset', conflicts: [{ path: ['nodes', 'dataset', 'params', 'validationShare'], before: 0.3, after: 0.3, found: 0.5 }] },
    });
    expect(await call('PUT', `/graphs/${id}`, { document: mine, revision: 99 })).toMatchObject({ status: 404, body: { code: 'no-revision' } });
    await edit(id, 0.3);
    expect(await call('PUT', `/graphs/${id}`, { document: mine, revision: 1, by: 'cid' })).toMatchObject({ status: 200, body: { revision: 4, document: { name: 'Mine' } } });
  });

  it('say their revision in an ETag: unchanged they are not sent again, changed they are not overwritten', async () => {
    const { id } = await create();
    const { headers } = await call('GET', `/graphs/${id}`);
    const tag = headers['etag'] as string;
    expect(tag).toBe(`"${id}-1"`);
    expect(await call('GET', `/graphs/${id}`, undefined, { 'if-none-match': tag })).toMatchObject({ status: 304, bytes: Buffer.alloc(0) });
    expect(await edit(id, 0.5)).toMatchObject({ headers: { etag: `"${id}-2"` } });
    expect(await call('GET', `/graphs/${id}`, undefined, { 'if-none-match': tag })).toMatchObject({ status: 200 });
    const patch = new Edits(shipped).setNode('dataset', 'title', 'Data');
    for (const [method, body] of [['PATCH', { patch }], ['PUT', { document: shipped, revision: 2 }], ['DELETE']] as const) {
      expect(await call(method, `/graphs/${id}`, body, { 'if-match': tag })).toMatchObject({ status: 412, body: { code: 'revision-changed' } });
    }
    expect(await call('POST', `/graphs/${id}/revert`, { revision: 1 }, { 'if-match': tag })).toMatchObject({ status: 412 });
    expect(await call('PATCH', `/graphs/${id}`, { patch }, { 'if-match': `"other", "${id}-2"` })).toMatchObject({ status: 200, body: { revision: 3 } });
    expect(await call('DELETE', `/graphs/${id}`, undefined, { 'if-match': '*' })).toMatchObject({ status: 204 });
  });

  it('give their history a part at a time, from either end', async () => {
    const { id } = await create();
    for (const value of [0.1, 0.2, 0.25, 0.4]) await edit(id, value);
    const revisions = async (query: string): Promise<number[]> => ((await call('GET', `/graphs/${id}/history?${query}`)).body as { revisions: Graph[] }).revisions.map(({ revision }) => revision);
    expect(await revisions('')).toEqual([5, 4, 3, 2, 1]);
    expect(await revisions('limit=2')).toEqual([5, 4]);
    expect(await revisions('limit=2&before=4')).toEqual([3, 2]);
    expect(await revisions('limit=2&after=2')).toEqual([4, 3]);
    expect(await revisions('after=1&before=4')).toEqual([3, 2]);
    expect(await revisions('after=5')).toEqual([]);
  });

  it('go back to what they were, by one more edit', async () => {
    const { id, document } = await create();
    await edit(id, 0.5);
    expect(await call('POST', `/graphs/${id}/revert`, { revision: 1, by: 'ann' })).toMatchObject({ status: 200, body: { revision: 3, document } });
    expect(await call('GET', `/graphs/${id}/history?limit=1`)).toMatchObject({ body: { revisions: [{ by: 'ann', patch: [{ before: 0.5, after: 0.3 }] }] } });
    expect(await call('POST', `/graphs/${id}/revert`, { revision: 9 })).toMatchObject({ status: 404, body: { code: 'no-revision' } });
  });

  it('are duplicated, taken away, listed as removed and restored with their history', async () => {
    const { id } = await create();
    await edit(id, 0.5);
    const { body: copy } = await call('POST', `/graphs/${id}/duplicate`, { name: 'Copy' });
    expect(copy).toMatchObject({ revision: 1, document: { name: 'Copy', nodes: { dataset: { params: { validationShare: 0.5 } } } } });
    expect(await call('DELETE', `/graphs/${id}`)).toMatchObject({ status: 204, bytes: Buffer.alloc(0) });
    expect(await call('GET', `/graphs/${id}`)).toMatchObject({ status: 404, body: { code: 'no-graph' } });
    expect(await call('DELETE', `/graphs/${id}`)).toMatchObject({ status: 404, body: { code: 'no-graph' } });
    const { body } = await call('GET', '/graphs?removed=true');
    expect((body as { graphs: Graph[] }).graphs.map((one) => one.id)).toContain(id);
    expect(await call('POST', `/graphs/${id}/restore`)).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(await call('GET', `/graphs/${id}/history`)).toMatchObject({ body: { total: 2 } });
    expect(await call('POST', `/graphs/${id}/restore`)).toMatchObject({ status: 404, body: { code: 'no-graph' } });
  });

  it('that cannot be read are listed with why, and can be taken away', async () => {
    const { id } = await create();
    writeFileSync(join(home, 'graphs', id, 'graph.json'), '{ "stillroom": 1, ');
    const { graphs } = (await call('GET', '/graphs?limit=500')).body as { graphs: { id: string; problem?: string }[] };
    expect(graphs.at(-1)).toMatchObject({ id, problem: expect.stringContaining('expected') as string });
    expect(await call('DELETE', `/graphs/${id}`)).toMatchObject({ status: 204 });
  });

  it('tell whoever listens of every change', async () => {
    const socket = connect(caller.served.address, { extraHeaders: { authorization: `Bearer ${caller.served.token}` }, transports: ['websocket'] });
    const state = async (topic: string): Promise<unknown> => ((await socket.emitWithAck('subscribe', topic)) as { state: unknown }).state;
    const { id } = await create();
    const { body } = await edit(id, 0.5, { by: 'ben' });
    expect(await state(`graphs/${id}`)).toEqual({ revision: 2, modified: (body as Graph).modified, by: 'ben' });
    const { version } = (await state('graphs')) as { version: number };
    await call('DELETE', `/graphs/${id}`);
    expect(await state(`graphs/${id}`)).toBeNull();
    expect(await state('graphs')).toEqual({ version: version + 1 });
    socket.disconnect();
  });

  it('are refused in words where a request has the wrong form', async () => {
    const { id } = await create();
    expect(await call('PATCH', `/graphs/${id}`, { patch: [{ path: 'name' }] })).toMatchObject({ status: 400, body: { code: 'bad-request', field: 'body › patch › 0 › path' } });
    expect(await call('GET', '/graphs?limit=0')).toMatchObject({ status: 400, body: { field: 'query › limit' } });
    expect(await call('GET', `/graphs/${id}?revision=99`)).toMatchObject({ status: 404, body: { code: 'no-revision' } });
    expect(await call('POST', '/graphs', {})).toMatchObject({ status: 400, body: { title: expect.stringContaining('either a document or a template') as string } });
    expect(await call('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'no-route' } });
  });
});

describe('graphs as files', () => {
  it('that ship are named with what they are, the default first, and begun from', async () => {
    const { templates } = (await call('GET', '/templates')).body as { templates: { id: string; name: string; description?: string; cite?: string; plugin: string | null }[] };
    expect(templates[0]).toEqual({ id: 'dual-model', plugin: null, name: shipped.name, description: shipped.description, cite: shipped.cite });
    expect(templates.map(({ id }) => id)).toEqual(expect.arrayContaining(['shallow', 'deep', 'ae-kd', 'mirror-student']));
    expect(templates.map(({ id }) => id)).not.toContain('schema');
    expect(await call('GET', '/templates/shallow')).toMatchObject({ body: { document: { nodes: read('shallow').nodes } } });
    expect(await call('POST', '/graphs', { template: 'shallow', name: 'My own' })).toMatchObject({ status: 201, body: { document: { name: 'My own', nodes: read('shallow').nodes } } });
    for (const id of ['schema', '..%2Fpackage', '']) expect((await call('GET', `/templates/${id || '%20'}`)).body).toMatchObject({ code: 'no-template' });
  });

  it('go out as the one text of the document, under a name that is safe anywhere, and come in as they were', async () => {
    const { id, document } = await create({ ...shipped, name: '../../Größe "1"\r\nX-Evil: 1 ' });
    const { status, headers, bytes } = await call('GET', `/graphs/${id}/export`);
    expect(status).toBe(200);
    expect(bytes.toString()).toBe(stringifyGraph(document));
    expect(headers).toMatchObject({ 'content-disposition': 'attachment; filename="gro-e-1-x-evil-1.json"', 'content-type': 'application/json; charset=utf-8', etag: `"${id}-1"` });
    expect(headers).not.toHaveProperty('x-evil');
    const { body } = await call('POST', '/graphs/import?by=ann', bytes, { 'content-type': 'application/json' });
    expect(body).toMatchObject({ revision: 1, document, warnings: [] });
    const { id: nameless } = await create({ ...shipped, name: '???' });
    expect((await call('GET', `/graphs/${nameless}/export`)).headers['content-disposition']).toBe('attachment; filename="graph.json"');
  });

  it('of older versions are brought to this one; what that gave rise to is told', async () => {
    const older = structuredClone(shipped);
    // Version 1 of the dataset node had no choice of the split.
    older.nodes['dataset'] = { type: 'data/dataset', version: 1, params: { path: '', validationShare: 0.3 } };
    older.nodes['detection'] = { ...older.nodes['detection']!, version: 99 };
    Object.assign(older.nodes['resize-crop']!, { coment: 'a slip' });
    const { status, body } = await call('POST', '/graphs/import', older);
    expect(status).toBe(201);
    expect(body).toMatchObject({ document: { nodes: { dataset: { version: shipped.nodes['dataset']!.version }, detection: { version: 99 } } } });
    expect((body as Graph).warnings).toEqual([
      expect.objectContaining({ code: 'unknown-field', node: 'resize-crop', hint: 'did you mean "comment"?' }),
      expect.objectContaining({ code: 'node-type-too-new', node: 'detection' }),
    ]);
  });

  it('that are none are refused with the place of what is wrong', async () => {
    const sent = (text: string): Promise<Answered> => call('POST', '/graphs/import', Buffer.from(text), { 'content-type': 'application/json' });
    expect(await sent('{\n  "stillroom": 1,\n  nodes: {}\n}')).toMatchObject({ status: 400, body: { code: 'json-syntax', field: 'line 3, column 3' } });
    expect(await sent('{"stillroom":7}')).toMatchObject({ status: 400, body: { code: 'graph-invalid', title: expect.stringContaining('found 7') as string } });
    const { body } = await sent('{"stillroom":1,"name":"x","edges":[],"nodes":{"a":{"type":"x/y"},"b":{"type":"nonsense","version":1}}}');
    expect(body).toMatchObject({ code: 'graph-invalid', problems: [expect.objectContaining({ node: 'a', field: 'version' }), expect.objectContaining({ node: 'b', field: 'type' })] });
    expect(await call('POST', '/graphs/import', Buffer.from('{}'), { 'content-type': 'text/plain' })).toMatchObject({ status: 400, body: { code: 'json-syntax' } });
  });
});

describe('two graphs', () => {
  const diff = async (from: string, to: string): Promise<never> => (await call('GET', `/diff?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`)).body;

  it('that differ in titles and layout alone compute the same, and the edit between them is told', async () => {
    const { id, document } = await create();
    const patch = [...new Edits(document).setNode('dataset', 'title', 'Data'), { path: ['layout', 'nodes', 'dataset', 'x'], before: document.layout!.nodes!['dataset']!.x, after: 7 }];
    await call('PATCH', `/graphs/${id}`, { patch });
    const { isSameLogic, logic, patch: told } = (await diff(`graphs/${id}@1`, `graphs/${id}`)) as { isSameLogic: boolean; logic: unknown[]; patch: Patch };
    expect([isSameLogic, logic]).toEqual([true, []]);
    const { document: after } = (await call('GET', `/graphs/${id}`)).body as Graph;
    expect(applyPatch(document, told)).toEqual(after);
  });

  it('that compute something else: every parameter, node and edge that differs', async () => {
    const { id } = await create();
    await edit(id, 0.5);
    expect(await diff(`graphs/${id}@1`, `graphs/${id}@2`)).toMatchObject({ isSameLogic: false, logic: [{ what: 'dataset › validationShare', from: '0.3', to: '0.5' }] });
    const { logic } = (await diff('templates/ae-only', 'templates/ae-kd')) as { logic: { what: string; from: string | null }[] };
    expect(logic.length).toBeGreaterThan(0);
  });

  it('one of which a run was made of', async () => {
    await recordRun(join(home, 'runs', 'a-run'), { graph: (graph) => void (graph.nodes['fit-shallow']!.params!['learningRate'] = 0.001) });
    const answer = await caller.until<{ isSameLogic?: boolean }>('/diff?from=templates/shallow&to=runs/a-run', ({ isSameLogic }) => isSameLogic !== undefined);
    expect(answer).toMatchObject({ isSameLogic: false, logic: [{ what: 'fit-shallow › epochs', from: '100', to: '3' }, { what: 'fit-shallow › learningRate', from: '0.005', to: '0.001' }] });
    expect(answer).toMatchObject({ nodes: [{ node: 'fit-shallow', title: 'Fit the shallow student', is: 'changed', details: [{ of: 'parameter', name: 'epochs', from: '100', to: '3' }, { of: 'parameter', name: 'learningRate', from: '0.005', to: '0.001' }] }] });
  });

  it('one of a run has the epochs that the run was asked for, and is another where the graph has more', async () => {
    const own = { overrides: { epochs: null, set: {}, weights: {} } };
    await recordRun(join(home, 'runs', 'as-written'), { manifest: own, graph: (graph) => void (graph.nodes['fit-shallow']!.params!['epochs'] = 3) });
    await recordRun(join(home, 'runs', 'overridden'));
    await recordRun(join(home, 'runs', 'longer'), { manifest: own });
    const told = (from: string, to: string) => caller.until<{ isSameLogic?: boolean }>(`/diff?from=runs/${from}&to=runs/${to}`, ({ isSameLogic }) => isSameLogic !== undefined);
    expect(await told('as-written', 'overridden')).toMatchObject({ logic: [], nodes: [] });
    expect(await told('longer', 'overridden')).toMatchObject({ isSameLogic: false, nodes: [{ node: 'fit-shallow', details: [{ name: 'epochs', from: '100', to: '3' }] }] });
  });

  it.each([
    ['graphs/00000000-0000-4000-8000-000000000000', 'no-graph'],
    ['graphs/..', 'no-graph'],
    ['templates/none', 'no-template'],
    ['runs/none', 'no-run'],
    ['runs/..', 'no-run'],
    ['files/x', 'bad-request'],
    ['runs/a/b', 'bad-request'],
  ])('one of which is not there is told: %s', async (name, code) => {
    expect(await diff(name, 'templates/shallow')).toMatchObject({ code });
  });
});

describe('a check over the API', () => {
  const check = (document: unknown): Promise<Answered> => call('POST', '/check', { document });

  it('gives shapes and costs of what is right', async () => {
    const { body } = await check(shipped);
    const { ok, nodes, edges, total } = body as { ok: boolean; nodes: Record<string, { cost: { parameters: number } }>; edges: { from: string; to: string; text: string; via: string[] }[]; total: { parameters: number } };
    expect(ok).toBe(true);
    expect(nodes['teacher-shallow']).toMatchObject({ type: shipped.nodes['teacher-shallow']!.type, outputs: { layer1: { shape: [56, 56, 64] } } });
    expect(total.parameters).toBe(Object.values(nodes).reduce((sum, { cost }) => sum + cost.parameters, 0));
    expect(edges).toHaveLength(shipped.edges.length);
    const from = shipped.edges.find((edge) => edge.from === 'teacher-shallow.layer1')!;
    expect(edges.find(({ to }) => to === from.to)).toMatchObject({ from: 'teacher-shallow.layer1', type: 'features', shape: [56, 56, 64], stride: 4, text: '56×56×64 /4', via: [] });
  });

  it('gives the place of what is wrong, also of what shows only when a run is planned', async () => {
    const broken = { ...shipped, edges: shipped.edges.filter(({ to }) => to !== 'teacher-shallow.images') };
    expect(await check(broken)).toMatchObject({ body: { ok: false, problems: expect.arrayContaining([expect.objectContaining({ code: 'missing-input', node: 'teacher-shallow' })]) as unknown[] } });
    expect(await check({ stillroom: 1 })).toMatchObject({ status: 400, body: { code: 'graph-invalid' } });
    expect(await check({ stillroom: 1, name: 'empty', nodes: {}, edges: [] })).toMatchObject({ body: { ok: false, problems: [expect.objectContaining({ code: 'no-dataset' })] } });
  });

  it('says at the node that its weights do not reach as deep as what it gives', async () => {
    const { 'teacher-shallow': teacher } = shipped.nodes;
    const deep = { ...shipped, nodes: { ...shipped.nodes, 'teacher-shallow': { ...teacher!, params: { ...teacher!.params, stages: ['layer1', 'layer2', 'layer4'] } } } };
    const message = 'expected weights that cover layer4, found resnet18.starter, which reaches to layer2';
    expect(await check(deep)).toMatchObject({ body: { ok: false, problems: [{ code: 'weights-missing', severity: 'error', node: 'teacher-shallow', message }] } });
  });

  it('shows what flows through the sockets of a sub-graph', async () => {
    const { edges } = (await check(inSubgraph(shipped, 'teacher-shallow'))).body as { edges: { from: string; to: string; text: string; via: string[] }[] };
    const inner = edges.filter(({ via }) => via.length > 0);
    expect(inner).toContainEqual(expect.objectContaining({ to: 'part/teacher-shallow.images', via: ['part.images'] }));
    expect(inner).toContainEqual(expect.objectContaining({ from: 'part/teacher-shallow.layer1', via: ['part.layer1'], text: '56×56×64 /4' }));
  });

  it('refuses what is nested or large beyond what any document needs', async () => {
    const sent = (text: string): Promise<Answered> => call('POST', '/check', Buffer.from(text), { 'content-type': 'application/json' });
    const nested = (depth: number): string => `{"document":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(await sent(nested(62))).toMatchObject({ status: 400, body: { code: 'graph-invalid' } });
    expect(await sent(nested(64))).toMatchObject({ status: 400, body: { code: 'json-too-deep' } });
    expect(await sent(`{"document":"${'x'.repeat(16 * 2 ** 20)}"}`)).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });
});

/** The document with a node put into a sub-graph of its own, as the instance `part`. */
function inSubgraph(document: GraphDocument, id: string): GraphDocument {
  const into = document.edges.filter(({ to }) => to.startsWith(`${id}.`));
  const outOf = document.edges.filter(({ from }) => from.startsWith(`${id}.`));
  const socket = (end: string): string => end.slice(id.length + 1);
  const outputs = [...new Set(outOf.map(({ from }) => socket(from)))];
  const { [id]: moved, ...nodes } = document.nodes;
  return {
    ...document,
    nodes: { ...nodes, part: { type: 'subgraph', of: 'inner' } },
    edges: document.edges.map(({ from, to }) => ({ from: from.startsWith(`${id}.`) ? `part.${socket(from)}` : from, to: to.startsWith(`${id}.`) ? `part.${socket(to)}` : to })),
    subgraphs: {
      inner: {
        inputs: Object.fromEntries(into.map(({ to }) => [socket(to), { type: 'images' }])),
        outputs: Object.fromEntries(outputs.map((name) => [name, { type: 'features' }])),
        nodes: { [id]: moved! },
        edges: [...into.map(({ to }) => ({ from: `$in.${socket(to)}`, to })), ...outputs.map((name) => ({ from: `${id}.${name}`, to: `$out.${name}` }))],
      },
    },
  };
}
