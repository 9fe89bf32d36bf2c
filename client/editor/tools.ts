import type { Patch } from '../../server/graph/patch.ts';
import { boundsOf } from '../canvas/geometry.ts';
import { align, distribute, type Alignment, type Axis } from './edits/arrange.ts';
import { around, arrangeByWires } from './edits/auto-layout.ts';
import { edgesInto, partOf, paste, readPart, type Chosen } from './edits/clipboard.ts';
import { collapse, dissolve } from './edits/subgraphs.ts';
import { ledAt } from './edits/wire-points.ts';
import type { Editing } from './editing.svelte.ts';

/** What is selected, as a text that can be pasted into any graph; null where nothing is. */
export function copied(editing: Editing): string | null {
  const chosen = partChosen(editing);
  if (chosen.nodes.length + chosen.frames.length + chosen.notes.length === 0) return null;
  return `${JSON.stringify(partOf(editing.session.document, editing.level.path, chosen), null, 2)}\n`;
}

/** Puts what is in a text where the pointer is; false where it holds no graph. */
export function pasted(editing: Editing, text: string): boolean {
  const part = readPart(text);
  if (!part) return false;
  const bounds = boundsOf([...Object.values(part.layout?.nodes ?? {}).map(({ x, y }) => ({ x, y, width: 0, height: 0 })), ...(part.layout?.frames ?? [])]);
  const at = editing.pointer ?? editing.middle;
  take(editing, paste(editing.session.document, editing.level.path, part, bounds ? { x: at.x - bounds.x, y: at.y - bounds.y } : at), 'Paste');
  return true;
}

/** Once more what is selected, fed by the same nodes. */
export function duplicate(editing: Editing): void {
  const { session, level, wiring } = editing;
  const part = partOf(session.document, level.path, partChosen(editing));
  take(editing, paste(session.document, level.path, part, { x: 36, y: 36 }, edgesInto(wiring, Object.keys(part.nodes))), 'Duplicate');
}

function take(editing: Editing, { patch, chosen }: { patch: Patch; chosen: Chosen }, label: string): void {
  editing.perform(patch, label);
  editing.select({ nodes: chosen.nodes, items: [...chosen.frames.map((id) => `frames/${id}`), ...chosen.notes.map((id) => `notes/${id}`)] });
}

function partChosen({ chosen: { nodes, items } }: Editing): Chosen {
  const of = (kind: string): string[] => items.filter((item) => item.startsWith(kind)).map((item) => item.slice(kind.length));
  return { nodes: nodes.filter((id) => !id.startsWith('$')), frames: of('frames/'), notes: of('notes/') };
}

export function alignChosen(editing: Editing, how: Alignment): void {
  editing.move(align(editing.boxesOf(partChosen(editing).nodes), how), [], undefined, null, 'Align');
}

export function distributeChosen(editing: Editing, axis: Axis): void {
  editing.move(distribute(editing.boxesOf(partChosen(editing).nodes), axis), [], undefined, null, 'Distribute');
}

/** Arranges what is selected, or everything, by its wires. */
export async function arrange(editing: Editing): Promise<void> {
  const chosen = partChosen(editing).nodes;
  const ids = chosen.length > 1 ? chosen : Object.keys(editing.wiring.nodes);
  const { document } = editing.session;
  const arranged = await arrangeByWires({ boxes: editing.boxesOf(ids), edges: editing.wiring.edges, frames: chosen.length > 1 ? [] : editing.frames });
  // It may take seconds, in which the graph may have become another.
  if (editing.session.document !== document) return;
  const steps = editing.sequence();
  const before = editing.wiring.layout?.nodes ?? {};
  steps.do((edits) => edits.move(Object.fromEntries(Object.entries(arranged.places).map(([id, place]) => [id, { ...before[id], ...place }]))));
  // Points were put where the wires ran before.
  for (const to of ledAt(editing.wiring, new Set(ids))) steps.do((edits) => edits.lead(to, []));
  for (const frame of arranged.frames) steps.do((edits) => edits.putFrame(frame));
  editing.perform(steps.patch, 'Arrange');
  await editing.view?.show(editing.picture.nodes, editing.picture.wires);
  await editing.view?.fit(chosen.length > 1 ? chosen : undefined, 1, chosen.length > 1 ? [] : arranged.frames);
}

/** A frame round what is selected. */
export function frameChosen(editing: Editing): void {
  const boxes = Object.values(editing.boxesOf(partChosen(editing).nodes));
  const { x, y } = editing.pointer ?? editing.middle;
  const box = boxes.length > 0 ? around(boxes) : { x: x - 160, y: y - 100, width: 320, height: 200 };
  put(editing, editing.edits.putFrame({ title: 'Group', ...box }), 'frames', 'Add frame');
}

export function addNote(editing: Editing): void {
  const { x, y } = editing.pointer ?? editing.middle;
  put(editing, editing.edits.putNote({ text: '', x: Math.round(x), y: Math.round(y) }), 'notes', 'Add note');
}

function put(editing: Editing, patch: Patch, kind: string, label: string): void {
  editing.perform(patch, label);
  editing.select({ items: [`${kind}/${patch[0]!.path.at(-1)}`] });
}

/** Makes a sub-graph of what is selected. */
export function collapseChosen(editing: Editing): void {
  const { nodes } = partChosen(editing);
  const bounds = boundsOf(Object.values(editing.boxesOf(nodes)));
  if (!bounds || nodes.length < 2) return;
  const steps = editing.sequence();
  const typeOf = (from: string): string => editing.picture.wires.find((wire) => wire.from === from)?.type ?? 'other';
  const instance = collapse(steps, nodes, 'Part', { x: Math.round(bounds.x + bounds.width / 2 - 108), y: Math.round(bounds.y + bounds.height / 2 - 40) }, typeOf);
  editing.perform(steps.patch, 'Make a sub-graph');
  editing.select({ nodes: [instance] });
}

/** Puts the nodes of the instance that is selected in its place. */
export function dissolveChosen(editing: Editing): void {
  const [id] = editing.chosen.nodes;
  if (id === undefined || editing.wiring.nodes[id]?.of === undefined) return;
  const steps = editing.sequence();
  const nodes = dissolve(steps, id);
  editing.perform(steps.patch, 'Dissolve the sub-graph');
  editing.select({ nodes });
}
