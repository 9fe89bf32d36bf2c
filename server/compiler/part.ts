import type { Part, PlanNode, ValueRef } from './plan.ts';
import { refName } from './plan.ts';

type Nodes = ReadonlyMap<string, PlanNode>;

/** Every node that the values depend on, the values' own included, in topological order. */
export function ancestorsOf(nodes: Nodes, values: readonly ValueRef[]): PlanNode[] {
  const found = new Set<string>();
  const queue = values.map(({ node }) => node);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    queue.push(...Object.values(nodes.get(id)!.inputs).map(({ node }) => node));
  }
  return [...nodes.values()].filter(({ id }) => found.has(id));
}

/**
 * What must run for the values: nodes with tensors, back to those without (images) and to those that `given` says are
 * fed from outside.
 */
export function partFor(
  nodes: Nodes,
  outputs: readonly ValueRef[],
  given: (node: PlanNode) => boolean = () => false,
): Part {
  const runs = new Set<string>();
  const inputs = new Map<string, ValueRef>();
  const queue = [...outputs];
  for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
    const node = nodes.get(ref.node)!;
    if (!node.definition.build || given(node)) inputs.set(refName(ref), ref);
    else if (!runs.has(node.id)) {
      runs.add(node.id);
      queue.push(...Object.values(node.inputs));
    }
  }
  return {
    nodes: [...nodes.values()].filter(({ id }) => runs.has(id)),
    inputs: [...inputs.values()].sort((a, b) => (refName(a) < refName(b) ? -1 : 1)),
    outputs,
  };
}

export function isTrainable({ weights }: PlanNode): boolean {
  return weights.some(({ role }) => role === 'trainable');
}
