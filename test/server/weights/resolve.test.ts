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
import { mustBeObtainable, resolveWeights, type ResolveOptions } from '../../../server/weights/resolve.ts';
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

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url!);
  if (request.url!.endsWith('/gone')) response.writeHead(404).end();
  else response.end(readFileSync(file));
});

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

  it('at their publisher, the first being what later ones must be', async () => {
    await resolve([remote()], 'small.remote');
    rmSync(cached());
    const other = join(folder, 'other.safetensors');
    await writeSafetensors(other, new Map([['a', { shape: [2], data: Float32Array.of(3, 4) }]]));
    mkdirSync(join(home, 'cache', 'weights'), { recursive: true });
    copyFileSync(other, cached());
    await expect(resolve([remote()], 'small.remote')).rejects.toMatchObject({
      code: 'weights-hash-mismatch',
      message: expect.stringContaining(`expected SHA-256 ${sha256} as when it was first used`),
      hint: expect.stringContaining(join(home, 'weights', 'first-seen.json')),
    });
  });

  it('as another file of the same weights, where the first is not to be had', async () => {
    const source = { kind: 'url', urls: [`${url}/gone`], file: 'gone.pth', also: [{ urls: [url], file: 'small-remote.safetensors' }] } as const;
    const { file: found } = await resolve([remote({ source })], 'small.remote');
    expect(found).toBe(cached());
  });

  it('where the user has put them by hand', async () => {
    mkdirSync(join(home, 'cache', 'weights'), { recursive: true });
    copyFileSync(file, cached());
    expect((await resolve([remote({ sha256 })], 'small.remote', { offline: true })).sha256).toBe(sha256);
  });
});

