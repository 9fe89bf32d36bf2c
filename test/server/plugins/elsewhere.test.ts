import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Optimiser } from '../../../plugins/sdk/index.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { describePack } from '../../../server/plugins/host/describe-pack.ts';
import { proxyPack } from '../../../server/plugins/host/proxy.ts';
import { GivenNames } from '../../../server/plugins/load.ts';
import { packsOf } from '../../../server/plugins/pack-form.ts';
import { Plugins } from '../../../server/plugins/plugins.ts';
import { installFixtures } from '../../support/plugins.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const entry = { name: 'acme', version: '1.0.0', folder: '/acme', modules: ['/acme/index.js'] };
const code = (): never => {
  throw new Error('code of a plugin ran');
};
const optimiser: Optimiser = { name: 'acme/lion', title: 'Lion', cite: 'Chen et al. 2023', example: { kind: 'acme/lion' }, slots: code, hyper: code, move: code };
const sound = {
  name: 'acme',
  nodes: [],
  layouts: [{ name: 'acme/flat', title: 'Flat', detects: code, read: code }],
  weightReaders: [{ name: 'acme/rows', title: 'Rows', extensions: ['.row'], recognises: code, read: code }],
  optimisers: [optimiser],
  schedules: [{ name: 'acme/steps', title: 'Steps', example: { kind: 'acme/steps' }, rate: code }],
};
const packs = (change: object) => packsOf([{ pack: { ...sound, ...change } }], entry);

describe('layouts, readers, optimisers and schedules of a plugin', () => {
  it('are known to the server by what they say of themselves; none of their code runs there', () => {
    const facts = JSON.parse(JSON.stringify(describePack(packs({})[0]!))) as ReturnType<typeof describePack>;
    const proxy = proxyPack('acme', facts, code);
    expect(proxy.optimisers).toMatchObject([{ name: 'acme/lion', title: 'Lion', cite: 'Chen et al. 2023', example: { kind: 'acme/lion' } }]);
    expect(proxy.weightReaders).toMatchObject([{ name: 'acme/rows', extensions: ['.row'] }]);
    expect(proxy.layouts!.map(({ name, title }) => [name, title])).toEqual([['acme/flat', 'Flat']]);
    expect(proxy.schedules!.map(({ name }) => name)).toEqual(['acme/steps']);
    expect(() => proxy.optimisers![0]!.slots({})).toThrow('slots of "acme/lion" is of a process that has its code');
    expect(() => proxy.layouts![0]!.detects({ name: '', path: '', folders: [], files: [] })).toThrow('detects of "acme/flat" is of a process that has its code');
  });

  it('are found by name, with the version of their plugin, as long as it is used', async () => {
    const home = join(root, 'home');
    installFixtures(home, 'workshop');
    const plugins = await Plugins.open({ home, packs: builtinPacks, module: '', places: { home }, onChange: () => {}, log: pino({ level: 'silent' }) });
    try {
      const { registry } = plugins;
      expect(registry.optimiser('@acme/workshop/lion')).toMatchObject({ title: 'Lion' });
      expect(registry.schedule('@acme/workshop/steps')).toMatchObject({ title: 'Steps' });
      expect(registry.pluginOf('@acme/workshop/lion')).toEqual({ name: '@acme/workshop', version: '2.1.0' });
      expect(registry.pluginOf('adam')).toBeUndefined();
      expect(plugins.layouts()).toMatchObject([{ entry: { name: '@acme/workshop' }, layouts: [{ name: '@acme/workshop/shifts' }] }]);
      await plugins.disable('@acme/workshop');
      expect(registry.optimiser('@acme/workshop/lion')).toBeUndefined();
      expect(registry.optimiser('adam')).toMatchObject({ title: 'Adam' });
      expect(plugins.layouts()).toEqual([]);
    } finally {
      await plugins.close();
    }
  });

  it.each([
    ['an optimiser without a step', { optimisers: [{ ...optimiser, move: undefined }] }, 'packs › 0 › optimisers › 0 › move'],
    ['an optimiser by a kernel that is none', { optimisers: [{ ...optimiser, kernel: 'lion' }] }, 'packs › 0 › optimisers › 0 › kernel'],
    ['an optimiser without settings to try', { optimisers: [{ ...optimiser, example: undefined }] }, 'packs › 0 › optimisers › 0 › example'],
    ['a schedule without a rate', { schedules: [{ ...sound.schedules[0], rate: 0.1 }] }, 'packs › 0 › schedules › 0 › rate'],
    ['a reader without endings', { weightReaders: [{ ...sound.weightReaders[0], extensions: '.row' }] }, 'packs › 0 › weightReaders › 0 › extensions'],
    ['a layout without a title', { layouts: [{ ...sound.layouts[0], title: '' }] }, 'packs › 0 › layouts › 0 › title'],
  ])('are refused with their place where they are not whole: %s', (_, change, place) => {
    expect(() => packs(change)).toThrow(expect.objectContaining({ code: 'plugin-without-pack', message: expect.stringContaining(place) as string }) as Error);
  });

  it('are refused where one name is given twice', () => {
    const twice = { entry, packs: packs({ optimisers: [optimiser, { ...optimiser, title: 'Another' }] }) };
    expect(() => new GivenNames(builtinPacks).add(twice)).toThrow('expected the optimiser "acme/lion" once, found it in acme twice');
    const names = new GivenNames(builtinPacks);
    names.add({ entry, packs: packs({}) });
    expect(() => names.add({ entry: { ...entry, name: 'other' }, packs: packs({ nodes: [] }) })).toThrow('expected the layout "acme/flat" once, found it in other and in acme');
  });

  it.each([
    ['layouts', { layouts: [{ ...sound.layouts[0], name: 'mvtec' }] }],
    ['readers of weights', { weightReaders: [{ ...sound.weightReaders[0], name: 'other/rows' }] }],
    ['optimisers', { optimisers: [{ ...optimiser, name: 'adam' }] }],
    ['schedules', { schedules: [{ ...sound.schedules[0], name: 'acme/deep/steps' }] }],
  ])('are refused under a name that is not theirs: %s', (what, change) => {
    expect(() => packs(change)).toThrow(expect.objectContaining({ code: 'plugin-foreign-type', message: expect.stringContaining(`${what} of acme`) as string }) as Error);
  });
});
