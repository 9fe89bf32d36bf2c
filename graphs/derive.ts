import type { Frame, GraphDocument, GraphNode } from '../server/graph/document.ts';
import { parseEnd } from '../server/graph/document.ts';

/** What a derived graph says of itself. */
export interface About {
  name: string;
  description: string;
  cite?: string;
}

/** Sets parameters of nodes; every other one stays. */
export function setting(document: GraphDocument, params: Record<string, Record<string, unknown>>): GraphDocument {
  return mapNodes(document, params, (node, set) => ({ ...node, params: { ...node.params, ...set } }));
}

/** Puts other nodes in the place of nodes; the edges stay. */
export function replacing(document: GraphDocument, by: Record<string, GraphNode>): GraphDocument {
  return mapNodes(document, by, (_, node) => node);
}

/** Leaves out nodes, their edges, and the frames that are then empty. */
export function without(document: GraphDocument, ids: readonly string[]): GraphDocument {
  for (const id of ids) known(document, id);
  const isKept = (id: string): boolean => !ids.includes(id);
  const { nodes: places = {}, frames = [], ...layout } = document.layout ?? {};
  const keptPlaces = filterKeys(places, isKept);
  return {
    ...document,
    nodes: filterKeys(document.nodes, isKept),
    edges: document.edges.filter(({ from, to }) => isKept(parseEnd(from).node) && isKept(parseEnd(to).node)),
    layout: {
      nodes: keptPlaces,
      frames: frames.filter((frame) => Object.values(keptPlaces).some((place) => isInside(frame, place))),
      ...layout,
    },
  };
}

/** Adds nodes at their places, and edges. */
export function adding(
  document: GraphDocument,
  nodes: Record<string, GraphNode & { at: readonly [x: number, y: number] }>,
  edges: Record<string, string>,
): GraphDocument {
  const added = Object.entries(nodes).map(([id, { at: _, ...node }]) => [id, node] as const);
  const places = Object.entries(nodes).map(([id, { at: [x, y] }]) => [id, { x, y }] as const);
  return {
    ...document,
    nodes: { ...document.nodes, ...Object.fromEntries(added) },
    edges: [...document.edges, ...Object.entries(edges).map(([to, from]) => ({ from, to }))],
    layout: { ...document.layout, nodes: { ...document.layout?.nodes, ...Object.fromEntries(places) } },
  };
}

/** What a node takes on the canvas at most, px, and the room that a frame leaves around what is in it. */
const node = { width: 240, height: 140 };
const room = { left: 40, top: 80, right: 40, bottom: 40 };

/** Draws each frame closely around what is in it. */
export function tightened(document: GraphDocument): GraphDocument {
  const { nodes = {}, frames = [], notes = [] } = document.layout ?? {};
  const boxes = [...Object.values(nodes), ...notes].map((box) => ({ ...node, ...box }));
  const around = (frame: Frame): Frame => {
    const inside = boxes.filter((box) => isInside(frame, box));
    const x = Math.min(...inside.map((box) => box.x)) - room.left;
    const y = Math.min(...inside.map((box) => box.y)) - room.top;
    const width = Math.max(...inside.map((box) => box.x + box.width)) + room.right - x;
    const height = Math.max(...inside.map((box) => box.y + box.height)) + room.bottom - y;
    return { ...frame, x, y, width, height };
  };
  return { ...document, layout: { ...document.layout, frames: frames.map(around) } };
}

/** Another name, description and source. `depth`: how many folders below `graphs/` it lies. */
export function about(document: GraphDocument, { cite, ...said }: About, depth = 0): GraphDocument {
  const source = cite ?? document.cite;
  return { ...document, $schema: `${depth ? '../'.repeat(depth) : './'}schema.json`, ...said, ...(source ? { cite: source } : {}) };
}

function mapNodes<T>(
  document: GraphDocument,
  changes: Record<string, T>,
  change: (node: GraphNode, by: T) => GraphNode,
): GraphDocument {
  const changed = Object.entries(changes).map(([id, by]) => [id, change(known(document, id), by)] as const);
  return { ...document, nodes: { ...document.nodes, ...Object.fromEntries(changed) } };
}

function known({ nodes }: GraphDocument, id: string): GraphNode {
  const node = nodes[id];
  if (!node) throw new RangeError(`the graph has no node "${id}"`);
  return node;
}

function filterKeys<T>(record: Record<string, T>, keep: (key: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keep(key)));
}

function isInside({ x, y, width, height }: Frame, place: { x: number; y: number }): boolean {
  return place.x >= x && place.y >= y && place.x < x + width && place.y < y + height;
}
