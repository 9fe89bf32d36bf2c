import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Architecture, Pack, WeightsEntry, WeightSpec } from '../../../plugins/sdk/index.ts';
import { addWeights } from '../../../server/weights/add.ts';
import { openWeightsRegistry } from '../../../server/weights/registry.ts';
import { resolveWeights, type ResolveOptions } from '../../../server/weights/resolve.ts';
import { writeSafetensors } from '../../../server/weights/safetensors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'home');
const file = join(folder, 'small.safetensors');
let sha256: string;
let url: string;

const spec = (name: string): WeightSpec => ({ name, shape: [2], layout: 'plain', role: 'frozen', init: { kind: 'zeros' } });
const architecture = (name: string, ...names: string[]): Architecture => ({
  name,
  title: name.toUpperCase(),
  keyMaps: [{ name: 'own', rules: [] }],
  weights: () => names.map(spec),
});

const facts = {
  architecture: 'small',
  title: 'Small',
  publisher: 'test',
  licence: 'CC0-1.0',
  normalisation: { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] },
  padding: 'same',
} as const;

const bundled = (path: string, extra: Partial<WeightsEntry> = {}): WeightsEntry => ({
  ...facts,
  name: 'small.bundled',
  source: { kind: 'bundled', url: pathToFileURL(path) },
  ...extra,
});
const remote = (extra: Partial<WeightsEntry> = {}): WeightsEntry => ({
  ...facts,
  name: 'small.remote',
  source: { kind: 'url', urls: [url], file: 'small-remote.safetensors' },
  ...extra,
});
const cached = (): string => join(home, 'cache', 'weights', 'small-remote.safetensors');

async function resolve(weights: WeightsEntry[], name: string, options: ResolveOptions = {}, of = 'small') {
  const architectures = [architecture('other', 'x', 'y'), architecture('small', 'a', 'b')];
  const pack: Pack = { name: 'test', nodes: [], architectures, weights };
  return resolveWeights(await openWeightsRegistry([pack]), of, name, options);
}

async function registry() {
  const architectures = [architecture('other', 'x', 'y'), architecture('small', 'a', 'b')];
  return openWeightsRegistry([{ name: 'test', nodes: [], architectures, weights: [bundled(file)] }]);
}

const server = createServer((_, response) => response.end(readFileSync(file)));

