import { INPUTS, OUTPUTS, parseEnd, SUBGRAPH, type Edge, type GraphNode, type Port, type Subgraph, type Wiring } from '../../../server/graph/document.ts';
import { freeId } from '../../../server/graph/layout-ids.ts';
import { change } from '../../../server/graph/patch.ts';
import { boundsOf, type Point } from '../../canvas/geometry.ts';
import type { EditSequence } from './sequence.ts';

/**
 * Makes a sub-graph of nodes and puts an instance of it in their place; gives the instance's id. Each value that comes
 * in or goes out becomes a port. `typeOf` says what flows from an output.
 */
export function collapse(steps: EditSequence, ids: readonly string[], title: string, place: Point, typeOf: (from: string) => string): string {
  const { wiring } = steps;
  const inside = new Set(ids);
  const isIn = (end: string): boolean => inside.has(parseEnd(end).node);
  const inputs: Record<string, Port> = {};
  const outputs: Record<string, Port> = {};
  const edges: Edge[] = [];
  const outer: Edge[] = [];
  const ports = new Map<string, string>();
  const portOf = (ofSide: Record<string, Port>, from: string, name: string): string => {
    const known = ports.get(from);
    if (known !== undefined) return known;
    const port = freeName(name, ofSide);
    ports.set(from, port);
    ofSide[port] = { type: typeOf(from) };
    return port;
  };
  const name = freeId(idOf(title), (one) => Object.hasOwn(steps.document.subgraphs ?? {}, one));
  const instance = freeId(name, (one) => Object.hasOwn(wiring.nodes, one));
  for (const { from, to } of inOrder(wiring, isIn)) {
    if (isIn(from) && isIn(to)) edges.push({ from, to });
    else if (isIn(to)) {
      const port = portOf(inputs, from, parseEnd(to).socket);
      edges.push({ from: `${INPUTS}.${port}`, to });
      outer.push({ from, to: `${instance}.${port}` });
    } else if (isIn(from)) {
      const port = portOf(outputs, from, parseEnd(from).socket);
      const out = { from, to: `${OUTPUTS}.${port}` };
      if (!edges.some((edge) => edge.to === out.to)) edges.push(out);
      outer.push({ from: `${instance}.${port}`, to });
    }
  }
  const nodes = Object.fromEntries(ids.map((id) => [id, wiring.nodes[id]!]));
  const places = Object.fromEntries(ids.flatMap((id) => (wiring.layout?.nodes?.[id] ? [[id, wiring.layout.nodes[id]]] : [])));
  const subgraph: Subgraph = { title, inputs, outputs, nodes, edges, layout: { nodes: places } };
  steps.take([change(['subgraphs', name], undefined, subgraph)]);
  steps.do((edits) => edits.removeNodes(ids));
  steps.add({ type: SUBGRAPH, of: name, title }, place, instance);
  const seen = new Set<string>();
  for (const edge of outer) {
    if (!seen.has(edge.to)) steps.do((edits) => edits.connect(edge));
    seen.add(edge.to);
  }
  return instance;
}

/** Edges from top to bottom as the nodes inside are drawn, however their list came about: ports are named and drawn in this order. */
function inOrder({ nodes, edges, layout }: Wiring, isIn: (end: string) => boolean): Edge[] {
  const placeOf = (id: string): Point => layout?.nodes?.[id] ?? { x: 0, y: 0 };
  const ids = Object.keys(nodes).sort((a, b) => placeOf(a).y - placeOf(b).y || placeOf(a).x - placeOf(b).x || byName(a, b));
  const rank = new Map(ids.map((id, i) => [id, i]));
  const inside = ({ from, to }: Edge): string => (isIn(to) ? to : from);
  const rankOf = (edge: Edge): number => rank.get(parseEnd(inside(edge)).node) ?? ids.length;
  return [...edges].sort((a, b) => rankOf(a) - rankOf(b) || byName(inside(a), inside(b)) || byName(a.to, b.to));
}

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** Puts the nodes of an instance in its place; gives their ids. The sub-graph goes with its last instance. */
export function dissolve(steps: EditSequence, id: string): string[] {
  const { wiring } = steps;
  const { of = '', params = {} } = wiring.nodes[id]!;
  const subgraph = steps.document.subgraphs?.[of];
  if (!subgraph) return [];
  const into = new Map(wiring.edges.filter(({ to }) => parseEnd(to).node === id).map(({ from, to }) => [parseEnd(to).socket, from]));
  const takers = wiring.edges.filter(({ from }) => parseEnd(from).node === id);
  const corner = wiring.layout?.nodes?.[id] ?? { x: 0, y: 0 };
  const places = subgraph.layout?.nodes ?? {};
  const first = boundsOf(Object.values(places).map(({ x, y }) => ({ x, y, width: 0, height: 0 }))) ?? { x: 0, y: 0 };
  steps.do((edits) => edits.removeNodes([id]));
  const ids = new Map<string, string>();
  for (const [inner, node] of Object.entries(subgraph.nodes)) {
    const at = places[inner] ?? { x: first.x, y: first.y };
    ids.set(inner, steps.add(withOwn(node, inner, params), { ...at, x: corner.x + at.x - first.x, y: corner.y + at.y - first.y }, inner));
  }
  const source = (from: string): string | undefined => {
    const { node, socket } = parseEnd(from);
    return node === INPUTS ? into.get(socket) : `${ids.get(node) ?? node}.${socket}`;
  };
  for (const { from, to } of subgraph.edges) {
    const [start, { node, socket }] = [source(from), parseEnd(to)];
    if (start === undefined) continue;
    const targets = node === OUTPUTS ? takers.filter((edge) => parseEnd(edge.from).socket === socket).map((edge) => edge.to) : [`${ids.get(node) ?? node}.${socket}`];
    for (const target of targets) steps.do((edits) => edits.connect({ from: start, to: target }));
  }
  const wirings = [steps.document, ...Object.entries(steps.document.subgraphs ?? {}).flatMap(([name, one]) => (name === of ? [] : [one]))];
  if (!wirings.some(({ nodes }) => Object.values(nodes).some((node) => node.of === of))) steps.take([change(['subgraphs', of], subgraph, undefined)]);
  return [...ids.values()];
}

/** A node with the values that the instance gives its parameters. */
function withOwn(node: GraphNode, inner: string, params: Record<string, unknown>): GraphNode {
  const own = Object.entries(params).flatMap(([name, value]) => (name.startsWith(`${inner}.`) ? [[name.slice(inner.length + 1), value]] : []));
  return own.length === 0 ? node : { ...node, params: { ...node.params, ...Object.fromEntries(own) } };
}

function freeName(name: string, taken: Record<string, Port>): string {
  let free = name;
  for (let i = 2; Object.hasOwn(taken, free); i++) free = `${name}${i}`;
  return free;
}

const idOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'part';
