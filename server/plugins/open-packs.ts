import type { Pack, Problem } from '../../plugins/sdk/index.ts';
import { createRegistry, type PluginVersion, type Registry } from '../graph/registry.ts';
import type { MoreLayouts } from '../data/more-layouts.ts';
import { homeDirectory } from '../home.ts';
import { absenceOf } from './absence.ts';
import { layoutSources } from './layouts/layout-sources.ts';
import { layoutsOf } from './layouts/read-apart.ts';
import { installedPlugins, type Installed, usable, usualPlaces } from './installed.ts';
import { loadPlugins, type LoadedPlugin } from './load.ts';
import type { PackSource } from './plugin-entry.ts';

/** The node packs of a process. */
export interface OpenedPacks {
  packs: readonly Pack[];
  registry: Registry;
  /** Those of plugins. */
  layouts: MoreLayouts;
  /** Of plugins that had to be left out. */
  problems: Problem[];
}

/** The built-in packs as a source, without plugins. */
export const builtinSource: PackSource = { module: new URL('./builtin.ts', import.meta.url).href, plugins: [] };

/** Loads packs into this process: a worker's, or a command's. `absent` are plugins that are known not to be used, with what to do about it. */
export async function loadPacks({ module, plugins }: PackSource, absent: ReadonlyMap<string, string> = new Map()): Promise<OpenedPacks> {
  const { packs } = (await import(module)) as { packs: readonly Pack[] };
  const { loaded, problems } = await loadPlugins(plugins, packs);
  const leftOut = [...problems].map(([name, problem]): [string, string] => [name, absenceOf(name, 'failed', problem)]);
  return { ...together(packs, loaded, new Map([...absent, ...leftOut])), layouts: layoutsOf(layoutSources(loaded)), problems: [...problems.values()] };
}

/** The packs of a command: the built-in ones, and those of the plugins that are there; `dev` are folders of plugins that are being worked at. */
export async function openPacks(dev: readonly string[] = [], home = homeDirectory()): Promise<OpenedPacks> {
  const places = usualPlaces(home, dev);
  const installed = places ? await installedPlugins(places) : [];
  const { entries, problems } = usable(installed);
  const opened = await loadPacks({ ...builtinSource, plugins: entries }, absentAmong(installed));
  return { ...opened, problems: [...problems, ...opened.problems] };
}

/** Plugins that are not to be loaded, with what to do about it. */
export function absentAmong(installed: readonly Installed[]): Map<string, string> {
  const absent = installed.filter(({ entry, problem }) => !entry && problem?.code !== 'plugin-duplicate');
  return new Map(absent.map(({ name, kept, problem }) => [name, absenceOf(name, kept.enabled ? 'failed' : 'off', problem ?? kept.reason)]));
}

/** Packs of ours, and after them those of plugins. */
export function together(ours: readonly Pack[], loaded: readonly Pick<LoadedPlugin, 'entry' | 'packs'>[], absent?: ReadonlyMap<string, string>): Pick<OpenedPacks, 'packs' | 'registry'> {
  const owners = new Map(loaded.flatMap(({ entry, packs }) => packs.map((pack): [Pack, PluginVersion] => [pack, { name: entry.name, version: entry.version, ...(entry.stamp === undefined ? {} : { stamp: entry.stamp }) }])));
  const packs = [...ours, ...owners.keys()];
  return { packs, registry: createRegistry(packs, { plugins: owners, ...(absent ? { absent } : {}) }) };
}
