import type { GraphDocument, Layout, Wiring } from './document.ts';

/** The document with an id for every frame and note, so that edits can name them. */
export function withLayoutIds(document: GraphDocument): GraphDocument {
  const { subgraphs, ...rest } = document;
  const inner = subgraphs && Object.entries(subgraphs).map(([id, subgraph]) => [id, identified(subgraph)] as const);
  return { ...identified(rest), ...(inner ? { subgraphs: Object.fromEntries(inner) } : {}) };
}

function identified<W extends Wiring>(wiring: W): W {
  const { layout } = wiring;
  if (!layout?.frames && !layout?.notes) return wiring;
  const { frames, notes } = layout;
  const given: Layout = {
    ...layout,
    ...(frames ? { frames: withIds(frames, 'frame') } : {}),
    ...(notes ? { notes: withIds(notes, 'note') } : {}),
  };
  return { ...wiring, layout: given };
}

/** The first of two with one id keeps it. */
function withIds<T extends { id?: string }>(items: readonly T[], kind: string): T[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const id = item.id !== undefined && !taken.has(item.id) ? item.id : freeId(kind, (name) => taken.has(name) || items.some((other) => other.id === name));
    taken.add(id);
    return item.id === id ? item : { ...item, id };
  });
}

/** `name`, or else `name-2`, `name-3`, …: the first that is free. */
export function freeId(name: string, isTaken: (id: string) => boolean): string {
  let id = name;
  for (let i = 2; isTaken(id); i++) id = `${name}-${i}`;
  return id;
}
