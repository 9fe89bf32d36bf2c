import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { loadEngine } from '../../../server/engine/load.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { installFixtures } from '../../support/plugins.ts';
import { ask, serveTrial } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const picture = join(root, 'data', 'grey.png');
const version = (type: string): number => builtinPacks.flatMap(({ nodes }) => nodes).find((node) => node.type === type)!.version;
const document = {
  stillroom: 1,
  name: 'Warm and cold',
  nodes: {
    dataset: { type: 'data/dataset', version: version('data/dataset') },
    decode: { type: 'data/resize-crop', version: version('data/resize-crop'), params: { resize: [16, 16], crop: [16, 16] } },
    warm: { type: '@acme/extras/warm', version: 1 },
    wide: { type: '@acme/extras/warm', version: 1, params: { channels: 'two' } },
    chill: { type: '@acme/extras/chill', version: 1 },
  },
  edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, ...['warm', 'wide', 'chill'].map((id) => ({ from: 'decode.images', to: `${id}.images` }))],
};

interface Value {
  type: string;
  shape: number[];
  shown: { kind: string; range?: { low: number; high: number } };
}

describeWith(engineNeed(), 'Previews of sockets of a type that a plugin brings', () => {
  let served: Served;

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_ENGINE', (await loadEngine()).library.directory);
    mkdirSync(join(root, 'data'), { recursive: true });
    // 51 of 255 is 0.2.
    await sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 51, g: 51, b: 51 } } }).png().toFile(picture);
    installFixtures(home, 'extras');
    served = await serveTrial({ home, dataRoots: [join(root, 'data')] });
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('show it as it says, and by its shape where that does not fit or a viewer of the editor is named', async () => {
    const wanted = [{ node: 'warm', socket: 'heat' }, { node: 'wide', socket: 'heat' }, { node: 'chill', socket: 'cold' }];
    const { status, body } = await ask(served, 'POST', '/preview', { document, images: [{ image: { path: picture } }], wanted });
    expect(status, JSON.stringify(body)).toBe(200);
    const values = (body as { values: Value[] }).values;
    expect(values.map(({ type, shape, shown }) => [type, shape, shown.kind])).toEqual([
      ['@acme/extras/heat', [16, 16, 1], 'map'],
      ['@acme/extras/heat', [16, 16, 2], 'mean'],
      ['@acme/extras/cold', [16, 16, 1], 'map'],
    ]);
    values.forEach(({ shown: { range } }, i) => {
      const value = [0.2, 0.2, 0.8][i]!;
      expect([range!.low, range!.high]).toEqual([expect.closeTo(value, 6), expect.closeTo(value, 6)]);
    });
  });
});
