import type { Control, Problem, Sockets } from '../../plugins/sdk/index.ts';

/** A node type as the API describes it. */
export interface NodeType {
  type: string;
  version: number;
  pack: string;
  title: string;
  summary: string;
  category: string;
  cite?: string;
  params: Record<string, { default: unknown; control: Control; help?: string; cosmetic?: boolean }>;
  inputs: Sockets;
  outputs: Sockets;
  movingSockets: boolean;
}

export interface Cost {
  parameters: number;
  multiplyAdds: number;
  activationBytes: number;
}

export interface EdgeFlow {
  from: string;
  to: string;
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