describe('copies that other programs keep', () => {
  const hubFile = (revision: string, base = join(home, 'hf', 'hub')): string => {
    const snapshot = join(base, 'models--org--small', 'snapshots', revision);
    mkdirSync(snapshot, { recursive: true });
    copyFileSync(file, join(snapshot, 'model.safetensors'));
    return join(snapshot, 'model.safetensors');
  };
  const onHub = (): WeightsEntry =>
    remote({
      source: { kind: 'url', urls: [`${url}/none.pth`], file: 'none.pth', also: [{ urls: [url], file: 'x.safetensors', hub: { repository: 'org/small', file: 'model.safetensors' } }] },
    });

  beforeEach(() => {
    for (const name of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HOME', 'TORCH_HOME', 'STILLROOM_WEIGHTS_MIRROR']) vi.stubEnv(name, '');
    vi.stubEnv('XDG_CACHE_HOME', join(home, 'xdg'));
  });

  it.each([
    ['HF_HOME', 'hf', 'hf/hub'],
    ['HF_HUB_CACHE', 'hub', 'hub'],
    ['HUGGINGFACE_HUB_CACHE', 'hub', 'hub'],
    ['XDG_CACHE_HOME', 'xdg', 'xdg/huggingface/hub'],
  ])("are found in Hugging Face's cache by %s", async (variable, named, base) => {
    vi.stubEnv(variable, join(home, named));
    const there = hubFile('0123abcd', join(home, base));
    const { file: found } = await resolve([onHub()], 'small.remote', { offline: true });
    expect(found).toBe(there);
  });

  it('are those of the revision that is current there', async () => {
    vi.stubEnv('HF_HOME', join(home, 'hf'));
    hubFile('aaaa');
    const current = hubFile('bbbb');
    hubFile('cccc');
    mkdirSync(join(home, 'hf', 'hub', 'models--org--small', 'refs'));
    writeFileSync(join(home, 'hf', 'hub', 'models--org--small', 'refs', 'main'), 'bbbb');
    expect((await resolve([onHub()], 'small.remote', { offline: true })).file).toBe(current);
  });

  it("are found in PyTorch's cache, and held to the stated digits", async () => {
    vi.stubEnv('TORCH_HOME', join(home, 'torch'));
    const checkpoints = join(home, 'torch', 'hub', 'checkpoints');
    mkdirSync(checkpoints, { recursive: true });
    copyFileSync(file, join(checkpoints, 'small'));
    const { file: found } = await resolve([remote({ sha256: sha256.slice(0, 8) })], 'small.remote', { offline: true });
    expect(found).toBe(join(checkpoints, 'small'));
    await expect(resolve([remote({ sha256: '0badc0de' })], 'small.remote')).rejects.toMatchObject({ code: 'weights-hash-mismatch' });
  });

  it('are taken from a mirror that is a folder', async () => {
    const folderMirror = join(home, 'mirror');
    mkdirSync(folderMirror, { recursive: true });
    copyFileSync(file, join(folderMirror, 'small-remote.safetensors'));
    vi.stubEnv('STILLROOM_WEIGHTS_MIRROR', folderMirror);
    expect((await resolve([remote()], 'small.remote', { offline: true })).file).toBe(join(folderMirror, 'small-remote.safetensors'));
    vi.stubEnv('STILLROOM_WEIGHTS_MIRROR', pathToFileURL(folderMirror).href);
    expect((await resolve([remote()], 'small.remote', { offline: true })).file).toBe(join(folderMirror, 'small-remote.safetensors'));
  });

  it('are fetched from a mirror that is an address, before their publisher is asked', async () => {
    asked.length = 0;
    vi.stubEnv('STILLROOM_WEIGHTS_MIRROR', `${url}/mirror/`);
    const source = { kind: 'url', urls: ['http://publisher.invalid/small.pth'], file: 'small-remote.safetensors' } as const;
    expect((await resolve([remote({ source })], 'small.remote')).file).toBe(cached());
    expect(asked).toEqual(['/small/mirror/small-remote.safetensors']);
  });

  it("are fetched from the hub's other name", async () => {
    asked.length = 0;
    vi.stubEnv('HF_ENDPOINT', url);
    const source = { kind: 'url', urls: ['https://huggingface.co/org/small/resolve/main/model.safetensors'], file: 'small-remote.safetensors' } as const;
    await resolve([remote({ source })], 'small.remote');
    expect(asked).toEqual(['/small/org/small/resolve/main/model.safetensors']);
  });
});

describe('weights are refused', () => {
  it('whose hashes seen so far cannot be read', async () => {
    mkdirSync(join(home, 'weights'), { recursive: true });
    writeFileSync(join(home, 'weights', 'first-seen.json'), '{"version":1,"files":{"a":"x"}}');
    await expect(resolve([remote()], 'small.remote')).rejects.toMatchObject({
      code: 'weights-registry-corrupt',
      place: { file: join(home, 'weights', 'first-seen.json') },
    });
  });

  it('that nobody gives, saying which file to put where', async () => {
    const source = { kind: 'url', urls: [`${url}/gone`], file: 'small-remote.safetensors', size: '44.7 MB' } as const;
    await expect(resolve([remote({ source, sha256: 'f37072fd' })], 'small.remote')).rejects.toMatchObject({
      code: 'weights-download-failed',
      hint: expect.stringContaining(
        `put small-remote.safetensors (44.7 MB, SHA-256 f37072fd…) from ${url}/gone into ${join(home, 'cache', 'weights')}`,
      ),
    });
  });

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
      hint: `put small-remote.safetensors from ${url} into ${join(home, 'cache', 'weights')}, or run once without --offline`,
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

  it.each(['gone/own.pth', 'own.safetensors'])('of a path where nothing is: %s', async (path) => {
    await expect(resolve([bundled(file)], path)).rejects.toMatchObject({
      code: 'file-not-found',
      place: { file: join(process.cwd(), path) },
    });
  });

  it('that should have been shipped', async () => {
    await expect(resolve([bundled(join(folder, 'gone'))], 'small.bundled')).rejects.toMatchObject({
      code: 'file-not-found',
      place: { file: join(folder, 'gone') },
    });
  });
});

describe('weights are refused before anything is fetched or read', () => {
  const look = async (weights: WeightsEntry[], name: string, offline = false, of = 'small'): Promise<void> => {
    const pack: Pack = { name: 'test', nodes: [], architectures: [architecture('other', 'x', 'y'), architecture('small', 'a', 'b')], weights };
    mustBeObtainable(await openWeightsRegistry([pack]), of, name, { offline });
  };

  it('where they cannot be had', async () => {
    const before = asked.length;
    await expect(look([remote()], 'small.remote', true)).rejects.toMatchObject({ code: 'weights-offline', place: { file: cached() } });
    await expect(look([bundled(join(folder, 'gone'))], 'small.bundled')).rejects.toMatchObject({ code: 'file-not-found', place: { file: join(folder, 'gone') } });
    await expect(look([bundled(file)], 'small.bundled', false, 'other')).rejects.toMatchObject({ code: 'unknown-weights' });
    await expect(look([bundled(file)], join(folder, 'none.pth'))).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(look([bundled(file)], '', false, 'large')).rejects.toMatchObject({ code: 'unknown-architecture' });
    expect(asked).toHaveLength(before);
  });

  it('and not where they may be', async () => {
    const damaged = join(folder, 'damaged.pth');
    writeFileSync(damaged, 'none');
    await look([remote()], 'small.remote');
    await look([bundled(file)], 'small.bundled', true);
    await look([bundled(file)], damaged, true);
    mkdirSync(join(home, 'cache', 'weights'), { recursive: true });
    copyFileSync(file, cached());
    await look([remote()], 'small.remote', true);
  });
});

describe('weights of the user', () => {
  it('are copied, and found again by their name', async () => {
    const own = join(folder, 'own.safetensors');
    copyFileSync(file, own);
    const { entry: added } = await addWeights(await registry(), 'small.own', own);
    expect(added).toMatchObject({ architecture: 'small', sha256, padding: 'same' });
    rmSync(own);
    const { entry, state } = await resolveWeights(await registry(), 'small', 'small.own');
    expect([entry.title, state.size]).toEqual(['SMALL, from own.safetensors', 2]);
  });

  it('may be a folder of arrays', async () => {
    const own = join(folder, 'arrays');
    mkdirSync(own);
    // A `.npy` of version 1 with two float32.
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
    const start = Buffer.from('\x93NUMPY\x01\0', 'latin1');
    const array = Buffer.concat([start, Buffer.of(header.length, 0), Buffer.from(header), Buffer.from(Float32Array.of(1, 2).buffer)]);
    for (const name of ['a', 'b']) writeFileSync(join(own, `${name}.npy`), array);
    const { entry, missing } = await addWeights(await registry(), 'small.arrays', own);
    expect(missing).toEqual([]);
    rmSync(own, { recursive: true });
    const { state, sha256: found } = await resolveWeights(await registry(), 'small', 'small.arrays');
    expect([...state.get('b')!.data]).toEqual([1, 2]);
    expect(found).toBe(entry.sha256);
    writeFileSync(join(home, 'weights', 'small.arrays', 'b.npy'), array.subarray(0, -4));
    await expect(resolveWeights(await registry(), 'small', 'small.arrays')).rejects.toMatchObject({ code: 'weights-hash-mismatch' });
  });

  it('say what of their file was not used and not found', async () => {
    const own = join(folder, 'half.safetensors');
    const tensor = { shape: [2], data: Float32Array.of(1, 2) };
    await writeSafetensors(own, new Map([['a', tensor], ['stray', tensor]]));
    const { missing, unused } = await addWeights(await registry(), 'small.half', own, { architecture: 'small' });
    expect([missing, unused]).toEqual([['b'], ['stray']]);
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
