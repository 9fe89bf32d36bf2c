import type { Wire } from './wires.ts';

/**
 * Nodes such that each follows those it depends on: depth first from ids in their order, inputs in the order of their
 * wires, so that the same graph always has the same order. Every ring that the walk meets is named once.
 */
export function sortTopologically(
  ids: readonly string[],
  wires: ReadonlyMap<string, readonly Wire[]>,
): { order: string[]; rings: string[][] } {
  const order: string[] = [];
  const rings: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const id of ids) {
    // A stack of our own: a chain of thousands of nodes would overflow the language's.
    const path: { id: string; next: number }[] = [];
    const open = (node: string): void => {
      state.set(node, 'open');
      path.push({ id: node, next: 0 });
    };
    if (!state.has(id)) open(id);
    while (path.length > 0) {
      const top = path.at(-1)!;
      const source = wires.get(top.id)?.[top.next++]?.from.node;
      if (source === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        path.pop();
      } else if (!state.has(source)) open(source);
      else if (state.get(source) === 'open') {
        // The path runs from targets to sources; a ring reads the other way.
        const ring = path.slice(path.findIndex((step) => step.id === source)).map((step) => step.id);
        rings.push(fromLeast(ring.reverse()));
      }
    }
  }
  return { order, rings: distinct(rings) };
}

/** The same ring, begun at its least id, so that it reads the same wherever the walk met it. */
function fromLeast(ring: readonly string[]): string[] {
  const start = ring.indexOf([...ring].sort()[0]!);
  return [...ring.slice(start), ...ring.slice(0, start)];
}

function distinct(rings: string[][]): string[][] {
  return [...new Map(rings.map((ring) => [ring.join(' '), ring])).values()];
}
