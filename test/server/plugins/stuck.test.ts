import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { loadEngine } from '../../../server/engine/load.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { installFixtures } from '../../support/plugins.ts';
import { ask, isOver, serveTrial, untilRun, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { pullGraph } from '../runtime/trial-graphs.ts';

const root = temporaryFolder();
const home = join(root, 'home');
const data = join(root, 'data');
const picture = join(data, 'train', 'good', '000.png');

/** One colour, fitted to images that went through the plugin's node. */
function stuck(how: string) {
  const graph = pullGraph({ epochs: 1, batch: 4 });
  const edges = graph.edges.map((edge) => (edge.from === 'decode.images' ? { ...edge, from: 'plugged.images' } : edge));
  return { ...graph, nodes: { ...graph.nodes, plugged: { type: 'stuck/node', version: 1, params: { how } } }, edges: [...edges, { from: 'decode.images', to: 'plugged.images' }] };
}

describeWith(engineNeed(), 'A node of a plugin that computes', () => {
  let served: Served;
  const preview = (how: string): Promise<Answered> =>
    ask(served, 'POST', '/preview', { document: stuck(how), images: [{ image: { path: picture } }], wanted: [{ node: 'plugged', socket: 'images' }] });
  const plugin = async (): Promise<object> => ((await ask(served, 'GET', '/plugins')).body as { plugins: { name: string }[] }).plugins.find(({ name }) => name === 'stuck')!;
  const again = async (): Promise<void> => expect((await ask(served, 'PATCH', '/plugins/stuck', { enabled: true })).status).toBe(200);

  beforeAll(async () => {
    vi.stubEnv('STILLROOM_ENGINE', (await loadEngine()).library.directory);
    await writeCategory(data, 8);
    installFixtures(home, 'stuck');
    served = await serveTrial({ home, dataRoots: [data], runs: { watchdog: 8 }, interactive: { pluginSeconds: 3 } });
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('and never returns is named in a preview, and its plugin switched off, so that the next look waits for nothing', async () => {
    expect((await preview('well')).status).toBe(200);
    const message = 'expected the code of the node "plugged" (stuck/node) to return within 3 s, found that it did not: stuck is switched off';
    expect(await preview('loop')).toMatchObject({ status: 502, body: { code: 'plugin-timeout', node: 'plugged', title: message } });
    expect(await plugin()).toMatchObject({ name: 'stuck', state: 'off', why: { code: 'plugin-timeout', message } });
    expect((await preview('loop')).body).toMatchObject({ code: 'unknown-node-type', node: 'plugged' });
    await again();
    expect((await preview('well')).status).toBe(200);
  });

  it('and ends the process is named with how that ended', async () => {
    const message = 'expected the code of the node "plugged" (stuck/node) to return, found that it ended the process that computes (exit 7): stuck is switched off';
    expect(await preview('exit')).toMatchObject({ status: 502, body: { code: 'plugin-process-ended', node: 'plugged', title: message } });
    expect(await plugin()).toMatchObject({ state: 'off', why: { code: 'plugin-process-ended', message } });
    await again();
  });

  it('and never returns is named in a run with its plugin, which is switched off', async () => {
    const { body } = await ask(served, 'POST', '/runs', { document: stuck('loop'), data, offline: true });
    const run = await untilRun(served, (body as { id: string }).id, isOver);
    expect(run).toMatchObject({ state: 'failed', problem: { code: 'worker-hung', node: 'plugged', message: expect.stringMatching(/the node "plugged" of the plugin stuck did not return, .*: stuck is switched off$/) as string } });
    expect(await plugin()).toMatchObject({ state: 'off', why: { code: 'plugin-timeout' } });
  });
});
