import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Stillroom } from '../cli/stillroom.ts';
import { Caller } from './caller.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const shared = join(root, 'shared');
const tarball = join(shared, 'acme-tint-1.2.0.tgz');
const path = `/plugins/${encodeURIComponent('@acme/tint')}`;
let caller: Caller;
let integrity = '';

beforeAll(async () => {
  mkdirSync(shared, { recursive: true });
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', shared, fixture('tint')], { stdio: 'pipe' });
  caller = await Caller.start(home, { dataRoots: [shared], pluginLimits: { call: 400 } });
});
afterAll(() => caller.served.close());

interface Told {
  name: string;
  builtin: boolean;
  state?: string;
  why?: { code: string; message: string } | null;
}
const others = async (): Promise<Told[]> => ((await caller.call('GET', '/plugins')).body as { plugins: Told[] }).plugins.filter(({ builtin }) => !builtin);
const knows = async (type: string): Promise<boolean> => (await caller.call('GET', `/nodes?type=${encodeURIComponent(type)}`)).status === 200;

describe('plugins over the API', () => {
  it('are shown before they are added, and nothing of them is there then', async () => {
    const { status, body } = await caller.call('POST', '/plugins/look', { from: tarball });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: '@acme/tint', version: '1.2.0', author: 'A. Author', permissions: { network: ['weights.example.org'], files: [], native: false } });
    integrity = (body as { integrity: string }).integrity;
    expect(integrity).toMatch(/^sha512-/);
    expect(await others()).toEqual([]);
  });

  it('are not added as something else than was shown, nor from elsewhere', async () => {
    expect(await caller.call('POST', '/plugins', { from: tarball, integrity: 'sha512-other' })).toMatchObject({ status: 409, body: { code: 'plugin-not-confirmed' } });
    expect(await caller.call('POST', '/plugins/look', { from: fixture('tint') })).toMatchObject({ status: 403, body: { code: 'outside-roots' } });
    expect(await caller.call('POST', '/plugins/look', { from: '--registry=http://127.0.0.1:1' })).toMatchObject({ status: 403 });
    expect(await others()).toEqual([]);
  });

  it('are added, with what they bring', async () => {
    const { status, body } = await caller.call('POST', '/plugins', { from: tarball, integrity });
    expect([status, body]).toMatchObject([201, { name: '@acme/tint', builtin: false, origin: 'home', state: 'on', why: null, integrity, nodes: ['@acme/tint/tint', '@acme/tint/copies'] }]);
    expect(await others()).toMatchObject([{ name: '@acme/tint', state: 'on' }]);
    expect(await knows('@acme/tint/tint')).toBe(true);
  });

  it('are switched off and on', async () => {
    expect(await caller.call('PATCH', path, { enabled: false })).toMatchObject({ status: 200, body: { state: 'off', why: null, nodes: [] } });
    expect(await knows('@acme/tint/tint')).toBe(false);
    expect(await caller.call('PATCH', path, { enabled: true })).toMatchObject({ status: 200, body: { state: 'on' } });
    expect(await knows('@acme/tint/tint')).toBe(true);
    expect(await caller.call('PATCH', '/plugins/nobody', { enabled: true })).toMatchObject({ status: 404, body: { code: 'no-plugin' } });
  });

  it('are noticed when the command line adds and removes them; one that is switched off by itself says why', async () => {
    const stillroom = new Stillroom(home);
    expect((await stillroom.run('plugin', 'add', fixture('misbehaves'), '--yes')).code).toBe(0);
    await caller.until<{ plugins: Told[] }>('/plugins', ({ plugins }) => plugins.some(({ name, state }) => name === 'misbehaves' && state === 'on'));
    const document = {
      stillroom: 1,
      name: 'Bad',
      nodes: { dataset: { type: 'data/dataset', version: 1 }, decode: { type: 'data/resize-crop', version: 1 }, bad: { type: 'misbehaves/node', version: 1, params: { how: 'loop' } } },
      edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, { from: 'decode.images', to: 'bad.images' }],
    };
    expect(await caller.call('POST', '/check', { document })).toMatchObject({ status: 200, body: { ok: false, problems: expect.arrayContaining([expect.objectContaining({ node: 'bad', code: 'plugin-timeout' })]) as object[] } });
    const { plugins } = await caller.until<{ plugins: Told[] }>('/plugins', (told) => told.plugins.some(({ name, state }) => name === 'misbehaves' && state === 'off'));
    expect(plugins.find(({ name }) => name === 'misbehaves')!.why).toMatchObject({ code: 'plugin-timeout', message: 'expected infer of "misbehaves/node" to return within 0.4 s, found that it did not: misbehaves is switched off' });
    expect((await stillroom.run('plugin', 'remove', 'misbehaves')).code).toBe(0);
    await caller.until<{ plugins: Told[] }>('/plugins', (told) => !told.plugins.some(({ name }) => name === 'misbehaves'));
  });

  it('are removed', async () => {
    expect((await caller.call('DELETE', path)).status).toBe(204);
    expect(await others()).toEqual([]);
    expect(await knows('@acme/tint/tint')).toBe(false);
    expect(await caller.call('DELETE', path)).toMatchObject({ status: 404, body: { code: 'no-plugin' } });
  });
});
