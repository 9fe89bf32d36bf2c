import { createHash } from 'node:crypto';
import type { Param } from '../../plugins/sdk/index.ts';
import type { PlanNode } from '../compiler/plan.ts';
import { compactJson } from '../graph/canonical.ts';

export const hashOf = (...parts: readonly unknown[]): string => createHash('sha256').update(compactJson(parts)).digest('hex');

/**
 * Of each node a name of what it computes from the images: equal for equal types, parameters and everything before
 * them, whatever nodes are called. `own` adds what else it depends on, such as its weights. Which dataset the images
 * are of is no part of it.
 */
export function contentKeys(nodes: ReadonlyMap<string, PlanNode>, own: (node: PlanNode) => string = () => ''): Map<string, string> {
  const keys = new Map<string, string>();
  for (const node of nodes.values()) {
    const { definition } = node;
    const inputs = Object.entries(node.inputs).map(([socket, ref]) => [socket, keys.get(ref.node)!, ref.socket] as const);
    inputs.sort(([a], [b]) => (a < b ? -1 : 1));
    keys.set(node.id, definition.dataset ? 'dataset' : hashOf(definition.type, definition.version, effective(node), inputs, own(node)));
  }
  return keys;
}

/** Parameters that can change a value. */
export function effective({ definition, params }: PlanNode): Record<string, unknown> {
  const declared = definition.params as Record<string, Param<unknown>>;
  return Object.fromEntries(Object.entries(params).filter(([name]) => !declared[name]?.cosmetic));
}
