import { parseEnd, type End, type GraphDocument, type Wiring } from '../../server/graph/document.ts';
import type { NodeSockets } from './edits/leading-past.ts';

/** A node type that no plugin here has. */
export interface MissingType {
  /** The package that it comes from. */
  plugin: string;
  /** What it is called within that. */
  name: string;
  /** Version of the plugin that the document asks for; null where it does not say. */
  wanted: string | null;
}

/** `@acme/nets/wide` is `wide` of the plugin `@acme/nets`. A document says under `requires` which version of a plugin it was saved with. */
export function missingType(type: string, document: GraphDocument): MissingType {
  const slash = type.lastIndexOf('/');
  const plugin = type.slice(0, slash);
  const { requires = {} } = document;
  return { plugin, name: type.slice(slash + 1), wanted: Object.hasOwn(requires, plugin) ? requires[plugin]! : null };
}

/** Plugins that a document needs and that are not here, each with its nodes: those of sub-graphs by the sub-graph’s id. */
export function missingPlugins(document: GraphDocument, isKnown: (type: string) => boolean): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const look = ({ nodes }: Wiring, prefix: string): void => {
    for (const [id, { type, of }] of Object.entries(nodes)) {
      if (of !== undefined || isKnown(type)) continue;
      const { plugin } = missingType(type, document);
      found.set(plugin, [...(found.get(plugin) ?? []), prefix + id]);
    }
  };
  look(document, '');
  for (const [id, subgraph] of Object.entries(document.subgraphs ?? {})) look(subgraph, `${id}: `);
  return found;
}

/** Sockets of a node whose type is not here: those that its wires end at, of the type that the other end has. */
export function socketsByWires(id: string, { edges }: Wiring, typeAt: (end: End, side: 'inputs' | 'outputs') => string | undefined): NodeSockets {
  const found: { inputs: Record<string, { type: string }>; outputs: Record<string, { type: string }> } = { inputs: {}, outputs: {} };
  for (const { from, to } of edges) {
    const [source, target] = [parseEnd(from), parseEnd(to)];
    if (target.node === id) found.inputs[target.socket] = { type: typeAt(source, 'outputs') ?? 'other' };
    if (source.node === id) found.outputs[source.socket] ??= { type: typeAt(target, 'inputs') ?? 'other' };
  }
  return found as NodeSockets;
}
