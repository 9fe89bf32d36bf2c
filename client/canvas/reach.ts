import { parseEnd, type Edge } from '../../server/graph/document.ts';

/** Nodes that a node depends on, itself included; or with `after`, those that depend on it. */
export function reachOf(edges: readonly Edge[], node: string, after = false): Set<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const [source, target] = [parseEnd(from).node, parseEnd(to).node];
    const [key, value] = after ? [source, target] : [target, source];
    const known = next.get(key);
    if (known) known.push(value);
    else next.set(key, [value]);
  }
  const reached = new Set([node]);
  for (const one of reached) for (const other of next.get(one) ?? []) reached.add(other);
  return reached;
}
