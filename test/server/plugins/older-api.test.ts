import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import semver from 'semver';
import { afterAll, describe, expect, it } from 'vitest';
import { apiVersion } from '../../../plugins/sdk/index.ts';
import { findEngine } from '../../../server/engine/find.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { adaptPack, olderApis } from '../../../server/plugins/compat/older-api.ts';
import { Plugins } from '../../../server/plugins/plugins.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, Stillroom } from '../cli/stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from '../cli/tiny.ts';

const root = temporaryFolder();
const home = join(root, 'home');
installFixtures(home, 'made-for-0.9');
const stillroom = new Stillroom(home);
const hasEngine = findEngine() !== undefined;
const crop = { resize: [64, 64], crop: [48, 64] };

/** The tiny graph, whose images come through a node of ours or of the old plugin. */
const graphWith = (type: string, version: number): string =>
  writeTinyGraph(join(root, `${type.replace('/', '-')}.json`), ({ nodes }) => {
    nodes['resize-crop'] = { type, version, params: { ...crop } };
  });
const old = graphWith('made-for-0.9/middle', 1);
const today = graphWith('data/resize-crop', 2);

describe('a plugin made for version 0.9 of the API', () => {
  it('is used, and its authors are told what to change', async () => {
    const told = await stillroom.run('check', old, '--json');
    expect([told.code, json<{ ok: boolean }>(told).ok]).toEqual([0, true]);
    expect(problems(told)).toEqual([
      `warning: ${join(home, 'plugins/node_modules/made-for-0.9/package.json')}: expected a plugin for version ${apiVersion} of the plugin API, found that made-for-0.9 is made for ^0.9.0, and adapted it ` +
        `(its authors should change, and then say "api": "^${apiVersion}": \`geometry\` gives { resize, crop }: write { mode: "crop", resize, size: crop })`,
    ]);
  });

  it.skipIf(!hasEngine)('gives in a run what the same node of today gives', async () => {
    await writeTinyCategory(join(root, 'tiny'));
    const run = async (graph: string, out: string): Promise<unknown> => {
      const told = await stillroom.run('run', graph, '--data', join(root, 'tiny'), '--out', join(root, out), '--offline', '--json');
      expect(told.code, told.err).toBe(0);
      return readFileSync(join(root, out, 'tiny', 'scores.csv'), 'utf8');
    };
    expect(await run(old, 'old')).toBe(await run(today, 'today'));
  });

  it('has the geometry of today in a server too', async () => {
    const plugins = await Plugins.open({ home, packs: builtinPacks, module: '', places: { home }, onChange: () => {}, log: pino({ level: 'silent' }) });
    afterAll(() => plugins.close());
    expect(plugins.registry.get('made-for-0.9/middle')!.geometry!(crop as never)).toEqual({ mode: 'crop', resize: [64, 64], size: [48, 64] });
  });
});

describe('packs of older versions of the API', () => {
  it('are adapted by versions that are older than today’s, the newest first', () => {
    const versions = olderApis.map(({ version }) => version);
    for (const version of versions) expect(semver.satisfies(version, `<${apiVersion}`), version).toBe(true);
    expect(versions).toEqual([...versions].sort((a, b) => (semver.satisfies(a, `>${b}`) ? -1 : 1)));
  });

  it('stay as they are where they have today’s form, where they are made for today, and where they are none', () => {
    const letterbox = { mode: 'letterbox', size: [8, 8], fill: 0 };
    const pack = { name: 'x', nodes: [{ type: 'x/a', geometry: () => letterbox }, { type: 'x/b' }, null] };
    const adapted = adaptPack(pack, '0.9.0') as typeof pack;
    expect(adapted.nodes[0]!.geometry!()).toEqual(letterbox);
    expect(adapted.nodes.slice(1)).toEqual(pack.nodes.slice(1));
    expect(adaptPack(pack, undefined)).toBe(pack);
    for (const none of [7, null, {}, { nodes: 3 }]) expect(adaptPack(none, '0.9.0')).toBe(none);
  });
});
