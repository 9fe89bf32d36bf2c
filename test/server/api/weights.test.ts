import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Pack } from '../../../plugins/sdk/index.ts';
import { enginesDirectory } from '../../../server/engine/location.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { hostileWeights } from '../../fixtures/hostile/make-weights.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Caller } from './caller.ts';

const folder = temporaryFolder();
const [home, elsewhere, shared, cache] = ['home', 'elsewhere', 'shared', 'cache'].map((name) => join(folder, name)) as [string, string, string, string];
const file = join(shared, 'tiny.safetensors');
const engines = enginesDirectory();
const engine = engineNeed();
let caller: Caller;
let publisher: Server;

interface Weights {
  name: string;
  whereabouts: string;
  bytes?: number;
  default: boolean;
  download: { state: string; problem?: object };
}
const list = async (query = ''): Promise<Weights[]> => (await caller.call('GET', `/weights${query}`)).body['weights'] as Weights[];
const named = async (name: string): Promise<Weights> => (await list()).find((one) => one.name === name)!;
const fetched = async (name: string): Promise<Weights> => {
  expect(await caller.call('POST', `/weights/${name}/download`, {})).toMatchObject({ status: 202, body: { state: 'downloading' } });
  await vi.waitUntil(async () => (await named(name)).download.state !== 'downloading', { timeout: 60_000, interval: 50 });
  return named(name);
};

beforeAll(async () => {
  mkdirSync(shared);
  mkdirSync(cache);
  if (engine.met && existsSync(engines)) symlinkSync(engines, join(cache, 'engine'));
  await writeSafetensors(file, new Map([['weight', { shape: [2], data: Float32Array.from([1, 2]) }]]));
  publisher = createServer((request, response) => {
    if (request.url === '/endless.safetensors') return void response.writeHead(200, { 'content-length': 1e9 }).write('x');
    response.end(readFileSync(file));
  });
  await new Promise<void>((done) => publisher.listen(0, '127.0.0.1', done));
  const settings = {
    // What the server was given goes before it.
    STILLROOM_HOME: elsewhere,
    STILLROOM_CACHE: cache,
    STILLROOM_WEIGHTS_MIRROR: '',
    TINY_WEIGHTS: `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`,
    TINY_SHA256: createHash('sha256').update(readFileSync(file)).digest('hex'),
    no_proxy: '127.0.0.1',
    NO_PROXY: '127.0.0.1',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const module = new URL('./weights-packs.ts', import.meta.url);
  const { packs } = (await import(module.href)) as { packs: readonly Pack[] };
  caller = await Caller.start(home, { packs: { packs, module: module.href }, dataRoots: [shared] });
});
afterAll(async () => {
  await caller.served.close();
  publisher.close().closeAllConnections();
  vi.unstubAllEnvs();
});

describe('weights over the API', () => {
  it('are listed with licence, caution and where they are', async () => {
    const all = await list();
    expect(all.find(({ name }) => name === 'resnet18.starter')).toMatchObject({ whereabouts: 'shipped', caution: expect.stringContaining('starter') as string, licence: expect.any(String) as string, bytes: expect.any(Number) as number });
    expect(all.filter((one) => one.default).map(({ name }) => name)).toEqual(expect.arrayContaining(['tiny.good']));
    expect(await list('?architecture=tiny')).toMatchObject([
      { name: 'tiny.good', whereabouts: 'absent', size: '1 kB', default: true, download: { state: 'none' } },
      { name: 'tiny.other', whereabouts: 'absent', caution: 'not to be trusted', default: false },
      { name: 'tiny.endless' },
    ]);
  });

  it('are fetched in the background, and kept', async () => {
    expect(await fetched('tiny.good')).toMatchObject({ whereabouts: 'cached', bytes: readFileSync(file).length, download: { state: 'done' } });
    expect(existsSync(join(cache, 'weights', 'good.safetensors'))).toBe(true);
  });

  it('that are not what their publisher stated are thrown away', async () => {
    expect(await fetched('tiny.other')).toMatchObject({ whereabouts: 'absent', download: { state: 'failed', problem: { code: 'weights-hash-mismatch' } } });
  });

  it('stop being fetched when that is asked for', async () => {
    await caller.call('POST', '/weights/tiny.endless/download', {});
    await vi.waitUntil(async () => 'progress' in (await named('tiny.endless')).download, { timeout: 60_000, interval: 50 });
    expect(await caller.call('DELETE', '/weights/tiny.endless/download')).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await named('tiny.endless')).toMatchObject({ whereabouts: 'absent' });
  });

  it('are added from a path, found to fit, listed and removed', async () => {
    const added = await caller.call('POST', '/weights', { name: 'tiny.mine', path: file });
    expect(added).toMatchObject({ status: 201, body: { name: 'tiny.mine', missing: [], unused: [], problems: [] } });
    expect(await named('tiny.mine')).toMatchObject({ whereabouts: 'added', architecture: 'tiny', licence: 'unknown' });
    expect(await caller.call('POST', '/weights', { name: 'tiny.mine', path: file })).toMatchObject({ status: 409, body: { code: 'weights-name-taken' } });
    expect(await caller.call('DELETE', '/weights/tiny.mine')).toMatchObject({ status: 204 });
    expect(await named('tiny.mine')).toBeUndefined();
    expect(readdirSync(join(home, 'weights')).filter((name) => name !== 'registry.json')).toEqual([]);
    expect(existsSync(file)).toBe(true);
    expect(await caller.call('DELETE', '/weights/resnet18.starter')).toMatchObject({ status: 409, body: { code: 'weights-not-added' } });
  });

  it('are added from what is sent, at once and one after another', async () => {
    const send = (name: string): ReturnType<Caller['call']> => caller.call('POST', `/weights/upload?name=${name}&file=tiny.safetensors`, readFileSync(file), { 'content-type': 'application/octet-stream' });
    expect((await Promise.all(['tiny.a', 'tiny.b'].map(send))).map(({ status }) => status)).toEqual([201, 201]);
    expect((await list('?architecture=tiny')).map(({ name }) => name)).toEqual(expect.arrayContaining(['tiny.a', 'tiny.b']));
  });

  it.skipIf(!engine.met)('are tried on generated images, in a process of its own', async () => {
    const found = await caller.call('POST', '/weights/resnet18.starter/check', {});
    expect(found).toMatchObject({ status: 200, body: { name: 'resnet18.starter', form: 'plain', reaches: 'layer2', problems: [], stages: expect.arrayContaining([expect.objectContaining({ stage: 'layer2', shape: [28, 28, 128] })]) as unknown } });
  });
});

