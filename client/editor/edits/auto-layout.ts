import { parseEnd, type Edge, type Frame } from '../../../server/graph/document.ts';
import { boundsOf, centreOf, contains, type Box, type Point } from '../../canvas/geometry.ts';

export interface ToArrange {
  boxes: Readonly<Record<string, Box>>;
  edges: readonly Edge[];
  /** Frames whose nodes are to stay together; they are drawn anew round them. */
  frames: readonly Frame[];
}

export interface Arranged {
  places: Record<string, Point>;
  frames: Frame[];
}

/** Room of a frame round its nodes, px; more at the top, where its title is. */
const room = { side: 28, top: 56 };

/** Nodes in ranks from left to right, each after those that feed it, with few wires that cross. The middle of it all stays. */
export async function arrangeByWires({ boxes, edges, frames }: ToArrange): Promise<Arranged> {
  const before = boundsOf(Object.values(boxes));
  if (!before) return { places: {}, frames: [] };
  const { Graph, layout } = await import('@dagrejs/dagre');
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: 'LR', ranksep: 110, nodesep: 36, edgesep: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const held = membersOf(frames, boxes);
  for (const [id, { width, height }] of Object.entries(boxes)) graph.setNode(id, { width, height });
  for (const [frame, members] of held) {
    graph.setNode(`frame ${frame.id}`, {});
    for (const id of members) graph.setParent(id, `frame ${frame.id}`);
  }
  for (const { from, to } of edges) {
    const [source, target] = [parseEnd(from).node, parseEnd(to).node];
    if (Object.hasOwn(boxes, source) && Object.hasOwn(boxes, target) && source !== target) graph.setEdge(source, target);
  }
  layout(graph);
  const laid = Object.entries(boxes).map(([id, { width, height }]): [string, Box] => {
    const { x, y } = graph.node(id) as unknown as Point;
    return [id, { x: x - width / 2, y: y - height / 2, width, height }];
  });
  const after = boundsOf(laid.map(([, box]) => box))!;
  const [from, to] = [centreOf(after), centreOf(before)];
  const moved = new Map(laid.map(([id, box]) => [id, { ...box, x: Math.round(box.x + to.x - from.x), y: Math.round(box.y + to.y - from.y) }]));
  return {
    places: Object.fromEntries([...moved].map(([id, { x, y }]) => [id, { x, y }])),
    frames: [...held].map(([frame, members]) => ({ ...frame, ...around(members.map((id) => moved.get(id)!)) })),
  };
}

/** Where a frame round these boxes lies. */
export function around(boxes: readonly Box[]): Box {
  const { x, y, width, height } = boundsOf(boxes) ?? { x: 0, y: 0, width: 240, height: 120 };
  return { x: x - room.side, y: y - room.top, width: width + 2 * room.side, height: height + room.top + room.side };
}

/** Nodes by the smallest frame that they lie in; frames without nodes are left out. */
function membersOf(frames: readonly Frame[], boxes: Readonly<Record<string, Box>>): Map<Frame, string[]> {
  const bySize = [...frames].sort((a, b) => a.width * a.height - b.width * b.height);
  const members = new Map<Frame, string[]>();
  for (const [id, box] of Object.entries(boxes)) {
    const frame = bySize.find((one) => contains(one, centreOf(box)));
    if (frame) members.set(frame, [...(members.get(frame) ?? []), id]);
  }
  return members;
}
