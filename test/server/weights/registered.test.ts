import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pack } from '../../../plugins/teachers/index.ts';
import { teacherWeights } from '../../../plugins/teachers/weights.ts';
import { openWeightsRegistry } from '../../../server/weights/registry.ts';
import { resolveWeights } from '../../../server/weights/resolve.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const home = join(temporaryFolder(), 'home');
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url!);
  response.end('not these weights');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  asked.length = 0;
  vi.stubEnv('STILLROOM_HOME', home);
  for (const name of ['STILLROOM_CACHE', 'STILLROOM_WEIGHTS_MIRROR', 'HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_ENDPOINT']) vi.stubEnv(name, '');
  for (const name of ['HF_HOME', 'TORCH_HOME', 'XDG_CACHE_HOME']) vi.stubEnv(name, join(home, name));
});

/** Published weights: name, file, its first publisher, what is stated of its hash. */
const published = [
  ['resnet18.torchvision', 'resnet18-f37072fd.pth', 'https://download.pytorch.org/models/resnet18-f37072fd.pth', 'f37072fd'],
  ['resnet18.timm-a1', 'resnet18_a1_0-d63eafa0.pth', 'https://github.com/huggingface/', 'd63eafa0'],
  ['efficientnet-b0.torchvision', 'efficientnet_b0_rwightman-7f5810bc.pth', 'https://download.pytorch.org/models/efficientnet_b0_rwightman-7f5810bc.pth', '7f5810bc'],
  ['efficientnet-b0.timm-ra', 'efficientnet_b0_ra-3dd342df.pth', 'https://github.com/huggingface/', '3dd342df'],
  ['efficientnet-b0.timm-ra4', 'timm-efficientnet_b0.ra4_e3600_r224_in1k.safetensors', 'https://huggingface.co/timm/', undefined],
  ['efficientnet-lite0.timm-tf', 'tf_efficientnet_lite0-0aa007d2.pth', 'https://github.com/huggingface/', '0aa007d2'],
] as const;

async function resolve(name: string, offline: boolean) {
  const entry = teacherWeights.find((each) => each.name === name)!;
  return resolveWeights(await openWeightsRegistry([pack]), entry.architecture, name, { offline });
}

describe.each(published)('%s', (name, file, publisher, digits) => {
  it('offline: says which file to put where', async () => {
    const hint = `put ${file}${digits ? ` (${name === 'resnet18.torchvision' ? '44.7 MB, ' : name === 'efficientnet-b0.torchvision' ? '20.5 MB, ' : ''}SHA-256 ${digits}…)` : ''} from ${publisher}`;
    await expect(resolve(name, true)).rejects.toMatchObject({
      code: 'weights-offline',
      hint: expect.stringContaining(hint),
      place: { file: join(home, 'cache', 'weights', file) },
    });
    await expect(resolve(name, true)).rejects.toMatchObject({ hint: expect.stringContaining(`into ${join(home, 'cache', 'weights')}`) });
  });

  it('is asked of a mirror by its file name, and held to what the publisher states', async () => {
    vi.stubEnv('STILLROOM_WEIGHTS_MIRROR', address);
    const outcome = await resolve(name, false).catch((error: unknown) => error);
    expect(asked[0]).toBe(`/${file}`);
    // Without a stated hash the first file is taken for what it is, and read.
    expect(outcome).toMatchObject(digits ? { code: 'weights-hash-mismatch', message: expect.stringContaining(digits) } : { code: 'weights-unknown-format' });
  });

  it("is found in PyTorch's or the hub's cache, and held to it there too", async () => {
    const { source } = teacherWeights.find((each) => each.name === name)!;
    if (source.kind !== 'url') throw new Error('expected a published file');
    const folder = source.hub
      ? join(home, 'HF_HOME', 'hub', `models--${source.hub.repository.replace('/', '--')}`, 'snapshots', '0123')
      : join(home, 'TORCH_HOME', 'hub', 'checkpoints');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, source.hub?.file ?? file), 'not these weights');
    await expect(resolve(name, true)).rejects.toMatchObject({
      code: digits ? 'weights-hash-mismatch' : 'weights-unknown-format',
      place: { file: join(folder, source.hub?.file ?? file) },
    });
  });
});

it('no hash is written that no publisher states', () => {
  for (const { name, source, sha256 } of teacherWeights) {
    if (source.kind !== 'url') continue;
    expect(sha256 === undefined || source.file.includes(sha256), name).toBe(true);
  }
});
