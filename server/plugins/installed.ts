import { delimiter } from 'node:path';
import type { Problem } from '../../plugins/sdk/index.ts';
import { builtPlaces, stampOf } from './built-files.ts';
import { discoverPlugins, type Found, type Places } from './discover.ts';
import { changedSinceInstalled } from './installed-files.ts';
import { outdatedApi } from './manifest.ts';
import { entryOf, type PluginEntry } from './plugin-entry.ts';
import { readPluginStates, usualState, type PluginState } from './state.ts';

/** A plugin that is there, and whether it is to be used. */
export interface Installed extends Found {
  kept: PluginState;
  /** Null where it is switched off, or cannot be used. */
  entry: PluginEntry | null;
}

/** The plugins of a home, of the folders that are being worked at, and of the project at hand. */
export async function installedPlugins(places: Places): Promise<Installed[]> {
  const states: ReadonlyMap<string, PluginState> = places.home === null ? new Map() : await readPluginStates(places.home);
  const found = await discoverPlugins(places);
  return Promise.all(
    found.map(async (one) => {
      // Whoever works at a plugin wants it.
      const kept = one.origin === 'dev' ? usualState : (states.get(one.name) ?? usualState);
      const problem = one.problem ?? (one.origin === 'home' && kept.enabled ? await changedSinceInstalled(places.home!, one.name) : null);
      const stamp = one.origin === 'dev' && one.package ? await stampOf(builtPlaces(one.folder, one.package.manifest)) : undefined;
      return { ...one, problem, kept, entry: kept.enabled && one.package && !problem ? entryOf(one.package, one.folder, stamp) : null };
    }),
  );
}

/** What is to be loaded, and what of the plugins that are switched on cannot be, or is made for an older version of the API. */
export function usable(installed: readonly Installed[]): { entries: PluginEntry[]; problems: Problem[] } {
  return {
    entries: installed.flatMap(({ entry }) => entry ?? []),
    problems: installed.flatMap(({ problem, kept, entry, package: found, folder }) => (problem && kept.enabled ? [problem] : entry && found ? (outdatedApi(found, folder) ?? []) : [])),
  };
}

/**
 * Where plugins are looked for: the home, the project at hand, and folders of plugins that are being worked at, those that
 * are named and those of `STILLROOM_PLUGIN_DIRS`. `STILLROOM_PLUGINS=none` looks for none but those that are named.
 */
export function usualPlaces(home: string, dev: readonly string[] = []): Places | null {
  if (process.env['STILLROOM_PLUGINS'] === 'none') return dev.length > 0 ? { home: null, dev } : null;
  const named = (process.env['STILLROOM_PLUGIN_DIRS'] ?? '').split(delimiter).filter(Boolean);
  return { home, dev: [...dev, ...named], project: process.cwd() };
}
