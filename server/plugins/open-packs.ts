import type { Pack, Problem } from '../../plugins/sdk/index.ts';
import { createRegistry, type PluginVersion, type Registry } from '../graph/registry.ts';
import { homeDirectory } from '../home.ts';
import { installedPlugins, usable, usualPlaces } from './installed.ts';
import { loadPlugins, type LoadedPlugin } from './load.ts';
import type { PackSource } from './plugin-entry.ts';

/** The node packs of a process. */
export interface OpenedPacks {
  packs: readonly Pack[];
  registry: Registry;
  /** Of plugins that had to be left out. */
  problems: Problem[];
}

/** The built-in packs as a source, without plugins. */
export const builtinSource: PackSource = { module: new URL('./builtin.ts', import.meta.url).href, plugins: [] };

/** Loads packs into this process: a worker's, or a command's. */
export async function loadPacks({ module, plugins }: PackSource): Promise<OpenedPacks> {
  const { packs } = (await import(module)) as { packs: readonly Pack[] };
  const { loaded, problems } = await loadPlugins(plugins, packs);
  return { ...together(packs, loaded), problems };
}

/** The packs of a command: the built-in ones, and those of the plugins that are there. */
export async function openPacks(home = homeDirectory()): Promise<OpenedPacks> {
  const places = usualPlaces(home);
  const { entries, problems } = usable(places ? await installedPlugins(places) : []);
  const opened = await loadPacks({ ...builtinSource, plugins: entries });
  return { ...opened, problems: [...problems, ...opened.problems] };
}

/** Packs of ours, and after them those of plugins. */
export function together(ours: readonly Pack[], loaded: readonly LoadedPlugin[]): Pick<OpenedPacks, 'packs' | 'registry'> {
  const owners = new Map(loaded.flatMap(({ entry, packs }) => packs.map((pack): [Pack, PluginVersion] => [pack, { name: entry.name, version: entry.version }])));
  const packs = [...ours, ...owners.keys()];
  return { packs, registry: createRegistry(packs, owners) };
}
