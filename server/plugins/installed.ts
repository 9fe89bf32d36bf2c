import { delimiter } from 'node:path';
import type { Problem } from '../../plugins/sdk/index.ts';
import { discoverPlugins, type Found, type Places } from './discover.ts';
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
  const states = await readPluginStates(places.home);
  return (await discoverPlugins(places)).map((found) => {
    const kept = states.get(found.name) ?? usualState;
    // Whoever works at a plugin wants it.
    const isOn = kept.enabled || found.origin === 'dev';
    return { ...found, kept, entry: isOn && found.package && !found.problem ? entryOf(found.package, found.folder) : null };
  });
}

/** What is to be loaded, and what of the plugins that are switched on cannot be. */
export function usable(installed: readonly Installed[]): { entries: PluginEntry[]; problems: Problem[] } {
  return {
    entries: installed.flatMap(({ entry }) => entry ?? []),
    problems: installed.flatMap(({ problem, kept }) => (problem && kept.enabled ? [problem] : [])),
  };
}

/**
 * Where plugins are looked for by the environment: `STILLROOM_PLUGINS=none` looks for none, `STILLROOM_PLUGIN_DIRS` names
 * folders of plugins that are being worked at.
 */
export function usualPlaces(home: string): Places | null {
  if (process.env['STILLROOM_PLUGINS'] === 'none') return null;
  return { home, dev: (process.env['STILLROOM_PLUGIN_DIRS'] ?? '').split(delimiter).filter(Boolean), project: process.cwd() };
}
