import { pluginNamed } from '../graph/registry.ts';
import type { PluginNode } from './host/faults.ts';
import type { PackSource } from './plugin-entry.ts';

/** Whose code a node of this type runs, where it is a plugin's; null of the built-in packs. */
export function pluginNodeOf(node: string, type: string | null, { plugins }: Pick<PackSource, 'plugins'>): PluginNode | null {
  if (type === null) return null;
  const plugin = pluginNamed(type);
  return plugins.some(({ name }) => name === plugin) ? { plugin, node, type } : null;
}
