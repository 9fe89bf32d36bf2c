import { DrawnWire, type Layers } from './drawn-wire.ts';
import type { Box, Point } from './geometry.ts';
import { nearestOn, pathOf, pointOn, wireCurves } from './wire-curve.ts';

const svgNames = 'http://www.w3.org/2000/svg';

export interface Wire {
  from: string;
  to: string;
  /** Socket type. */
  type: string;
  /** What flows on it, such as `14×14×112 /16`. */
  text: string;
  isBad: boolean;
  /** Points that it is led through, from its output on. */
  through: readonly Point[];
}

export interface Ends {
  start: Point;
  end: Point;
  /** Where the points are that it is led through. */
  through: readonly Point[];
}
type FindEnds = (wire: Wire) => Ends | null;

/** How a wire is brought out: it is selected, something would be put onto it, it was taken up and is not where it was, or the pointer is on it. */
type Mark = 'selected' | 'aimed' | 'lifted' | 'looked-at';

/** A box that nothing comes into. */
const nowhere: Box = { x: Infinity, y: Infinity, width: 0, height: 0 };

/** All wires of a graph in one drawing, so that moving a node redraws its own alone. */
export class Wires {
  readonly element = document.createElementNS(svgNames, 'svg');
  /** What is told of wires above the nodes. */
  readonly over = document.createElementNS(svgNames, 'svg');
  readonly #layers: Layers;
  readonly #drawn = new Map<string, DrawnWire>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #dragged = document.createElementNS(svgNames, 'path');
  readonly #marked = new Map<Mark, SVGPathElement>();
  #lit: ReadonlySet<string> = new Set();
  #selected: { to: string | null; point?: number | undefined } = { to: null };
  #chosen: SVGCircleElement | undefined;
  /** What is drawn comes into it; null is everywhere. */
  #box: Box | null = null;

