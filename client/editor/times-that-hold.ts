import type { Check } from '../state/types.ts';

type Times = Readonly<Record<string, number>>;

/** Of the times that a run has measured, by node, those of nodes that are in a graph what they were in the run's. */
export function timesThatHold(measured: Times, now: Check | null, then: Check | null): Times {
  return Object.fromEntries(Object.entries(measured).filter(([node]) => now && then && computes(now, node) !== undefined && computes(now, node) === computes(then, node)));
}

/** What the time that a node takes depends on: its type and parameters, and by its costs and outputs the sizes of what it is given. */
function computes(check: Check, node: string): string | undefined {
  const found = check.nodes[node];
  return found && JSON.stringify([found.type, Object.entries(found.params).sort(([a], [b]) => (a < b ? -1 : 1)), found.cost, found.outputs]);
}
