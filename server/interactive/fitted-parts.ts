import { check } from '../compiler/check.ts';
import { isTrainable } from '../compiler/part.ts';
import type { PlanNode } from '../compiler/plan.ts';
import { planNode } from '../compiler/share.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Registry } from '../graph/registry.ts';
import { contentKeys } from './content-keys.ts';

/**
 * Whether what a run has fitted is of use in a graph: `fitted`, as it is; `stale`, fitted when it or what comes before it
 * was another; `unfitted`, it was not there, or its weights had other shapes.
 */
export type FittedState = 'fitted' | 'stale' | 'unfitted';

/** Of every node of a graph that learns and that something flows through, whether a run of another graph has fitted it. */
export function fittedParts(document: GraphDocument, ran: GraphDocument, registry: Registry): Record<string, FittedState> {
  const [now, then] = [planned(document, registry), planned(ran, registry)];
  const [keys, before] = [contentKeys(now), contentKeys(then)];
  const learning = [...now.values()].filter((node) => isTrainable(node) && !node.definition.pretrained);
  return Object.fromEntries(
    learning.map((node) => {
      const fitted = then.get(node.id);
      const isThere = fitted !== undefined && shapesOf(fitted) === shapesOf(node);
      return [node.id, !isThere ? 'unfitted' : keys.get(node.id) === before.get(node.id) ? 'fitted' : 'stale'];
    }),
  );
}

/** Nodes of a graph, in the order they run; those without whatever nothing flows through, as where an input is missing. */
function planned(document: GraphDocument, registry: Registry): Map<string, PlanNode> {
  const { nodes, order } = check(document, registry);
  const found = new Map<string, PlanNode>();
  for (const id of order) {
    const node = nodes.get(id)!;
    if (Object.keys(node.outputs).length === 0) continue;
    const inputs = Object.entries(node.inputs).filter(([, { from }]) => found.has(from));
    found.set(id, planNode(node, Object.fromEntries(inputs.map(([name, { from, socket }]) => [name, { node: from, socket }]))));
  }
  return found;
}

const shapesOf = ({ weights }: PlanNode): string => JSON.stringify(weights.map(({ name, shape }) => [name, shape]));
