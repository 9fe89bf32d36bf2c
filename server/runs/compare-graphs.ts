import type { Param } from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import { formatEnd } from '../graph/document.ts';
import { compactJson } from '../graph/canonical.ts';
import { expand } from '../graph/expand.ts';
import type { Registry } from '../graph/registry.ts';
import { paramsAsRun } from './params-as-run.ts';

/** What is not the same in all: where, and what each has there; null where it has nothing. */
export interface Difference {
  what: string;
  values: (string | null)[];
}

/**
 * Where graphs compute something else: nodes, their types and parameters (a default counts as given), and edges.
 * Sub-graphs are expanded; titles, comments and layout are no part of it. `epochs` are those that runs of them were asked
 * for in place of the graph's, null where they were asked for none.
 */
export function compareGraphs(documents: readonly (GraphDocument | null)[], registry: Registry, epochs: readonly (number | null)[] = []): Difference[] {
  const known = documents.map((document, i) => (document ? facts(document, registry, epochs[i]) : { nodes: new Map<string, string>(), ofNodes: new Map<string, string>() }));
  const nodes = differing(known.map((one) => one.nodes));
  // What a node has that others lack altogether is told by its absence.
  const ofNodes = differing(known.map((one) => one.ofNodes)).filter(({ what, values }) => {
    const node = what.split(/[ .]/)[0]!;
    const there = values.filter((_, i) => known[i]!.nodes.has(node));
    return there.some((value) => value !== there[0]);
  });
  return [...nodes, ...ofNodes];
}

/** What is not the same in all of several lists of facts. */
export function differing(all: readonly ReadonlyMap<string, string>[]): Difference[] {
  const names = new Set(all.flatMap((one) => [...one.keys()]));
  return [...names]
    .map((what) => ({ what, values: all.map((one) => one.get(what) ?? null) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** Of a graph: the type of each node, and apart from that each node's parameters and where its inputs come from. */
function facts(document: GraphDocument, registry: Registry, epochs: number | null | undefined): Record<'nodes' | 'ofNodes', Map<string, string>> {
  const { nodes, edges } = expand(document);
  const types = new Map<string, string>();
  const known = new Map<string, string>();
  for (const { id, node, muted } of nodes) {
    types.set(id, `${node.type}${muted ? ', muted' : ''}`);
    if (muted) continue;
    const definition = registry.get(node.type);
    const params = paramsAsRun(definition, node.params, epochs);
    const declared = (definition?.params ?? {}) as Record<string, Param<unknown> | undefined>;
    for (const [name, value] of Object.entries(params)) if (!declared[name]?.cosmetic) known.set(`${id} › ${name}`, compactJson(value));
  }
  for (const { from, to } of edges) {
    const input = `${formatEnd(to)} ←`;
    const before = known.get(input);
    known.set(input, before === undefined ? formatEnd(from) : `${before}, ${formatEnd(from)}`);
  }
  return { nodes: types, ofNodes: known };
}
