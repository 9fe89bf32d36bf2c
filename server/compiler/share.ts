import type { CheckedNode } from './check.ts';
import type { PlanNode, ValueRef } from './plan.ts';

/**
 * Equal sub-graphs are computed once: two nodes of one type with equal parameters and the same inputs stand for one,
 * unless they learn something of their own (trainable or calibrated weights), draw random numbers, or are where
 * something is fitted or reported. Nodes come in topological order.
 */
export function share(nodes: Iterable<CheckedNode>): Map<string, PlanNode> {
  const shared = new Map<string, PlanNode>();
  const standsFor = new Map<string, string>();
  const byContent = new Map<string, string>();
  for (const node of nodes) {
    const inputs: Record<string, ValueRef> = {};
    for (const [socket, wire] of Object.entries(node.inputs)) {
      inputs[socket] = { node: standsFor.get(wire.from) ?? wire.from, socket: wire.socket };
    }
    const plan = planNode(node, inputs);
    const content = JSON.stringify([node.definition.type, sorted(node.params), sorted(inputs)]);
    const first = mayBeShared(plan) ? byContent.get(content) : undefined;
    standsFor.set(node.id, first ?? node.id);
    if (first !== undefined) continue;
    byContent.set(content, node.id);
    shared.set(node.id, plan);
  }
  return shared;
}

/** A checked node, its inputs those that are given. */
export function planNode(node: CheckedNode, inputs: Record<string, ValueRef>): PlanNode {
  return {
    id: node.id,
    definition: node.definition,
    params: node.params,
    inputs,
    inputSignals: node.inputs,
    outputSignals: node.outputs,
    weights: node.definition.weights?.(node.inputs, node.params) ?? [],
  };
}

function mayBeShared({ definition, weights }: PlanNode): boolean {
  return (
    !definition.random && !definition.fit && !definition.sink && weights.every(({ role }) => role === 'frozen')
  );
}

function sorted(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