  constructor() {
    const group = (svg = this.element): SVGGElement => svg.appendChild(document.createElementNS(svgNames, 'g'));
    this.element.classList.add('wires');
    this.over.classList.add('wires', 'over');
    this.#layers = { lines: group(), points: group(), labels: group(), over: group(this.over) };
    this.#dragged.classList.add('dragged');
    this.element.append(this.#dragged);
  }

  /** `ends` gives where both ends of a wire are; null where one has no socket to end at. */
  set(wires: readonly Wire[], ends: FindEnds): void {
    const kept = new Set<string>();
    for (const wire of wires) {
      const at = ends(wire);
      if (!at) continue;
      kept.add(wire.to);
      this.#put(wire, at);
    }
    for (const to of [...this.#drawn.keys()]) if (!kept.has(to)) this.#remove(to);
    for (const drawn of this.#drawn.values()) this.#caption(drawn);
    this.select(this.#selected.to, this.#selected.point);
  }

  /** Draws those that come into a box, and no others; all where it is null. */
  showIn(box: Box | null): void {
    this.#box = box;
    for (const drawn of this.#drawn.values()) drawn.showIn(box);
  }

  hideAll(): void {
    if (this.#box !== nowhere) this.showIn(nowhere);
  }

  /** Every wire and where it is. */
  all(): Iterable<Readonly<DrawnWire>> {
    return this.#drawn.values();
  }

  /** The middle of a wire. */
  middleOf(to: string): Point | null {
    const curves = this.#drawn.get(to)?.curves;
    const middle = curves?.[Math.floor(curves.length / 2)];
    return middle ? pointOn(middle, curves.length % 2 === 1 ? 0.5 : 0) : null;
  }

  get(to: string): Wire | undefined {
    return this.#drawn.get(to)?.wire;
  }

  /** Which of a wire's curves a place is nearest to: as many points come before it. */
  curveAt(to: string, place: Point): number {
    return nearestOn(this.#drawn.get(to)!.curves, place).curve;
  }

  /** Draws a wire through other points, until all are drawn anew. */
  lead(to: string, through: readonly Point[]): void {
    const drawn = this.#drawn.get(to);
    if (drawn) this.#place(drawn, { start: drawn.start, end: drawn.end, through });
  }

  /** Draws the wires of nodes anew. */
  move(nodes: Iterable<string>, ends: FindEnds): void {
    const moved = new Set<string>();
    for (const node of nodes) for (const to of this.#byNode.get(node) ?? []) moved.add(to);
    for (const to of moved) {
      const drawn = this.#drawn.get(to)!;
      const at = ends(drawn.wire);
      if (at) this.#place(drawn, at);
    }
  }

  /** The wire that is nearest to a place, within a distance. */
  at(place: Point, distance: number, isLooked: (wire: Wire) => boolean = () => true): Wire | null {
    let nearest: Wire | null = null;
    let least = distance;
    for (const drawn of this.#drawn.values()) {
      const away = drawn.awayFrom(place, distance);
      if (away < least && isLooked(drawn.wire)) [nearest, least] = [drawn.wire, away];
    }
    return nearest;
  }

  /** `point` is which of its points is selected, where one is. */
  select(to: string | null, point?: number): void {
    this.#selected = { to, point };
    this.#mark('selected', to);
    this.#chosen?.classList.remove('chosen');
    this.#chosen = to === null || point === undefined ? undefined : this.#drawn.get(to)?.points[point];
    this.#chosen?.classList.add('chosen');
  }

  /** Shows where something would be put onto a wire. */
  aim(to: string | null): void {
    this.#mark('aimed', to);
  }

  /** The pointer is on a wire. */
  lookAt(to: string | null): void {
    this.#mark('looked-at', to);
  }

  /** A wire that was taken up is not where it was. */
  lift(to: string | null): void {
    this.#mark('lifted', to);
  }

  /** Brings out the wires of nodes. */
  light(nodes: readonly string[]): void {
    const lit = new Set(nodes.flatMap((node) => [...(this.#byNode.get(node) ?? [])]));
    const changed = new Set([...this.#lit, ...lit]);
    this.#lit = lit;
    for (const to of changed) {
      const drawn = this.#drawn.get(to);
      if (!drawn) continue;
      drawn.path.classList.toggle('lit', lit.has(to));
      this.#caption(drawn);
    }
  }

  /** A wire that is being drawn; null for none. */
  drag(ends: (Omit<Ends, 'through'> & { type: string }) | null): void {
    this.#dragged.setAttribute('d', ends ? pathOf(wireCurves(ends.start, ends.end)) : '');
    if (ends) this.#dragged.dataset['type'] = ends.type;
  }

  #mark(mark: Mark, to: string | null): void {
    const path = to === null ? undefined : this.#drawn.get(to)?.path;
    const before = this.#marked.get(mark);
    if (path === before) return;
    before?.classList.remove(mark);
    path?.classList.add(mark);
    if (path) this.#marked.set(mark, path);
    else this.#marked.delete(mark);
  }

  #put(wire: Wire, at: Ends): void {
    const before = this.#drawn.get(wire.to);
    if (before && before.wire.from !== wire.from) this.#remove(wire.to);
    const drawn = this.#drawn.get(wire.to) ?? this.#draw(wire);
    drawn.tell(wire);
    this.#place(drawn, at);
  }

  #draw(wire: Wire): DrawnWire {
    const drawn = new DrawnWire(wire, this.#layers);
    this.#drawn.set(wire.to, drawn);
    for (const end of [wire.from, wire.to]) {
      const node = nodeOf(end);
      this.#byNode.set(node, (this.#byNode.get(node) ?? new Set()).add(wire.to));
    }
    return drawn;
  }

  #place(drawn: DrawnWire, ends: Ends): void {
    if (!drawn.place(ends)) return;
    drawn.showIn(this.#box);
    this.#caption(drawn);
  }

  #caption(drawn: DrawnWire): void {
    drawn.caption(this.#lit.has(drawn.wire.to));
  }

  #remove(to: string): void {
    const drawn = this.#drawn.get(to)!;
    drawn.remove();
    this.#drawn.delete(to);
    for (const end of [drawn.wire.from, drawn.wire.to]) this.#byNode.get(nodeOf(end))?.delete(to);
  }
}

const nodeOf = (end: string): string => end.slice(0, end.indexOf('.'));
