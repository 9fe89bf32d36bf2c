import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '../../../server/graph/registry.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { toyPack } from '../../support/toy-pack.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from './caller.ts';

const packs = [...builtinPacks, toyPack];
const registry = createRegistry(packs);
let caller: Caller;

beforeAll(async () => void (caller = await Caller.start(join(temporaryFolder(), 'home'), { packs: { packs, module: '' } })));
afterAll(() => caller.served.close());

describe('node types over the API', () => {
  it('are all there, of every pack, with what an editor draws', async () => {
    const { status, body } = await caller.call('GET', '/nodes');
    expect(status).toBe(200);
    const { nodes, categories, socketTypes } = body as { nodes: { type: string }[]; categories: string[]; socketTypes: { type: string }[] };
    expect(nodes.map(({ type }) => type)).toEqual(registry.definitions.map(({ type }) => type));
    expect(categories).toEqual(expect.arrayContaining(['data', 'teachers', 'scoring']));
    expect(socketTypes.map(({ type }) => type).sort()).toEqual(['dataset', 'features', 'images', 'loss', 'map', 'report', 'score', 'weights']);
    expect(socketTypes.find(({ type }) => type === 'map')).toEqual({ type: 'map', title: 'anomaly map', colour: { light: '#b45309', dark: '#f0a860' }, mark: 'diamond', preview: 'map' });
    expect(nodes.find(({ type }) => type === 'features/pool')).toMatchObject({
      version: 1,
      pack: 'distillation',
      inputs: { features: { type: 'features' } },
      params: { window: { default: 2, control: { kind: 'number', integer: true } } },
    });
  });

  it('are given one by one, and one that is none names what was meant', async () => {
    expect(await caller.call('GET', '/nodes?type=teacher/resnet18')).toMatchObject({ status: 200, body: { nodes: [{ type: 'teacher/resnet18', movingSockets: true, cite: expect.stringContaining('He et al.') as string }] } });
    expect(await caller.call('GET', '/nodes?type=teacher/resnet81')).toMatchObject({ status: 404, body: { code: 'no-node-type', hint: 'did you mean "teacher/resnet18"?' } });
    expect(await caller.call('GET', '/nodes?type=__proto__')).toMatchObject({ status: 404 });
  });

  it('say which sockets other parameters give, and what is wrong with these', async () => {
    const { body } = await caller.call('POST', '/nodes/sockets', { type: 'teacher/resnet18', params: { stages: ['layer3'] } });
    expect(Object.keys((body as { outputs: object }).outputs)).toEqual(['layer3']);
    expect(await caller.call('POST', '/nodes/sockets', { type: 'features/pool', params: { window: 'x' } })).toMatchObject({
      body: { inputs: { features: { type: 'features' } }, problems: [{ code: 'invalid-parameter', field: 'window' }] },
    });
  });

  it('come in packs: those of Stillroom, and others', async () => {
    const { body } = await caller.call('GET', '/plugins');
    const { plugins } = body as { plugins: { name: string; builtin: boolean; nodes: string[] }[] };
    expect(plugins.map(({ name }) => name)).toEqual([...builtinPacks, toyPack].map(({ name }) => name));
    expect(plugins[0]).toMatchObject({ name: 'data', builtin: true, version: '1.2.3' });
    expect(plugins.at(-1)).toMatchObject({ builtin: false, nodes: toyPack.nodes.map(({ type }) => type) });
    expect(plugins.at(-1)).not.toHaveProperty('version');
  });
});
