import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { builtinPacks } from './builtin.ts';
import { discoverPlugins } from './discover.ts';
import { PluginHost } from './host/plugin-host.ts';
import { proxyPack } from './host/proxy.ts';
import { usualPlaces } from './installed.ts';
import { GivenNames, problemOf } from './load.ts';
import { entryOf } from './plugin-entry.ts';

export interface Tried {
  name: string;
  version: string | null;
  folder: string;
  /** Null where nothing is wrong. */
  problem: Problem | null;
  /** Types. */
  nodes: string[];
  architectures: string[];
  weights: string[];
  layouts: string[];
  weightReaders: string[];
  optimisers: string[];
  schedules: string[];
}

/** Loads one plugin into a process of its own, whether it is switched on or not. Throws `no-plugin`. */
export async function tryPlugin(nameOrFolder: string, home: string): Promise<Tried> {
  const isFolder = existsSync(resolve(nameOrFolder, 'package.json'));
  const places = isFolder ? { home, dev: [nameOrFolder] } : (usualPlaces(home) ?? { home });
  const found = (await discoverPlugins(places)).find((one) => (isFolder ? one.origin === 'dev' : one.name === nameOrFolder));
  if (!found) throw new StillroomError('no-plugin', `expected the name of a plugin that is here, or its folder, found ${JSON.stringify(nameOrFolder)}`, { hint: '`stillroom plugin list` lists them' });
  const { name, folder, package: is } = found;
  const nothing = { name, version: is?.version ?? null, folder, nodes: [], architectures: [], weights: [], layouts: [], weightReaders: [], optimisers: [], schedules: [] };
  if (!is) return { ...nothing, problem: found.problem };
  const host = new PluginHost(() => {});
  try {
    const entry = entryOf(is, folder);
    const [outcome] = await host.load([entry]);
    if ('problem' in outcome!) return { ...nothing, problem: outcome.problem };
    const packs = outcome!.packs.map((facts) => proxyPack(name, facts, (ask) => host.ask(ask)));
    const problem = clashOf(() => new GivenNames(builtinPacks).add({ entry, packs }), entry);
    const names = (items: readonly { name: string }[]): string[] => items.map((one) => one.name);
    return {
      ...nothing,
      problem,
      nodes: packs.flatMap(({ nodes }) => nodes.map(({ type }) => type)),
      architectures: packs.flatMap(({ architectures = [] }) => names(architectures)),
      weights: packs.flatMap(({ weights = [] }) => names(weights)),
      layouts: packs.flatMap(({ layouts = [] }) => names(layouts)),
      weightReaders: packs.flatMap(({ weightReaders = [] }) => names(weightReaders)),
      optimisers: packs.flatMap(({ optimisers = [] }) => names(optimisers)),
      schedules: packs.flatMap(({ schedules = [] }) => names(schedules)),
    };
  } finally {
    await host.close();
  }
}

function clashOf(add: () => void, entry: { name: string; folder: string }): Problem | null {
  try {
    add();
    return null;
  } catch (error) {
    return problemOf(error, entry);
  }
}
