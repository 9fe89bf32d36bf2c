import type { GraphDocument } from '../../../../server/graph/document.ts';

/** source → filter → sink, filter is fed by a second source too; a frame round the first two. */
export const chain: GraphDocument = {
  stillroom: 1,
  name: 'chain',
  nodes: {
    source: { type: 'x/source', version: 1 },
    other: { type: 'x/source', version: 1 },
    filter: { type: 'x/filter', version: 1, params: { size: 3 } },
    sink: { type: 'x/sink', version: 1 },
  },
  edges: [
    { from: 'source.out', to: 'filter.in' },
    { from: 'other.out', to: 'filter.extra' },
    { from: 'filter.out', to: 'sink.in' },
  ],
  layout: {
    nodes: { source: { x: 0, y: 0 }, other: { x: 0, y: 100 }, filter: { x: 300, y: 0 }, sink: { x: 600, y: 0 } },
    frames: [{ id: 'frame', title: 'Sources', x: -20, y: -40, width: 250, height: 300 }],
  },
};

export const filterSockets = { inputs: { in: { type: 'map' as const }, extra: { type: 'features' as const } }, outputs: { out: { type: 'map' as const } } };
