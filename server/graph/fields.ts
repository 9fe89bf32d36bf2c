/** The fields of each record of a document that this version knows, in the order in which they are written. */
export const FIELDS = {
  document: ['$schema', 'stillroom', 'name', 'description', 'cite', 'requires', 'nodes', 'edges', 'subgraphs', 'layout'],
  subgraph: ['title', 'description', 'inputs', 'outputs', 'nodes', 'edges', 'layout'],
  node: ['type', 'version', 'of', 'title', 'muted', 'params', 'comment'],
  port: ['type', 'title'],
  edge: ['from', 'to'],
  layout: ['nodes', 'wires', 'frames', 'notes'],
  nodeLayout: ['x', 'y', 'width', 'collapsed'],
  frame: ['id', 'title', 'x', 'y', 'width', 'height', 'colour'],
  note: ['id', 'text', 'x', 'y', 'width', 'height'],
} as const satisfies Record<string, readonly string[]>;

export type RecordKind = keyof typeof FIELDS;
