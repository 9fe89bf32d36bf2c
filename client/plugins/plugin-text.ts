import type { Answer } from '../state/answer.ts';

type Listed = Answer<'/api/plugins'>['plugins'][number];
/** A plugin that is here. */
export type Plugin = Extract<Listed, { state: string }>;
/** A pack that comes with Stillroom. */
export type Pack = Exclude<Listed, Plugin>;
/** What is known of a plugin before anything of it is loaded. */
export type PluginFacts = Answer<'/api/plugins/look', 'post'>;

export const isPlugin = (one: Listed): one is Plugin => 'state' in one;

export const stateTexts: Record<Plugin['state'], string> = { on: 'in use', off: 'switched off', failed: 'cannot be used' };
export const originTexts: Record<Plugin['origin'], string> = { dev: 'a folder that is being worked at', home: 'installed', project: 'a package of the project at hand' };

/** What a plugin says that it does beyond computing, a sentence each. */
export function permissionTexts({ network, files, native }: PluginFacts['permissions']): string[] {
  return [...network.map((host) => `speaks with ${host}`), ...files.map((folder) => `reads or writes ${folder}`), ...(native ? ['brings native code'] : [])];
}

type Contents = Pick<Plugin, 'nodes' | 'socketTypes' | 'weights' | 'layouts' | 'weightReaders' | 'optimisers' | 'schedules' | 'exporters' | 'templates' | 'parts'>;
const kinds: readonly (readonly [keyof Contents, one: string, many: string])[] = [
  ['nodes', 'node type', 'node types'],
  ['socketTypes', 'socket type', 'socket types'],
  ['weights', 'file of weights', 'files of weights'],
  ['layouts', 'layout of datasets', 'layouts of datasets'],
  ['weightReaders', 'reader of weights', 'readers of weights'],
  ['optimisers', 'optimiser', 'optimisers'],
  ['schedules', 'schedule', 'schedules'],
  ['exporters', 'exporter', 'exporters'],
  ['templates', 'template', 'templates'],
  ['parts', 'viewer or control', 'viewers and controls'],
];

/** What a plugin brings, by kind; kinds of which there is nothing are left out. */
export function contentsOf(plugin: Contents): { title: string; names: readonly string[] }[] {
  return kinds.flatMap(([kind, one, many]) => {
    const names = plugin[kind];
    return names.length > 0 ? [{ title: `${names.length} ${names.length === 1 ? one : many}`, names }] : [];
  });
}

export const addressOf = (name: string, part = ''): string => `/plugins/${encodeURIComponent(name)}${part}`;
