import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { findEngine } from '../../../server/engine/find.ts';
import { changePlugin, fixture, installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, Stillroom } from '../cli/stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from '../cli/tiny.ts';

const root = temporaryFolder();
const hasEngine = findEngine() !== undefined;

function homeWith(name: string, ...plugins: string[]): Stillroom {
  const home = join(root, name);
  installFixtures(home, ...plugins);
  return new Stillroom(home);
}

/** The tiny graph with a node of a plugin before its teacher and student. */
function tintedGraph(file: string, params: Record<string, unknown> = { gain: 0.5 }, version = 2): string {
  return writeTinyGraph(file, (graph) => {
    graph.nodes['tint'] = { type: '@acme/tint/tint', version, params };
    for (const edge of graph.edges) if (edge.from === 'resize-crop.images') edge.from = 'tint.images';
    graph.edges.push({ from: 'resize-crop.images', to: 'tint.images' });
  });
}

describe('commands with plugins', () => {
  it('list the node types of a plugin beside ours', async () => {
    const stillroom = homeWith('listed', 'tint');
    const all = json<{ type: string }[]>(await stillroom.run('nodes', '--json'));
    expect(all.map(({ type }) => type).filter((type) => type.includes('tint'))).toEqual(['@acme/tint/tint', '@acme/tint/copies']);
    expect(all.some(({ type }) => type === 'data/dataset')).toBe(true);
  });

  it('leave out each that cannot be loaded, in its name, and go on with the rest', async () => {
    const broken = ['unreadable', 'wrong-manifest', 'future-api', 'no-entry', 'throws-on-load', 'no-pack', 'no-infer', 'foreign-type', 'same-weights'];
    const stillroom = homeWith('broken', 'tint', ...broken);
    const told = await stillroom.run('check', tintedGraph(join(root, 'broken.json')), '--json');
    expect(told.code).toBe(0);
    expect(json<{ ok: boolean }>(told).ok).toBe(true);
    const lines = problems(told);
    for (const name of broken) expect(lines.filter((line) => line.includes(name)), name).toHaveLength(1);
    const line = (name: string): string => lines.find((one) => one.includes(name))!;
    expect(line('future-api')).toContain('expected a plugin for version 1.0.0 of the plugin API, found that future-api is made for ^2.0.0');
    expect(line('no-entry')).toContain('expected the module that the manifest of no-entry names, found no such file');
    expect(line('throws-on-load')).toContain('expected throws-on-load 1.0.0 to load, found that its code failed: no licence found (this is a defect of throws-on-load: report it to its authors)');
    expect(line('no-pack')).toContain('expected a module that exports "pack" or "packs", found the exports nodes');
    expect(line('no-infer')).toContain('packs › 0 › nodes › 0 › infer: expected a function, found nothing');
    expect(line('foreign-type')).toContain('expected node types of foreign-type to be called "foreign-type/…", found "teacher/better"');
    expect(line('same-weights')).toContain('expected the architecture "resnet18" once, found it in same-weights and in the pack "teachers"');
  });

  it('look at no plugin where the environment says so, and name what the graph then lacks', async () => {
    const home = homeWith('none', 'tint').home;
    const told = await new Stillroom(home, { STILLROOM_PLUGINS: 'none' }).run('check', tintedGraph(join(root, 'none.json')));
    expect(told.code).toBe(1);
    expect(problems(told).join('\n')).toContain('expected a known node type, found "@acme/tint/tint" (install the plugin "@acme/tint")');
  });

  it('load a plugin that is being worked at from its folder', async () => {
    const stillroom = new Stillroom(join(root, 'dev'), { STILLROOM_PLUGIN_DIRS: fixture('tint') });
    expect((await stillroom.run('check', tintedGraph(join(root, 'dev.json')))).code).toBe(0);
  });

  it('use the plugins of the folders that they are told, each as it is now, even where no others are used', async () => {
    const folder = join(root, 'worked-at', 'tint');
    cpSync(fixture('tint'), folder, { recursive: true });
    const stillroom = new Stillroom(join(root, 'told'), { STILLROOM_PLUGINS: 'none' });
    const types = json<{ type: string }[]>(await stillroom.run('nodes', '--plugin', folder, '--plugin', fixture('looks'), '--json')).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['@acme/tint/tint', 'data/dataset']));
    expect((await stillroom.run('check', '--plugin', folder, tintedGraph(join(root, 'told.json')))).code).toBe(0);
    expect((await stillroom.run('check', tintedGraph(join(root, 'told.json')))).code).toBe(1);
  });

  it.skipIf(!hasEngine)('go on with no run of other code of a plugin that is being worked at', async () => {
    const folder = join(root, 'changing', 'tint');
    cpSync(fixture('tint'), folder, { recursive: true });
    const stillroom = new Stillroom(join(root, 'changes'));
    const data = join(root, 'changing-data');
    await writeTinyCategory(data);
    const run = (): ReturnType<Stillroom['run']> => stillroom.run('run', tintedGraph(join(root, 'changing.json')), '--plugin', folder, '--data', data, '--out', join(root, 'changing-run'), '--offline', '--json');
    expect((await run()).code).toBe(0);
    const again = await run();
    expect(again.code).toBe(0);
    const file = join(folder, 'index.js');
    writeFileSync(file, readFileSync(file, 'utf8').replace('tf.mul(inputs.images, gain)', 'tf.mul(inputs.images, gain / 2)'));
    const other = await run();
    expect([other.code, json(other)]).toMatchObject([1, { error: { code: 'run-folder-taken' } }]);
  });

  it('bring parameters of an older version to the present one', async () => {
    const stillroom = homeWith('migrated', 'tint');
    const { nodes } = json<{ nodes: { id: string; version: number; params: object }[] }>(await stillroom.run('check', tintedGraph(join(root, 'old.json'), { factor: 0.25 }, 1), '--json'));
    expect(nodes.find(({ id }) => id === 'tint')).toMatchObject({ version: 2, params: { gain: 0.25 } });
  });

  it.skipIf(!hasEngine)('run a graph with a node of a plugin to the end, and predict with it', async () => {
    const stillroom = homeWith('run', 'tint');
    const [data, out] = [join(root, 'tiny'), join(root, 'runs', 'tinted')];
    await writeTinyCategory(data);
    const graph = tintedGraph(join(root, 'tinted.json'));
    const run = await stillroom.run('run', graph, '--data', data, '--out', out, '--offline', '--json');
    expect(run.err).not.toContain('error');
    expect(run.code).toBe(0);
    const predicted = json<{ images: { scores: Record<string, number> }[] }>(await stillroom.run('predict', out, join(data, 'test', 'good', '0.png'), '--offline', '--json'));
    expect(predicted.images).toHaveLength(1);
    // Half as bright is what the plugin makes of it: at one, the score is another.
    changePlugin(stillroom.home, '@acme/tint', 'index.js', (text) => text.replace('tf.mul(inputs.images, gain)', 'tf.mul(inputs.images, 1)'));
    const other = json<typeof predicted>(await stillroom.run('predict', out, join(data, 'test', 'good', '0.png'), '--offline', '--json'));
    expect(other.images[0]).not.toEqual(predicted.images[0]);
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({ status: 'done' });
  });
});
