import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import type { Call } from '../conformance/announced.ts';
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

/** How long the kit may take, and one call of a node's code, ms. */
const patience = { kit: 300_000, call: 30_000 };

/**
 * Loads one plugin into a process of its own, whether it is switched on or not, and holds it to the rules of the conformance
 * kit in another. Throws `no-plugin`.
 */
export async function tryPlugin(nameOrFolder: string, home: string, limits: Partial<typeof patience> = {}): Promise<Tried> {
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
    const tried = problem ? { problem } : await checked({ entry, package: is }, { ...patience, ...limits });
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

/** A plugin that ends the process, or goes on for ever, is told of with the node whose code ran. */
async function checked(order: PluginCheckOrder, limits: typeof patience): Promise<Pick<Tried, 'problem' | 'check'>> {
  const { name } = order.entry;
  let now: Call | null = null;
  let late: StillroomError | null = null;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (error: StillroomError): void => {
    late = error;
    errand.cancel();
  };
  const errand = sendOnErrand<PluginCheckOrder, Call | null, PluginCheck>(new URL('../conformance/check-plugin-process.ts', import.meta.url), order, (call) => {
    now = call;
    clearTimeout(timer);
    if (call) timer = setTimeout(() => giveUp(defect(name, 'plugin-timeout', `expected ${placeOf(call)} to return within ${limits.call / 1000} s, found that it did not`, call)), limits.call);
  });
  const whole = setTimeout(() => giveUp(defect(name, 'plugin-timeout', `expected ${name} to be checked within ${limits.kit / 1000} s, found that it was not`, now)), limits.kit);
  try {
    return { problem: null, check: await errand.done };
  } catch (error) {
    return { problem: problemOf(late ?? endedIn(name, error, now), order.entry), check: null };
  } finally {
    clearTimeout(timer);
    clearTimeout(whole);
  }
}

const placeOf = ({ node, call, on }: Call): string => `${call} of "${node}"${on ? ` ${on}` : ''}`;

function endedIn(name: string, error: unknown, call: Call | null): unknown {
  if (!(error instanceof StillroomError) || error.code !== 'process-ended') return error;
  const what = call ? `${placeOf(call)} to return` : `${name} to be checked`;
  const [, said = ''] = /ended: (.*)$/s.exec(error.message) ?? [];
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const how = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'it did not say how';
  return defect(name, 'plugin-process-ended', `expected ${what}, found that it ended the process: ${how}`, call);
}

const defect = (name: string, code: string, message: string, call: Call | null): StillroomError =>
  new StillroomError(code, message, { ...(call ? { node: call.node } : {}), hint: `this is a defect of ${name}: report it to its authors` });

function clashOf(add: () => void, entry: { name: string; folder: string }): Problem | null {
  try {
    add();
    return null;
  } catch (error) {
    return problemOf(error, entry);
  }
}
