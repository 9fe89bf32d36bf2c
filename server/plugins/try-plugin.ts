import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { PluginCheck, PluginCheckOrder } from '../conformance/check-plugin-process.ts';
import { sendOnErrand } from '../processes/errand.ts';
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
  socketTypes: string[];
  exporters: string[];
  /** What the conformance kit found of its packs, and what is wrong with what its manifest names besides; null where it could not be loaded. */
  check: PluginCheck | null;
}

/** How long the kit may take, ms. */
const patience = 300_000;

/**
 * Loads one plugin into a process of its own, whether it is switched on or not, and holds it to the rules of the conformance
 * kit in another. Throws `no-plugin`.
 */
export async function tryPlugin(nameOrFolder: string, home: string): Promise<Tried> {
  const isFolder = existsSync(resolve(nameOrFolder, 'package.json'));
  const places = isFolder ? { home, dev: [nameOrFolder] } : (usualPlaces(home) ?? { home });
  const found = (await discoverPlugins(places)).find((one) => (isFolder ? one.origin === 'dev' : one.name === nameOrFolder));
  if (!found) throw new StillroomError('no-plugin', `expected the name of a plugin that is here, or its folder, found ${JSON.stringify(nameOrFolder)}`, { hint: '`stillroom plugin list` lists them' });
  const { name, folder, package: is } = found;
  const nothing = { name, version: is?.version ?? null, folder, nodes: [], architectures: [], weights: [], layouts: [], weightReaders: [], optimisers: [], schedules: [], socketTypes: [], exporters: [], check: null };
  if (!is) return { ...nothing, problem: found.problem };
  const host = new PluginHost(() => {});
  try {
    const entry = entryOf(is, folder);
    const [outcome] = await host.load([entry]);
    if ('problem' in outcome!) return { ...nothing, problem: outcome.problem };
    const packs = outcome!.packs.map((facts) => proxyPack(name, facts, (ask) => host.ask(ask)));
    const problem = clashOf(() => new GivenNames(builtinPacks).add({ entry, packs }), entry);
    const tried = problem ? { problem } : await checked({ entry, package: is });
    const names = (items: readonly { name: string }[]): string[] => items.map((one) => one.name);
    return {
      ...nothing,
      ...tried,
      nodes: packs.flatMap(({ nodes }) => nodes.map(({ type }) => type)),
      architectures: packs.flatMap(({ architectures = [] }) => names(architectures)),
      weights: packs.flatMap(({ weights = [] }) => names(weights)),
      layouts: packs.flatMap(({ layouts = [] }) => names(layouts)),
      weightReaders: packs.flatMap(({ weightReaders = [] }) => names(weightReaders)),
      optimisers: packs.flatMap(({ optimisers = [] }) => names(optimisers)),
      schedules: packs.flatMap(({ schedules = [] }) => names(schedules)),
      socketTypes: packs.flatMap(({ socketTypes = [] }) => socketTypes.map(({ type }) => type)),
      exporters: packs.flatMap(({ exporters = [] }) => names(exporters)),
    };
  } finally {
    await host.close();
  }
}

/** A plugin that ends the process, or goes on for ever, is told of as one that cannot be loaded is. */
async function checked(order: PluginCheckOrder): Promise<Pick<Tried, 'problem' | 'check'>> {
  const errand = sendOnErrand<PluginCheckOrder, never, PluginCheck>(new URL('../conformance/check-plugin-process.ts', import.meta.url), order);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    errand.cancel();
  }, patience);
  try {
    return { problem: null, check: await errand.done };
  } catch (error) {
    const { name } = order.entry;
    const late = new StillroomError('plugin-timeout', `expected ${name} to be checked within ${patience / 1000} s, found that it was not`, { hint: `this is a defect of ${name}: report it to its authors` });
    return { problem: problemOf(isLate ? late : error, order.entry), check: null };
  } finally {
    clearTimeout(timer);
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
