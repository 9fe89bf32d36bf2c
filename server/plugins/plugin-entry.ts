import { join } from 'node:path';
import type { PluginPackage } from './manifest.ts';

/** What a process needs to load a plugin. */
export interface PluginEntry {
  name: string;
  version: string;
  folder: string;
  /** Files of the modules that export its packs. */
  modules: readonly string[];
  /** The older version of the plugin API that it is adapted from, where it is made for one. */
  madeFor?: string;
  /** Of one that is being worked at: another one where other code would be loaded. */
  stamp?: string;
}

/** The node packs of a process: those of a module of ours, and the plugins that are loaded beside them. */
export interface PackSource {
  /** Address of a module whose `packs` they are. */
  module: string;
  plugins: readonly PluginEntry[];
}

export function entryOf({ name, version, madeFor, manifest }: PluginPackage, folder: string, stamp?: string): PluginEntry {
  return { name, version, folder, modules: (manifest.packs ?? []).map((path) => join(folder, path)), ...(madeFor === null ? {} : { madeFor }), ...(stamp === undefined ? {} : { stamp }) };
}
