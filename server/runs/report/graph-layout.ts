import { Graph, layout } from '@dagrejs/dagre';
import { parseEnd, type GraphDocument, type Wiring } from '../../graph/document.ts';

/** Size of a node as it is drawn, px. */
export const nodeSize = { width: 152, height: 44 } as const;

export interface Place {
  x: number;
  y: number;
}

export interface Arranged {
  /** Upper left corner of each node. */
  nodes: Map<string, Place>;
  frames: { title: string; x: number; y: number; width: number; height: number }[];
}

/** The editor's cards are larger than what is drawn here: its canvas is pressed together, px by px. */
const press = { x: 0.61, y: 0.44 } as const;

/** Where each node of a document is drawn: where its author put it, or in layers from left to right. */
export function arrange(document: GraphDocument): Arranged {
  const places = document.layout?.nodes ?? {};
  const ids = Object.keys(document.nodes);
  if (ids.some((id) => !Object.hasOwn(places, id)) || ids.length === 0) return { nodes: inLayers(document), frames: [] };
  const nodes = new Map(ids.map((id) => [id, { x: places[id]!.x * press.x, y: places[id]!.y * press.y }]));
  if (overlaps([...nodes.values()])) return { nodes: inLayers(document), frames: [] };
  const frames = (document.layout?.frames ?? []).map(({ title, x, y, width, height }) => ({
    title,
    x: x * press.x,
    y: y * press.y,
    width: width * press.x,
    height: height * press.y,
  }));
  return { nodes, frames };
}

function inLayers({ nodes, edges }: Wiring): Map<string, Place> {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 52, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of Object.keys(nodes)) graph.setNode(id, { ...nodeSize });
  for (const { from, to } of edges) {
    const [source, target] = [parseEnd(from).node, parseEnd(to).node];
    if (graph.hasNode(source) && graph.hasNode(target)) graph.setEdge(source, target);
  }
  layout(graph);
  return new Map(
    Object.keys(nodes).map((id) => {
      const { x, y } = graph.node(id) as unknown as Place;
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }];
    }),
  );
}

function overlaps(places: readonly Place[]): boolean {
  return places.some((a, i) =>
    places.slice(i + 1).some((b) => Math.abs(a.x - b.x) < nodeSize.width && Math.abs(a.y - b.y) < nodeSize.height),
  );
}
