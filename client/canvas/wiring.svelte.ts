import type { SocketAt } from './graph-view.ts';
import type { Side } from './geometry.ts';

/** A wire that is being drawn: sockets that it cannot end at are dimmed. */
class WiringState {
  from: SocketAt | null = $state.raw(null);
  /** Nodes that it cannot lead to, since what flows would come back to where it is from. */
  ring: ReadonlySet<string> = $state.raw(new Set());
  /** Set by the canvas that the nodes are on. */
  begin: ((from: SocketAt, event: PointerEvent) => void) | null = null;

  fits(node: string, side: Side, type: string): boolean {
    return this.from === null || this.reason({ node, side, type }) === null;
  }

  /** Why the wire cannot end at a socket, in words; null where it can. */
  reason({ node, side, type }: Omit<SocketAt, 'socket'>): string | null {
    const { from } = this;
    if (!from) return null;
    if (from.side === side) return side === 'in' ? 'Both are inputs. A wire leads from an output to an input.' : 'Both are outputs. A wire leads from an output to an input.';
    const [given, wanted] = from.side === 'out' ? [from.type, type] : [type, from.type];
    if (given !== wanted) return `This gives ${given}; ${wanted} is wanted there.`;
    if (this.ring.has(node)) return 'This would lead in a ring: a node cannot depend on what comes of it.';
    return null;
  }
}

export const wiring = new WiringState();
