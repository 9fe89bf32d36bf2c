import type { Point } from './geometry.ts';
import type { SocketAt } from './graph-view.ts';
import type { WireEvents } from './wire-drag.ts';
import type { Wire } from './wires.ts';

/** What is selected: nodes by id, frames and notes as `frames/id` and `notes/id`, or one wire. */
export interface Chosen {
  nodes: readonly string[];
  items: readonly string[];
  wire: Wire | null;
  /** Which of the wire's points is selected, where one is. */
  point?: number | undefined;
}

/** What somebody does on a canvas. */
export interface CanvasEvents extends Pick<WireEvents, 'onConnect' | 'onDisconnect'> {
  onSelect(chosen: Chosen): void;
  /** Nodes were dragged to new places, frames and notes by some px; `onto` a wire that a node was let go on. */
  onMove(places: Record<string, Point>, items: readonly string[], by: Point, onto: { node: string; wire: Wire } | null): void;
  /** A wire is led through other points; which of them is selected then. */
  onLead(wire: Wire, points: readonly Point[], point?: number): void;
  onResize(item: string, by: Point): void;
  /** Another title of a frame, or text of a note. */
  onWrite(item: string, text: string): void;
  /** Somebody wants a node at a place: at the end of a wire from a socket, or on a wire. */
  onWant(at: Point, screen: Point, from: SocketAt | null, wire?: Wire | null): void;
  /** A node was double clicked. */
  onOpen(node: string): void;
  /** A node type was dragged onto the canvas, or onto a wire of it. */
  onDropType(type: string, at: Point, wire: Wire | null): void;
  /** Whether a node could be put onto a wire. */
  mayInsert(node: string, wire: Wire): boolean;
}