beforeAll(async () => {
  const tensor = { shape: [2], data: Float32Array.of(1, 2) };
  await writeSafetensors(file, new Map([['a', tensor], ['b', tensor]]));
  sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/small`;
});
afterAll(() => void server.close());
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  vi.stubEnv('STILLROOM_HOME', home);
  vi.stubEnv('STILLROOM_CACHE', '');
});

describe('weights are found', () => {
  it('by name, shipped with a pack', async () => {
    const { entry, sha256: found, state } = await resolve([bundled(file)], 'small.bundled');
    expect([entry.name, found, [...state.keys()]]).toEqual(['small.bundled', sha256, ['a', 'b']]);
  });

  it('by default: the first that is there', async () => {
    const missing = bundled(join(folder, 'not-made-yet'), { name: 'small.starter' });
    expect((await resolve([missing, bundled(file)], '')).entry.name).toBe('small.bundled');
  });

  it('by path, with the input of the default weights', async () => {
    const { entry, file: found } = await resolve([bundled(file)], file);
    expect(found).toBe(file);
    expect(entry).toMatchObject({ normalisation: facts.normalisation, padding: 'same', licence: 'unknown' });
  });

  it('at their publisher, once', async () => {
    const steps: string[] = [];
    const onProgress: ResolveOptions['onProgress'] = ({ stage }) => steps.push(stage);
    const first = await resolve([remote({ sha256: sha256.slice(0, 8) })], 'small.remote', { onProgress });
    expect(first).toMatchObject({ file: cached(), sha256 });
    expect(steps).toContain('download');
    steps.length = 0;
    await resolve([remote({ sha256: sha256.slice(0, 8) })], 'small.remote', { onProgress, offline: true });
    expect(steps).toEqual([]);
  });

  it('where the user has put them by hand', async () => {
    mkdirSync(join(home, 'cache', 'weights'), { recursive: true });
    copyFileSync(file, cached());
    expect((await resolve([remote({ sha256 })], 'small.remote', { offline: true })).sha256).toBe(sha256);
  });
});

describe('weights are refused', () => {
  it('that are not what the publisher states, keeping nothing of them', async () => {
    await expect(resolve([remote({ sha256: '0badc0de' })], 'small.remote')).rejects.toMatchObject({
      code: 'weights-hash-mismatch',
      message: `expected SHA-256 that begins with 0badc0de, found ${sha256}`,
    });
    expect(existsSync(cached())).toBe(false);
  });

  it('that have changed since they were first fetched', async () => {
    await resolve([remote()], 'small.remote');
    writeFileSync(cached(), 'changed');
    await expect(resolve([remote()], 'small.remote')).rejects.toMatchObject({
      code: 'weights-hash-mismatch',
      place: { file: cached() },
    });
  });

  it('offline, saying which file to put where', async () => {
    await expect(resolve([remote()], 'small.remote', { offline: true })).rejects.toMatchObject({
      code: 'weights-offline',
      place: { file: cached() },
      hint: `put ${url} there, or run once without --offline`,
    });
  });

  it('of another architecture', async () => {
    await expect(resolve([bundled(file)], 'small.bundled', {}, 'other')).rejects.toMatchObject({
      code: 'unknown-weights',
      message: 'expected weights of OTHER, found "small.bundled" of small',
    });
  });

  it.each([
    ['small', 'smal.bundled', 'unknown-weights', 'name one of small.bundled'],
    ['other', '', 'unknown-weights', 'name a file of them: --weights other=FILE'],
    ['large', '', 'unknown-architecture', 'name one of other, small'],
  ])('of names that nobody knows: %s=%s', async (of, name, code, hint) => {
    await expect(resolve([bundled(file)], name, {}, of)).rejects.toMatchObject({ code, hint });
  });

  it('that should have been shipped', async () => {
    await expect(resolve([bundled(join(folder, 'gone'))], 'small.bundled')).rejects.toMatchObject({
      code: 'file-not-found',
      place: { file: join(folder, 'gone') },
    });
  });
});

describe('weights of the user', () => {
  it('are copied, and found again by their name', async () => {
    const own = join(folder, 'own.safetensors');
    copyFileSync(file, own);
    const added = await addWeights(await registry(), 'small.own', own);
    expect(added).toMatchObject({ architecture: 'small', sha256, padding: 'same' });
    rmSync(own);
    const { entry, state } = await resolveWeights(await registry(), 'small', 'small.own');
    expect([entry.title, state.size]).toEqual(['SMALL, from own.safetensors', 2]);
  });

  it('are not added under a name that is taken or none', async () => {
    await expect(addWeights(await registry(), 'small.bundled', file)).rejects.toMatchObject({ code: 'weights-name-taken' });
    await expect(addWeights(await registry(), '../escape', file)).rejects.toMatchObject({ code: 'weights-bad-name' });
    expect(existsSync(home)).toBe(false);
  });

  it('are not added as weights of what they are not', async () => {
    await expect(addWeights(await registry(), 'mine', file, { architecture: 'other' })).rejects.toMatchObject({
      code: 'weights-wrong-architecture',
      place: { file },
    });
    const strange = join(folder, 'strange.safetensors');
    await writeSafetensors(strange, new Map([['q', { shape: [1], data: Float32Array.of(0) }]]));
    await expect(addWeights(await registry(), 'mine', strange)).rejects.toMatchObject({
      code: 'weights-wrong-architecture',
      message: 'expected weights of other, small, found others',
    });
  });

  it('are lost to none when their list is damaged', async () => {
    const list = join(home, 'weights', 'registry.json');
    mkdirSync(join(home, 'weights'), { recursive: true });
    for (const text of ['{"version": 1, "weights": [{"name": "x"}]}', '{']) {
      writeFileSync(list, text);
      await expect(registry()).rejects.toMatchObject({ code: 'weights-registry-corrupt', place: { file: list } });
      expect(readFileSync(list, 'utf8')).toBe(text);
    }
  });
});
