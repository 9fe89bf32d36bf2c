import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, Stillroom } from '../cli/stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from '../cli/tiny.ts';

describeWith(engineNeed(), 'a run with a node that leaves tensors behind', () => {
  const root = temporaryFolder();

  it('goes on to its end, and names the node once, and none that does not', async () => {
    const home = join(root, 'home');
    installFixtures(home, 'leaky');
    await writeTinyCategory(join(root, 'tiny'));
    const graph = writeTinyGraph(join(root, 'leaky.json'), ({ nodes, edges }) => {
      nodes['keeps'] = { type: 'leaky/keeps', version: 1 };
      nodes['tidies'] = { type: 'leaky/tidies', version: 1 };
      for (const edge of edges) if (edge.from === 'resize-crop.images') edge.from = 'tidies.images';
      edges.push({ from: 'resize-crop.images', to: 'keeps.images' }, { from: 'keeps.images', to: 'tidies.images' });
    });
    const told = await new Stillroom(home).run('run', graph, '--data', join(root, 'tiny'), '--out', join(root, 'run'), '--offline', '--json');
    expect(told.code, told.err).toBe(0);
    const { manifest } = json<{ manifest: { warnings: object[] } }>(told);
    expect(manifest.warnings).toEqual([expect.objectContaining({ code: 'node-leaks', node: 'keeps', message: 'expected "leaky/keeps" to leave no tensor behind, found 2 more after each call' })]);
    expect(problems(told)).toEqual([expect.stringMatching(/^warning: keeps: expected "leaky\/keeps" to leave no tensor behind/)]);
  });
});
