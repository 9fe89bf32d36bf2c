import type { Layout } from '../../../plugins/sdk/index.ts';
import type { LoadedPlugin } from '../load.ts';
import type { PluginEntry } from '../plugin-entry.ts';

/** A plugin that has layouts of datasets: what a process needs to ask them. */
export interface LayoutSource {
  entry: PluginEntry;
  layouts: readonly Pick<Layout, 'name' | 'title'>[];
}

export function layoutSources(loaded: readonly Pick<LoadedPlugin, 'entry' | 'packs'>[]): LayoutSource[] {
  const sources = loaded.map(({ entry, packs }) => ({ entry, layouts: packs.flatMap(({ layouts = [] }) => layouts).map(({ name, title }) => ({ name, title })) }));
  return sources.filter(({ layouts }) => layouts.length > 0);
}
