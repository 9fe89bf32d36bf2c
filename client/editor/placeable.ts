import { SUBGRAPH, type GraphDocument, type GraphNode } from '../../server/graph/document.ts';
import type { Path } from '../../server/graph/path.ts';
import type { NodeType } from '../state/types.ts';
import { portsOf } from './canvas-nodes.ts';

/** Something that can be put on the canvas: a node type, or a sub-graph of the document. */
export type Placeable = Pick<NodeType, 'type' | 'title' | 'category' | 'summary' | 'inputs' | 'outputs' | 'cite'> & { version?: number; /** The sub-graph. */ of?: string };

/** Sub-graphs that can stand at a level: none within itself, however deep. */
export function placeableSubgraphs({ subgraphs = {} }: GraphDocument, level: Path): Placeable[] {
  const inside = level[0] === 'subgraphs' ? level[1]! : null;
  const holds = (id: string, other: string, passed = new Set<string>()): boolean => {
    if (id === other) return true;
    if (passed.has(id)) return false;
    passed.add(id);
    return Object.values(subgraphs[id]?.nodes ?? {}).some(({ of }) => of !== undefined && holds(of, other, passed));
  };
  return Object.entries(subgraphs)
    .filter(([id]) => inside === null || !holds(id, inside))
    .map(([id, { title = id, description, inputs, outputs, nodes }]) => ({
      type: `${SUBGRAPH}:${id}`,
      of: id,
      title,
      category: 'sub-graph',
      summary: description ?? `A sub-graph of ${Object.keys(nodes).length} nodes.`,
      inputs: portsOf(inputs),
      outputs: portsOf(outputs),
    }));
}

export const nodeOf = ({ type, version, of }: Placeable): GraphNode => (of === undefined ? { type, ...(version === undefined ? {} : { version }) } : { type: SUBGRAPH, of });
