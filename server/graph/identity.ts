import type { Param } from '../../plugins/sdk/index.ts';
import { compactJson } from './canonical.ts';
import { formatEnd, type GraphDocument } from './document.ts';
import { expand } from './expand.ts';
import type { FlatNode } from './flat.ts';
import { migrateNode } from './migrate.ts';
import { resolveParams } from './params.ts';
import type { Registry } from './registry.ts';
import { sha256 } from './sha256.ts';

/**
 * What a document computes, and nothing else: nodes by id with their type, version and every parameter that can change
 * a result, defaults filled in, and the edges between them. Sub-graphs are expanded and muted nodes left out. Names,
 * titles, comments, layout and fields that the format does not know are no part of it.
 */
export interface Logic {
  nodes: Record<string, { type: string; version: number; params: Record<string, unknown> }>;
  edges: readonly (readonly [from: string, to: string])[];
}

export function logicOf(document: GraphDocument, registry: Registry): Logic {
  const { nodes, edges } = expand(document);
  const muted = new Set(nodes.filter((node) => node.muted).map(({ id }) => id));
  return {
    nodes: Object.fromEntries(nodes.filter((node) => !node.muted).map((node) => [node.id, nodeLogic(node, registry)])),
    edges: edges
      .filter(({ from, to }) => !muted.has(from.node) && !muted.has(to.node))
      .map(({ from, to }) => [formatEnd(from), formatEnd(to)] as const)
      .sort((a, b) => (a.join() < b.join() ? -1 : 1)),
  };
}

/** The identity of what a document computes: 64 hexadecimal digits, equal for documents of equal logic. */
export function identityOf(document: GraphDocument, registry: Registry): string {
  return sha256(compactJson({ logic: 1, ...logicOf(document, registry) }));
}

function nodeLogic({ node }: FlatNode, registry: Registry): Logic['nodes'][string] {
  const definition = registry.get(node.type);
  const { type, version = 1, params = {} } = definition ? migrateNode(node, definition).node : node;
  // Of a type that is not there, nothing is known but what the document says.
  if (!definition || version !== definition.version) return { type, version, params };
  const { values } = resolveParams(definition, params);
  const declared = definition.params as Record<string, Param<unknown>>;
  const effective = Object.entries(values).filter(([name]) => !declared[name]!.cosmetic);
  return { type, version, params: Object.fromEntries(effective) };
}
