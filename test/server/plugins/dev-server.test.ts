import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import type { PluginsState } from '../../../server/api/plugin-news.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { fixture } from '../../support/plugins.ts';
import { ask, Listener, serveTrial } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';

describeWith(engineNeed(), 'a server with a plugin that is being worked at', () => {
  const root = mkdtempSync(join(temporaryFolder(), 'worked-'));
  const folder = join(root, 'tint');
  const file = join(folder, 'index.js');
  const data = join(root, 'data');
  let served: Served;

  beforeAll(async () => {
    cpSync(fixture('tint'), folder, { recursive: true });
    await writeCategory(join(data, 'bottle'), 3);
    served = await serveTrial({ home: join(root, 'home'), dataRoots: [data], pluginFolders: [folder] });
  });
  afterAll(() => served.close());

  /** What the plugin's node makes of an image, as the process that computes previews says it. */
  async function tinted(): Promise<Float32Array> {
    const document = {
      stillroom: 1,
      name: 'Tinted',
      nodes: { dataset: { type: 'data/dataset', version: 1 }, decode: { type: 'data/resize-crop', version: 2, params: { resize: [8, 8], crop: [8, 8] } }, tint: { type: '@acme/tint/tint', version: 2, params: { gain: 0.25 } } },
      edges: [{ from: 'dataset.dataset', to: 'decode.dataset' }, { from: 'decode.images', to: 'tint.images' }],
    };
    const image = { image: { path: join(data, 'bottle', 'test', 'good', '000.png') } };
    const { status, body } = await ask(served, 'POST', '/preview', { document, images: [image], wanted: [{ node: 'tint', socket: 'images', as: { kind: 'raw' } }] });
    expect(status, JSON.stringify(body)).toBe(200);
    const { url } = (body as { values: { shown: { picture: { url: string } } }[] }).values[0]!.shown.picture;
    const bytes = Buffer.from(await (await fetch(served.address + url, { headers: { authorization: `Bearer ${served.token}` } })).arrayBuffer());
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset + 10 + bytes.readUInt16LE(8), bytes.byteOffset + bytes.length));
  }

  it('tells clients of new code, and computes previews with it though their process is kept warm', async () => {
    const listener = await new Listener(served).connected();
    await listener.socket.emitWithAck('subscribe', 'plugins');
    const before = await tinted();
    expect(Math.max(...before)).toBeGreaterThan(0);
    const told = (): PluginsState[] => listener.states.flatMap(({ topic, state }) => (topic === 'plugins' ? [state as PluginsState] : []));
    const count = told().length;
    writeFileSync(file, readFileSync(file, 'utf8').replace('tf.mul(inputs.images, gain)', 'tf.mul(inputs.images, 2 * gain)'));
    for (let i = 0; i < 400 && told().length === count; i++) await sleep(50);
    expect(told().at(-1)).toMatchObject({ worked: [{ name: '@acme/tint', version: '1.2.0', state: 'on', problem: null }] });
    expect(await tinted()).toEqual(before.map((value) => 2 * value));
    const { changed } = told().at(-1)!;

    writeFileSync(file, `${readFileSync(file, 'utf8')}\nthrow new Error('half done');\n`);
    for (let i = 0; i < 400 && told().at(-1)!.worked[0]!.problem === null; i++) await sleep(50);
    // What can be had is the same as before.
    expect(told().at(-1)).toMatchObject({ changed, worked: [{ state: 'on', problem: { code: 'plugin-load-failed', file: expect.stringMatching(/index\.js:\d+:7$/) as string } }] });
    expect(await tinted()).toEqual(before.map((value) => 2 * value));
    listener.socket.close();
  });
});
