import type { Problem } from '../../plugins/sdk/index.ts';
import type { End, GraphNode } from './document.ts';

/** A document without sub-graphs. */
export interface Expanded {
  nodes: FlatNode[];
  edges: FlatEdge[];
  problems: Problem[];
}

export interface FlatNode {
  /** `node`, or `instance/node` for one inside an instance of a sub-graph. */
  id: string;
  /** As the document has it, overrides of the instances around it applied. */
  node: GraphNode;
  /** Counts as absent; a muted instance of a sub-graph stands here itself. */
  muted: boolean;
}

export interface FlatEdge {
  from: End;
  to: End;
  /** Ports of sub-graphs on the way, from the source on, and what each says flows through it. */
  via: readonly (End & { type: string })[];
}
