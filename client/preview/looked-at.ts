import { OUTPUTS, parseEnd, type GraphDocument, type Wiring } from '../../server/graph/document.ts';
import type { Check } from '../state/types.ts';

/** What there is to look at behind a socket: the socket that gives it, or why there is nothing. */
export type LookedAt = { at: string } | { why: string };

/**
 * Finds what there is to look at behind a socket of a graph, by what its check says: a value that a node gives, or what
 * flows into one of its inputs; of an output of an instance of a sub-graph, what the node inside gives.
 */
export function lookedAt(at: string, document: GraphDocument, check: Check): LookedAt {
  const inner = insideOf(at, document);
  const { node, socket } = parseEnd(inner);
  if (Object.hasOwn(check.nodes[node]?.outputs ?? {}, socket) || check.edges.some(({ to, via }) => to === inner || via.includes(inner))) {
    const flow = check.nodes[node] ? undefined : check.edges.find(({ via }) => via.includes(inner));
    return { at: flow?.from ?? inner };
  }
  const wiring = holderOf(node, document);
  const id = node.split('/').at(-1)!;
  const placed = wiring && Object.hasOwn(wiring.nodes, id) ? wiring.nodes[id] : undefined;
  if (!wiring || !placed) return { why: 'Its node is not in the graph any more.' };
  const known = check.sockets[wiring === document ? id : `${nameOf(wiring, document)}/${id}`];
  if (known && !Object.hasOwn(known.inputs, socket) && !Object.hasOwn(known.outputs, socket)) return { why: `The node has no socket "${socket}" any more.` };
  return { why: placed.muted ? 'Its node is muted: nothing flows here.' : 'Nothing flows here now: something before it is not wired or has a problem.' };
}

/** Of an output of an instance, the socket inside that gives it. */
function insideOf(at: string, document: GraphDocument): string {
  const { node, socket } = parseEnd(at);
  const of = holderOf(node, document)?.nodes[node.split('/').at(-1)!]?.of;
  const edge = of === undefined ? undefined : document.subgraphs?.[of]?.edges.find(({ to }) => to === `${OUTPUTS}.${socket}`);
  return edge ? insideOf(`${node}/${edge.from}`, document) : at;
}

/** What a node lies in: the document, or the sub-graph that its path leads into. */
function holderOf(node: string, document: GraphDocument): Wiring | undefined {
  let wiring: Wiring | undefined = document;
  for (const instance of node.split('/').slice(0, -1)) wiring = document.subgraphs?.[wiring?.nodes[instance]?.of ?? ''];
  return wiring;
}

const nameOf = (wiring: Wiring, { subgraphs }: GraphDocument): string | undefined => Object.entries(subgraphs ?? {}).find(([, one]) => one === wiring)?.[0];
