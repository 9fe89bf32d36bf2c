import { parseEnd, type Wiring } from '../../server/graph/document.ts';

const column = 280;
const row = 170;

/**
 * Where nodes stand that nobody has placed, as in documents that programs write: in columns by how many nodes come before
 * them, below all that is placed. Empty where every node is placed.
 */
export function placesOfUnplaced({ nodes, edges, layout }: Wiring): ReadonlyMap<string, { x: number; y: number }> {
  const placed = layout?.nodes ?? {};
  const loose = Object.keys(nodes).filter((id) => !Object.hasOwn(placed, id));
  if (loose.length === 0) return new Map();
  const before = new Map(loose.map((id): [string, string[]] => [id, []]));
  for (const { from, to } of edges) before.get(parseEnd(to).node)?.push(parseEnd(from).node);
  const depths = new Map<string, number>();
  const depthOf = (id: string, above: ReadonlySet<string>): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const sources = (before.get(id) ?? []).filter((source) => before.has(source) && !above.has(source));
    const depth = Math.max(0, ...sources.map((source) => 1 + depthOf(source, new Set([...above, id]))));
    depths.set(id, depth);
    return depth;
  };
  const below = Object.values(placed).reduce((lowest, { y }) => Math.max(lowest, y + row), 0);
  const rows = new Map<number, number>();
  return new Map(
    loose.map((id) => {
      const depth = depthOf(id, new Set());
      const taken = rows.get(depth) ?? 0;
      rows.set(depth, taken + 1);
      return [id, { x: depth * column, y: below + taken * row }];
    }),
  );
}
