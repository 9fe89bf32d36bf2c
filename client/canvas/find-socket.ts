import type { CanvasNode } from './canvas-node.svelte.ts';
import { contains, type Point } from './geometry.ts';
import type { SocketAt } from './graph-view.ts';

/** The nearest socket to a place, within a distance, that fits. */
export function socketNear(nodes: Iterable<CanvasNode>, place: Point, distance: number, fits: (socket: SocketAt) => boolean): SocketAt | null {
  let nearest: SocketAt | null = null;
  let least = distance;
  for (const node of nodes) {
    const { x, y, width, height } = node.box;
    if (!contains({ x: x - distance, y: y - distance, width: width + 2 * distance, height: height + 2 * distance }, place)) continue;
    for (const socket of socketsOf(node)) {
      const at = node.socket(socket.side, socket.socket)!;
      const away = Math.hypot(at.x - place.x, at.y - place.y);
      if (away < least && fits(socket)) [nearest, least] = [socket, away];
    }
  }
  return nearest;
}

/** Sockets of the nodes that are at a place. */
export function socketsAt(nodes: Iterable<CanvasNode>, place: Point): SocketAt[] {
  return [...nodes].filter(({ box }) => contains(box, place)).flatMap(socketsOf);
}

function socketsOf(node: CanvasNode): SocketAt[] {
  const of = (side: SocketAt['side']): SocketAt[] => (side === 'in' ? node.inputs : node.outputs).map(({ name, type }) => ({ node: node.id, socket: name, side, type }));
  return [...of('in'), ...of('out')];
}
