import { parseEnd, type GraphDocument, type GraphNode, type Subgraph, type Wiring } from '../../../server/graph/document.ts';
import { freeId } from '../../../server/graph/layout-ids.ts';
import { change, isSame, type Patch } from '../../../server/graph/patch.ts';
import type { Path } from '../../../server/graph/path.ts';
import type { Point } from '../../canvas/geometry.ts';
import { EditSequence, wiringAt } from './sequence.ts';

/** What is chosen to be copied: nodes, frames and notes by id. */
export interface Chosen {
  nodes: readonly string[];
  frames: readonly string[];
  notes: readonly string[];
}

/** A part of a graph as a document of its own: what is chosen, the edges between, and the sub-graphs that it stands for. */
export function partOf(document: GraphDocument, level: Path, { nodes, frames, notes }: Chosen): GraphDocument {
  const wiring = wiringAt(document, level);
  const chosen = new Set(nodes.filter((id) => Object.hasOwn(wiring.nodes, id)));
  const kept = pick(wiring.nodes, chosen);
  const subgraphs = subgraphsOf(kept, document.subgraphs ?? {});
  const edges = wiring.edges.filter(({ from, to }) => chosen.has(parseEnd(from).node) && chosen.has(parseEnd(to).node));
  const wires = pick(wiring.layout?.wires ?? {}, new Set(edges.map(({ to }) => to)));
  return {
    stillroom: document.stillroom,
    name: `Part of ${document.name}`,
    nodes: kept,
    edges,
    ...(Object.keys(subgraphs).length > 0 ? { subgraphs } : {}),
    layout: {
      nodes: pick(wiring.layout?.nodes ?? {}, chosen),
      ...(Object.keys(wires).length > 0 ? { wires } : {}),
      frames: (wiring.layout?.frames ?? []).filter(({ id }) => frames.includes(id!)),
      notes: (wiring.layout?.notes ?? []).filter(({ id }) => notes.includes(id!)),
    },
  };
}

/** A document that is in a text; null where it is not one. */
export function readPart(text: string): GraphDocument | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const part = JSON.parse(text) as Partial<GraphDocument> | null;
    const isDocument = typeof part?.stillroom === 'number' && typeof part.nodes === 'object' && part.nodes !== null && Array.isArray(part.edges);
    return isDocument ? (part as GraphDocument) : null;
  } catch {
    return null;
  }
}

export interface Pasted {
  patch: Patch;
  chosen: Chosen;
}

/** A part put into a document, moved by some px, under ids that are free there. `outer` keeps the edges that came into it from nodes that are there too. */
export function paste(document: GraphDocument, level: Path, part: GraphDocument, by: Point, outer: Wiring['edges'] = []): Pasted {
  const steps = new EditSequence(document, level);
  const moved = <T extends Point>(item: T): T => ({ ...item, x: Math.round(item.x + by.x), y: Math.round(item.y + by.y) });
  const names = new Map(Object.entries(part.subgraphs ?? {}).map(([id, subgraph]) => [id, nameFor(id, subgraph, document)]));
  for (const [id, subgraph] of Object.entries(part.subgraphs ?? {})) {
    const name = names.get(id)!;
    if (!Object.hasOwn(document.subgraphs ?? {}, name)) steps.take([change(['subgraphs', name], undefined, { ...subgraph, nodes: renamed(subgraph.nodes, names) })]);
  }
  const ids = new Map<string, string>();
  for (const [id, node] of Object.entries(renamed(part.nodes, names))) ids.set(id, steps.add(node, moved(part.layout?.nodes?.[id] ?? { x: 0, y: 0 }), id));
  const end = (text: string): string => {
    const { node, socket } = parseEnd(text);
    return `${ids.get(node) ?? node}.${socket}`;
  };
  for (const { from, to } of [...part.edges, ...outer]) steps.do((edits) => edits.connect({ from: end(from), to: end(to) }));
  for (const { to } of part.edges) steps.do((edits) => edits.lead(end(to), part.layout?.wires?.[to]?.map(moved) ?? []));
  const put = <T extends Point & { id?: string }>(items: readonly T[], add: (item: T) => Patch): string[] =>
    items.map(({ id: _, ...item }) => steps.take(add(moved(item as T)))[0]!.path.at(-1)!);
  const frames = put(part.layout?.frames ?? [], (frame) => steps.edits.putFrame(frame));
  const notes = put(part.layout?.notes ?? [], (note) => steps.edits.putNote(note));
  return { patch: steps.patch, chosen: { nodes: [...ids.values()], frames, notes } };
}

/** Edges into a part from outside of it. */
export function edgesInto(wiring: Wiring, nodes: readonly string[]): Wiring['edges'] {
  return wiring.edges.filter(({ from, to }) => nodes.includes(parseEnd(to).node) && !nodes.includes(parseEnd(from).node));
}

/** Its own name where that is free, or stands for the same already. */
function nameFor(id: string, subgraph: Subgraph, { subgraphs = {} }: GraphDocument): string {
  return freeId(id, (name) => Object.hasOwn(subgraphs, name) && !isSame(subgraphs[name], subgraph));
}

function renamed(nodes: Record<string, GraphNode>, names: ReadonlyMap<string, string>): Record<string, GraphNode> {
  return Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, node.of === undefined ? node : { ...node, of: names.get(node.of) ?? node.of }]));
}

/** Those that nodes stand for, and those that these stand for. */
function subgraphsOf(nodes: Record<string, GraphNode>, all: Record<string, Subgraph>, found: Record<string, Subgraph> = {}): Record<string, Subgraph> {
  for (const { of } of Object.values(nodes)) {
    if (of === undefined || Object.hasOwn(found, of) || !Object.hasOwn(all, of)) continue;
    found[of] = all[of]!;
    subgraphsOf(all[of]!.nodes, all, found);
  }
  return found;
}

function pick<T>(record: Record<string, T>, ids: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => ids.has(id)));
}