describe('weights that are an attack', () => {
  it.each([
    ['elsewhere', () => '/etc/passwd'],
    ['by ..', () => `${shared}/../home/server/token`],
    ['by a link', () => join(shared, 'link.safetensors')],
    ['a folder with a link in it', () => join(shared, 'arrays')],
  ])('%s are read from nowhere', async (_, path) => {
    if (!existsSync(join(shared, 'arrays'))) {
      mkdirSync(join(shared, 'arrays'));
      symlinkSync(join(home, 'server', 'token'), join(shared, 'arrays', 'weight.npy'));
      symlinkSync(join(home, 'server', 'token'), join(shared, 'link.safetensors'));
    }
    expect(await caller.call('POST', '/weights', { name: 'x', path: path() })).toMatchObject({ status: 403, body: { code: 'outside-roots' } });
  });

  it('with something to run in them run nothing', async () => {
    const unsafe = hostileWeights.filter(({ expectedCode }) => expectedCode === 'weights-unsafe').slice(0, 3);
    expect(unsafe).toHaveLength(3);
    for (const one of unsafe) {
      expect(await caller.call('POST', '/weights', { name: 'x', path: one.write(shared) }), one.name).toMatchObject({ status: 400, body: { code: 'weights-unsafe' } });
    }
  });

  it.each(['../x', '/x', 'a b', '.x', '', 'x/../../y'])('are not added under the name %j', async (name) => {
    expect(await caller.call('POST', '/weights', { name, path: file })).toMatchObject({ status: 400 });
  });

  it.each(['../x.pth', 'a/b.pth', 'x.exe', '', 'x.pth\u0000.safetensors', `${'x'.repeat(300)}.pth`])('are not sent as the file %j', async (name) => {
    const answer = await caller.call('POST', `/weights/upload?name=x&file=${encodeURIComponent(name)}`, readFileSync(file), { 'content-type': 'application/octet-stream' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'unsafe-name' } });
  });

  it('leave nothing behind where they are refused', async () => {
    const answer = await caller.call('POST', '/weights/upload?name=x&file=x.pth', Buffer.from('nothing of that kind'), { 'content-type': 'application/octet-stream' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'weights-unknown-format' } });
    expect(readdirSync(join(home, 'weights')).filter((name) => name.startsWith('.') || name.startsWith('x'))).toEqual([]);
  });

  it.each([
    ...['http://example.com/x.pth', 'https://127.0.0.1/x.pth', 'https://[::1]/x.pth', 'https://169.254.169.254/x.pth', 'https://localhost/x.pth', 'https://a:b@example.com/x.pth', 'file:///etc/passwd'],
  ])('are not fetched from %s', async (url) => {
    expect(await caller.call('POST', '/weights/fetch', { name: 'tiny.far', url, confirm: true })).toMatchObject({ status: 403, body: { code: 'address-refused' } });
  });

  it('are fetched from nowhere that was not confirmed, under no name that is taken', async () => {
    const url = 'https://example.com/x.pth';
    for (const confirm of [undefined, false, 'true', 1]) {
      expect(await caller.call('POST', '/weights/fetch', { name: 'tiny.far', url, confirm })).toMatchObject({ status: 400, body: { field: 'body › confirm' } });
    }
    expect(await caller.call('POST', '/weights/fetch', { name: 'tiny.good', url, confirm: true })).toMatchObject({ status: 409, body: { code: 'weights-name-taken' } });
    expect(await caller.call('POST', '/weights/fetch', { name: 'tiny.far', url: 'https://example.com/x.exe', confirm: true })).toMatchObject({ status: 400, body: { code: 'unsafe-name' } });
  });

  it.each(['nothing', '__proto__', '..%2f..%2fx', '%00'])('and names that are none, as %s, are told as that', async (name) => {
    for (const [method, path] of [['POST', 'download'], ['DELETE', 'download'], ['POST', 'check']] as const) {
      const { status, body } = await caller.call(method, `/weights/${name}/${path}`, method === 'POST' ? {} : undefined);
      expect([404, 503], path).toContain(status);
      expect(['no-weights-registered', 'engine-missing']).toContain((body as { code: string }).code);
    }
    expect(await caller.call('DELETE', `/weights/${name}`)).toMatchObject({ status: 404, body: { code: 'no-weights-registered' } });
  });

  it('a list of added ones that is damaged is told, with the file', async () => {
    const list = join(home, 'weights', 'registry.json');
    const kept = readFileSync(list);
    writeFileSync(list, '{');
    expect(await caller.call('GET', '/weights')).toMatchObject({ status: 500, body: { code: 'weights-registry-corrupt', file: list } });
    writeFileSync(list, kept);
  });

  it('are looked for and kept in the home of the server alone, whatever the environment says', () => {
    expect(existsSync(join(home, 'weights', 'tiny.a.safetensors'))).toBe(true);
    expect(existsSync(elsewhere)).toBe(false);
  });
});
