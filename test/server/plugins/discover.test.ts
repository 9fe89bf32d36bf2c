import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverPlugins } from '../../../server/plugins/discover.ts';
import { installedPlugins } from '../../../server/plugins/installed.ts';
import { changePluginState, keptReason } from '../../../server/plugins/state.ts';
import { fixture, installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();

describe('discoverPlugins', () => {
  it('finds nothing in a home that is not there', async () => {
    expect(await discoverPlugins({ home: join(root, 'nowhere') })).toEqual([]);
  });

  it('finds what is installed, and says of each that cannot be used why', async () => {
    const home = join(root, 'several');
    installFixtures(home, 'tint', 'unreadable', 'wrong-manifest', 'future-api');
    const found = await discoverPlugins({ home });
    expect(found.map(({ name, origin, package: is, problem }) => [name, origin, is?.version ?? null, problem?.code ?? null])).toEqual([
      ['@acme/tint', 'home', '1.2.0', null],
      ['future-api', 'home', null, 'plugin-api-unfit'],
      ['unreadable', 'home', null, 'plugin-manifest-invalid'],
      ['wrong-manifest', 'home', null, 'plugin-manifest-invalid'],
    ]);
    expect(found[3]!.problem!.message).toMatch(/stillroom › api: .*; stillroom › packs › 0: .*; .*permisions/);
  });

  it('says of a package that is named and not there that it is not', async () => {
    const home = join(root, 'gone');
    mkdirSync(join(home, 'plugins'), { recursive: true });
    writeFileSync(join(home, 'plugins', 'package.json'), JSON.stringify({ dependencies: { 'was-here': '1.0.0' } }));
    const [only] = await discoverPlugins({ home });
    expect(only).toMatchObject({ name: 'was-here', package: null, problem: { message: 'expected the package of a plugin, found no package.json' } });
  });

  it('finds packages with the keyword among those of the project at hand, and no others', async () => {
    const project = join(root, 'project');
    mkdirSync(join(project, 'node_modules', 'plain'), { recursive: true });
    mkdirSync(join(project, 'src'), { recursive: true });
    writeFileSync(join(project, 'node_modules', 'plain', 'package.json'), JSON.stringify({ name: 'plain', version: '1.0.0', description: '"stillroom-plugin"' }));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ devDependencies: { plain: '1.0.0', '@acme/tint': '1.2.0', absent: '1.0.0' } }));
    cpSync(fixture('tint'), join(project, 'node_modules', '@acme', 'tint'), { recursive: true });
    const found = await discoverPlugins({ home: join(root, 'nowhere'), project: join(project, 'src') });
    expect(found.map(({ name, origin }) => [name, origin])).toEqual([['@acme/tint', 'project']]);
  });

  it('uses what is being worked at before what is installed, and says so', async () => {
    const home = join(root, 'twice');
    installFixtures(home, 'tint');
    const found = await discoverPlugins({ home, dev: [fixture('tint')] });
    expect(found.map(({ origin, problem }) => [origin, problem?.code ?? null])).toEqual([['dev', null], ['home', 'plugin-duplicate']]);
    expect(found[1]!.problem!.message).toContain(fixture('tint'));
  });
});

describe('installedPlugins', () => {
  it('loads none that is switched off, and keeps why', async () => {
    const home = join(root, 'off');
    installFixtures(home, 'tint', 'misbehaves');
    const reason = keptReason({ code: 'plugin-timeout', severity: 'error', message: 'it never answered' });
    await changePluginState(home, 'misbehaves', { enabled: false, reason });
    const plugins = await installedPlugins({ home });
    expect(plugins.map(({ name, entry, kept }) => [name, entry !== null, kept.reason])).toEqual([['@acme/tint', true, null], ['misbehaves', false, reason]]);
    expect(plugins[0]!.entry).toMatchObject({ version: '1.2.0', modules: [join(home, 'plugins/node_modules/@acme/tint/index.js')] });
    await changePluginState(home, 'misbehaves', { enabled: true, reason: null });
    expect((await installedPlugins({ home })).every(({ entry }) => entry !== null)).toBe(true);
  });
});
