import type { SocketAt } from './graph-view.ts';
import type { Side } from './geometry.ts';

/** A wire that is being drawn: sockets that it cannot end at are dimmed. */
class WiringState {
  from: SocketAt | null = $state.raw(null);
  /** Set by the canvas that the nodes are on. */
  begin: ((from: SocketAt, event: PointerEvent) => void) | null = null;

  fits(node: string, side: Side, type: string): boolean {
    const { from } = this;
    if (!from) return true;
    return from.side !== side && from.type === type && from.node !== node;
  }
}

export const wiring = new WiringState();
