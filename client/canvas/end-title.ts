import { parseEnd } from '../../server/graph/document.ts';
import type { CanvasNode } from './canvas-node.svelte.ts';
import type { Side } from './geometry.ts';

/** What people read of an end of a wire: `Deep teacher: stage5`. */
export function endTitle(end: string, side: Side, find: (node: string) => CanvasNode | undefined): string {
  const { node, socket } = parseEnd(end);
  const drawn = find(node);
  const rows = side === 'in' ? drawn?.inputs : drawn?.outputs;
  return `${drawn?.title ?? node}: ${rows?.find(({ name }) => name === socket)?.title ?? socket}`;
}
