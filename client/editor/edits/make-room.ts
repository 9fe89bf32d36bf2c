import type { Frame, NodeLayout } from '../../../server/graph/document.ts';
import { gridStep, meets, type Box, type Point } from '../../canvas/geometry.ts';
import type { EditSequence } from './sequence.ts';

/** Between a node and its neighbours on a wire, so that what flows can be read there, px. */
const apart = 72;
/** From a node's corner to its first sockets, px. */
const toSocket = 51;

export interface Inserted {
  id: string;
  /** Where it would be, and how large it is. */
  box: Box;
  /** The ends of the wire that it was put onto. */
  start: Point;
  end: Point;
  /** The other nodes. */
  others: Readonly<Record<string, Box>>;
}

/**
 * Places a node that was put onto a wire. Where it would lie on another one it goes between the ends, and where that is
 * too narrow all that lies to the right moves on, frames with it: the rest of the picture stays as it was arranged.
 */
export function makeRoom(steps: EditSequence, { id, box, start, end, others }: Inserted): void {
  if (!Object.values(others).some((other) => meets(other, box))) return;
  const wanted = box.width + 2 * apart;
  const by = end.x > start.x ? Math.max(0, Math.ceil((wanted - (end.x - start.x)) / gridStep) * gridStep) : 0;
  const place = { x: Math.round((start.x + end.x + by - box.width) / 2), y: Math.round((start.y + end.y) / 2 - toSocket) };
  const layout = steps.wiring.layout ?? {};
  const isMoved = ({ x }: Point): boolean => by > 0 && x >= end.x - 1;
  const onward = <T extends Point>(one: T): T => ({ ...one, x: one.x + by });
  const nodes = Object.entries(others).flatMap(([other, at]): [string, NodeLayout][] => (isMoved(at) ? [[other, { ...layout.nodes?.[other], x: at.x + by, y: at.y }]] : []));
  steps.do((edits) => edits.move({ ...Object.fromEntries(nodes), [id]: { ...layout.nodes?.[id], ...place } }));
  if (by === 0) return;
  for (const frame of layout.frames ?? []) if (frame.x + frame.width > end.x) steps.do((edits) => edits.putFrame(isMoved(frame) ? onward(frame) : widened(frame, by)));
  for (const note of layout.notes ?? []) if (isMoved(note)) steps.do((edits) => edits.putNote(onward(note)));
  for (const [to, points] of Object.entries(steps.wiring.layout?.wires ?? {})) if (points.some(isMoved)) steps.do((edits) => edits.lead(to, points.map((one) => (isMoved(one) ? onward(one) : one))));
}

const widened = (frame: Frame, by: number): Frame => ({ ...frame, width: frame.width + by });
