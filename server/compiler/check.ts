import type { AnyNodeDefinition, Cost, Problem, Signal } from '../../plugins/sdk/index.ts';

/** A document that has been checked: what is wrong with it, and what is known of every node. */
export interface Checked {
  /** True where no problem is an error; only then may the document be planned and run. */
  ok: boolean;
  /** Everything that is wrong, in the order of the document: nodes by id, then edges. */
  problems: Problem[];
  /**
   * Every node of a known type that is not muted, by id, in the order of `order`; sub-graphs are expanded, so that ids
   * read `instance/inner`. Where the document has errors, sockets that could not be inferred are left out.
   */
  nodes: Map<string, CheckedNode>;
  /** Ids of `nodes` such that every node follows those it depends on; nodes on a cycle come last. */
  order: string[];
}

export interface CheckedNode {
  id: string;
  definition: AnyNodeDefinition;
  /** Every parameter of the definition, valid; a default stands in for one that was missing or invalid. */
  params: Record<string, unknown>;
  /** Connected inputs whose source is known, by socket. */
  inputs: Record<string, Wired>;
  outputs: Record<string, Signal>;
  cost: Cost;
  /** Place in `Checked.order`. */
  index: number;
}

/** What flows into an input, and the output it comes from. */
export interface Wired extends Signal {
  /** Id of the node it comes from. */
  from: string;
  /** Output socket of that node. */
  socket: string;
}
