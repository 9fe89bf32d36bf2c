import { formatEnd, parseEnd } from '../../server/graph/document.ts';
import { socketNear, socketsAt } from './find-socket.ts';
import type { Point } from './geometry.ts';
import type { GraphView, SocketAt } from './graph-view.ts';
import { reachOf } from './reach.ts';
import type { Wire } from './wires.ts';
import { wiring } from './wiring.svelte.ts';

export interface WireEvents {
  /** `insteadOf` is the input that the wire went to before. */
  onConnect(from: string, to: string, insteadOf: string | null): void;
  onDisconnect(to: string): void;
  /** A wire was dropped on nothing. */
  onWant(at: Point, screen: Point, from: SocketAt): void;
  /** Why it cannot end where it is; null where that is no question. `isDropped` when it was let go there. */
  onReason(reason: string | null, screen: Point, isDropped: boolean): void;
  /** A socket was only clicked. */
  onClick(wire: Wire | null): void;
}

/** Screen px within which a wire snaps to a socket. */
const reach = 28;
/** Screen px up to which it was a click. */
const still = 4;

/**
 * A wire drawn with the pointer, from a socket on. Of an input that has one it is that wire which is taken up, to be
 * put elsewhere or to be dropped.
 */
export class WireDrag {
  readonly #view: GraphView;
  readonly #wires: readonly Wire[];
  readonly #events: WireEvents;
  readonly #begun: Point;
  readonly #first: SocketAt;
  readonly #taken: Wire | null;
  readonly #pressed: PointerEvent;
  #from: SocketAt | null = null;
  #end: SocketAt | null = null;
  #reason: string | null = null;

  constructor(view: GraphView, wires: readonly Wire[], first: SocketAt, pressed: PointerEvent, events: WireEvents) {
    this.#view = view;
    this.#wires = wires;
    this.#first = first;
    this.#pressed = pressed;
    this.#begun = { x: pressed.clientX, y: pressed.clientY };
    this.#events = events;
    this.#taken = (first.side === 'in' && wires.find(({ to }) => to === formatEnd(first))) || null;
    window.addEventListener('pointermove', this.#follow);
    window.addEventListener('pointerup', this.#drop);
    window.addEventListener('pointercancel', this.#cancel);
    window.addEventListener('pointerdown', this.#press, { capture: true });
    window.addEventListener('keydown', this.#key, { capture: true });
  }

  /** With a second finger it is a pinch, and no wire: the view learns of the first one now. */
  readonly #press = (event: PointerEvent): void => {
    if (event.pointerType !== 'touch' || event.pointerId === this.#pressed.pointerId) return;
    this.#finish();
    this.#view.element.dispatchEvent(new PointerEvent('pointerdown', this.#pressed));
  };

  readonly #follow = (event: PointerEvent): void => {
    if (event.pointerId !== this.#pressed.pointerId) return;
    const screen = { x: event.clientX, y: event.clientY };
    if (!this.#from) {
      if (Math.hypot(screen.x - this.#begun.x, screen.y - this.#begun.y) <= still) return;
      this.#begin();
    }
    const from = this.#from!;
    const place = this.#view.placeOf(screen);
    this.#end = this.#endAt(place);
    const wrong = this.#end ? null : socketNear(this.#view.nodes.values(), place, reach / this.#view.scale, (socket) => formatEnd(socket) !== formatEnd(from) || socket.side !== from.side);
    this.#reason = wrong && wiring.reason(wrong);
    this.#events.onReason(this.#reason, screen, false);
    this.#view.drawWire(from, this.#end ? this.#view.nodes.get(this.#end.node)!.socket(this.#end.side, this.#end.socket) : place);
  };

  #begin(): void {
    const source = this.#taken && parseEnd(this.#taken.from);
    this.#from = this.#taken && source ? { ...source, side: 'out', type: this.#taken.type } : this.#first;
    wiring.ring = reachOf(this.#wires, this.#from.node, this.#from.side === 'in');
    wiring.from = this.#from;
    if (this.#taken) this.#view.wires.lift(this.#taken.to);
  }

  /** The nearest socket; or on a node, its first that fits, rather one that is free. */
  #endAt(place: Point): SocketAt | null {
    const fits = ({ node, side, type }: SocketAt): boolean => wiring.fits(node, side, type);
    const near = socketNear(this.#view.nodes.values(), place, reach / this.#view.scale, fits);
    if (near) return near;
    const here = socketsAt(this.#view.nodes.values(), place).filter(fits);
    return here.find((socket) => socket.side === 'out' || !this.#wires.some(({ to }) => to === formatEnd(socket))) ?? here[0] ?? null;
  }

  readonly #drop = (event: PointerEvent): void => {
    if (event.pointerId !== this.#pressed.pointerId) return;
    const [from, end, taken] = [this.#from, this.#end, this.#taken];
    this.#finish();
    const screen = { x: event.clientX, y: event.clientY };
    if (!from) return this.#events.onClick(taken);
    if (end) {
      const [source, target] = from.side === 'out' ? [from, end] : [end, from];
      this.#events.onConnect(formatEnd(source), formatEnd(target), taken?.to ?? null);
    } else if (this.#reason !== null) this.#events.onReason(this.#reason, screen, true);
    else if (taken) this.#events.onDisconnect(taken.to);
    else if (!(event.target as Element | null)?.closest('.slot')) this.#events.onWant(this.#view.placeOf(screen), screen, from);
  };

  readonly #cancel = (): void => this.#finish();

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.#finish();
  };

  #finish(): void {
    window.removeEventListener('pointermove', this.#follow);
    window.removeEventListener('pointerup', this.#drop);
    window.removeEventListener('pointercancel', this.#cancel);
    window.removeEventListener('pointerdown', this.#press, { capture: true });
    window.removeEventListener('keydown', this.#key, { capture: true });
    this.#view.drawWire(null, null);
    this.#view.wires.lift(null);
    this.#events.onReason(null, this.#begun, false);
    wiring.from = null;
    wiring.ring = new Set();
  }
}
