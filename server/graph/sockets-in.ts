import type { Sockets, SocketType } from '../../plugins/sdk/index.ts';
import { socketsOf } from './describe-node.ts';
import type { GraphDocument, GraphNode, Port } from './document.ts';
import type { Registry } from './registry.ts';

export interface NodeSockets {
  inputs: Sockets;
  outputs: Sockets;
}

/**
 * What can be wired at each node of a document, inside of its sub-graphs too (`sub-graph/node`): the sockets that its
 * parameters give it. Nodes of unknown types are left out.
 */
export function socketsIn(document: GraphDocument, registry: Registry): Record<string, NodeSockets> {
  const of = (node: GraphNode): NodeSockets | undefined => {
    const subgraph = node.of === undefined ? undefined : document.subgraphs?.[node.of];
    if (subgraph) return { inputs: portsOf(subgraph.inputs), outputs: portsOf(subgraph.outputs) };
    const definition = registry.get(node.type);
    return definition && socketsOf(definition, node.params);
  };
  const found = (nodes: Record<string, GraphNode>, prefix: string): [string, NodeSockets][] =>
    Object.entries(nodes).flatMap(([id, node]) => {
      const sockets = of(node);
      return sockets ? [[`${prefix}${id}`, sockets]] : [];
    });
  const inner = Object.entries(document.subgraphs ?? {}).flatMap(([id, { nodes }]) => found(nodes, `${id}/`));
  return Object.fromEntries([...found(document.nodes, ''), ...inner]);
}

function portsOf(ports: Record<string, Port>): Sockets {
  return Object.fromEntries(Object.entries(ports).map(([name, { type, title }]) => [name, { type: type as SocketType, ...(title === undefined ? {} : { title }) }]));
}
