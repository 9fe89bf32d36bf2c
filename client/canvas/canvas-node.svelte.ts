import type { Sockets } from '../../plugins/sdk/index.ts';
import type { FittedState } from '../state/types.ts';
import { nodeHeight, nodeWidth, socketOffset, type Box, type Point, type Side } from './geometry.ts';

export interface SocketRow {
  name: string;
  title: string;
  type: string;
  isOptional: boolean;
}

/** What a node costs as it stands on it: its figures, its share of the whole, and both in full words. */
export interface ShownCost {
  text: string;
  share: string;
  help: string;
}

/** What is drawn of a node. The view of the document sets it; components only read it. */
export class CanvasNode {
  readonly id: string;
  type = $state('');
  title = $state('');
  category = $state('other');
  /** What it does and where it is from, for who hovers over it. */
  help = $state('');
  inputs: readonly SocketRow[] = $state.raw([]);
  outputs: readonly SocketRow[] = $state.raw([]);
  /** The worst that is wrong with it, in words. */
  problem: { severity: 'error' | 'warning'; text: string } | null = $state.raw(null);
  /** What is wrong at a socket, by name. */
  badSockets: ReadonlyMap<string, string> = $state.raw(new Map());
  isMuted = $state(false);
  isKnown = $state(true);
  /** Whether it is an end of a sub-graph: it comes with it, and stays where it is. */
  isBoundary = $state(false);
  isSelected = $state(false);
  isAtWork = $state(false);
  /** Whether its weights are learnt, given, or it has none. */
  learning: 'learns' | 'frozen' | null = $state(null);
  /** Of one that learns, whether the run beside the graph has fitted it as it is now; null where no run is there. */
  fitted: FittedState | null = $state(null);
  /** Share of the costliest node's cost, 0–1, where that is shown. */
  heat: number | null = $state(null);
  /** What it costs, where that is shown. */
  cost: ShownCost | null = $state.raw(null);
  /** Losses of its fit, one an epoch, while it runs. */
  losses: readonly number[] = $state.raw([]);
  /** Picture of what it says of an image so far, while a fit goes on. */
  sample: { source: string; text: string } | null = $state.raw(null);
  width = $state(nodeWidth);
  /** What can be wired at it, as its type and its parameters have it. */
  sockets: { inputs: Sockets; outputs: Sockets } = { inputs: {}, outputs: {} };
  /** While it is dragged it is where the pointer has it, whatever the document says. */
  isHeld = false;
  place: Point = { x: 0, y: 0 };

  constructor(id: string) {
    this.id = id;
  }

  get height(): number {
    return nodeHeight(this.inputs.length, this.outputs.length, Number(this.cost !== null) + Number(this.losses.length > 1));
  }

  get box(): Box {
    return { ...this.place, width: this.width, height: this.height };
  }

  /** Where a socket is on the canvas; null where there is none of that name. */
  socket(side: Side, name: string): Point | null {
    const index = (side === 'in' ? this.inputs : this.outputs).findIndex((one) => one.name === name);
    if (index < 0) return null;
    const offset = socketOffset(side, index, this.width);
    return { x: this.place.x + offset.x, y: this.place.y + offset.y };
  }
}
