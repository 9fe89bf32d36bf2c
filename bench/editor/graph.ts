import { builtinPacks } from '../../server/plugins/builtin.ts';
import type { Edge, GraphDocument, GraphNode, NodeLayout } from '../../server/graph/document.ts';
import { createRegistry } from '../../server/graph/registry.ts';
import { socketsIn } from '../../server/graph/sockets-in.ts';
import type { PictureOfGraph } from './peers/graph.ts';

/** A sound graph of so many nodes and twice as many wires: maps that are combined two by two, on a grid. */
export function largeGraph(size: number): GraphDocument {
  const nodes: Record<string, GraphNode> = {};
  const edges: Edge[] = [];
  const layout: Record<string, NodeLayout> = {};
  const columns = Math.ceil(Math.sqrt(size));
  const add = (id: string, node: GraphNode): void => {
    const place = Object.keys(nodes).length;
    nodes[id] = node;
    layout[id] = { x: (place % columns) * 300, y: Math.floor(place / columns) * 160 };
  };
  add('dataset', { type: 'data/dataset', version: 2 });
  add('crop', { type: 'data/resize-crop', version: 2 });
  add('normalise', { type: 'data/normalise', version: 1 });
  add('teacher', { type: 'teacher/resnet18', version: 1, params: { stages: ['layer1'] } });
  add('student', { type: 'student/reduced-resnet18', version: 1, params: { resolution: 'same' } });
  add('map-0', { type: 'scoring/distance', version: 1, params: { match: 'pool' } });
  add('map-1', { type: 'scoring/distance', version: 1, params: { match: 'pool' } });
  edges.push(
    { from: 'dataset.dataset', to: 'crop.dataset' },
    { from: 'crop.images', to: 'normalise.images' },
    { from: 'normalise.images', to: 'teacher.images' },
    { from: 'normalise.images', to: 'student.images' },
    ...[0, 1].flatMap((i) => [{ from: 'teacher.layer1', to: `map-${i}.teacher` }, { from: 'student.layer1', to: `map-${i}.student` }]),
  );
  for (let i = 2; Object.keys(nodes).length < size; i++) {
    add(`map-${i}`, { type: 'scoring/combine', version: 1, params: { maps: 2, operation: 'sum' } });
    // One from the last, one from a little further back.
    edges.push({ from: `map-${i - 1}.map`, to: `map-${i}.map1` }, { from: `map-${Math.max(0, i - 2 - ((i * 7) % 9))}.map`, to: `map-${i}.map2` });
  }
  return { stillroom: 1, name: `${size} nodes`, nodes, edges, layout: { nodes: layout } };
}

/** What is drawn of a document, for editors that know nothing of Stillroom's. */
export function pictureOf(document: GraphDocument): PictureOfGraph {
  const registry = createRegistry(builtinPacks);
  const sockets = socketsIn(document, registry);
  return {
    nodes: Object.entries(document.nodes).map(([id, { type }]) => ({
      id,
      title: registry.get(type)!.title,
      ...document.layout!.nodes![id]!,
      inputs: Object.keys(sockets[id]!.inputs),
      outputs: Object.keys(sockets[id]!.outputs),
    })),
    wires: document.edges.map(({ from, to }) => ({ from, to })),
  };
}
