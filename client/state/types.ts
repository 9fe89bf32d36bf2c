import type { Problem, Sockets } from '../../plugins/sdk/index.ts';
import type { NodeDescription } from '../../server/graph/describe-node.ts';
import type { Answer } from './answer.ts';

/** A node type as the API describes it. */
export type NodeType = NodeDescription & { pack: string; movingSockets: boolean };

/** A type of sockets as the API describes it. */
export type SocketType = Answer<'/api/nodes'>['socketTypes'][number];

export interface Cost {
  parameters: number;
  multiplyAdds: number;
  activationBytes: number;
}

export interface EdgeFlow {
  from: string;
  to: string;
  /** Sockets of instances of sub-graphs that it passes. */
  via: string[];
  type: string;
  shape: number[];
  stride?: number;
  text: string;
}

/** What the server says of a document. */
export interface Check {
  ok: boolean;
  identity: string;
  problems: Problem[];
  nodes: Record<string, { type: string; title: string; params: Record<string, unknown>; cost: Cost; outputs: Record<string, { shape: number[]; stride?: number }> }>;
  edges: EdgeFlow[];
  sockets: Record<string, { inputs: Sockets; outputs: Sockets }>;
  total: Cost;
}

/** Whether a run has fitted a node as it is now. */
export type FittedState = Answer<'/api/runs/{id}/fitted-parts', 'post'>['nodes'][string];
