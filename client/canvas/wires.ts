import type { Point } from './geometry.ts';
import { nearestOn, pathOf, wireCurves, type Cubic } from './wire-curve.ts';

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

interface Drawn extends Ends {
  wire: Wire;
  path: SVGPathElement;
  curves: readonly Cubic[];
  points: SVGCircleElement[];
  label: SVGTextElement | null;
}

/** Room between two nodes that what flows takes up, px. */
const labelRoom = 96;
/** Of a point's mark, px. */
const pointRadius = 4;
/** With more wires only those of selected nodes are labelled. */
const mostLabels = 300;

/** All wires of a graph in one drawing, so that moving a node redraws its own alone. */
export class Wires {
  readonly element: SVGSVGElement;
  readonly #drawn = new Map<string, Drawn>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #dragged: SVGPathElement;
  #lit: ReadonlySet<string> = new Set();
  #selected: { to: string | null; point?: number | undefined } = { to: null };

  constructor() {
    this.element = document.createElementNS(svgNames, 'svg');
    this.element.classList.add('wires');
    this.#dragged = document.createElementNS(svgNames, 'path');
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

  /** Every wire and where it is. */
  all(): Iterable<Readonly<Ends & { wire: Wire }>> {
    return this.#drawn.values();
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
    for (const { wire, curves } of this.#drawn.values()) {
      if (!curves.some((curve) => isNear(curve, place, distance)) || !isLooked(wire)) continue;
      const { away } = nearestOn(curves, place);
      if (away < least) [nearest, least] = [wire, away];
    }
    return nearest;
  }

  /** `point` is which of its points is selected, where one is. */
  select(to: string | null, point?: number): void {
    this.#selected = { to, point };
    this.#mark('selected', to);
    for (const mark of [...this.element.getElementsByClassName('chosen')]) mark.classList.remove('chosen');
    if (to !== null && point !== undefined) this.#drawn.get(to)?.points[point]?.classList.add('chosen');
  }

  /** Shows where something would be put onto a wire. */
  aim(to: string | null): void {
    this.#mark('aimed', to);
  }

  /** A wire that was taken up is not where it was. */
  lift(to: string | null): void {
    this.#mark('lifted', to);
  }

  /** Brings out the wires of nodes. */
  light(nodes: readonly string[]): void {
    const lit = new Set(nodes.flatMap((node) => [...(this.#byNode.get(node) ?? [])]));
    for (const to of new Set([...this.#lit, ...lit])) {
      const drawn = this.#drawn.get(to);
      drawn?.path.classList.toggle('lit', lit.has(to));
    }
    const changed = [...this.#lit, ...lit];
    this.#lit = lit;
    for (const to of changed) if (this.#drawn.has(to)) this.#caption(this.#drawn.get(to)!);
  }

  /** A wire that is being drawn; null for none. */
  drag(ends: (Omit<Ends, 'through'> & { type: string }) | null): void {
    this.#dragged.setAttribute('d', ends ? pathOf(wireCurves(ends.start, ends.end)) : '');
    if (ends) this.#dragged.dataset['type'] = ends.type;
  }

  #mark(name: string, to: string | null): void {
    for (const path of [...this.element.getElementsByClassName(name)]) if ((path as SVGElement).dataset['edge'] !== to) path.classList.remove(name);
    if (to !== null) this.#drawn.get(to)?.path.classList.add(name);
  }

  #put(wire: Wire, at: Ends): void {
    const before = this.#drawn.get(wire.to);
    if (before && before.wire.from !== wire.from) this.#remove(wire.to);
    const drawn = this.#drawn.get(wire.to) ?? this.#draw(wire);
    drawn.wire = wire;
    for (const element of [drawn.path, ...drawn.points]) element.dataset['type'] = wire.type;
    drawn.path.classList.toggle('bad', wire.isBad);
    this.#place(drawn, at);
  }

  #draw(wire: Wire): Drawn {
    const path = document.createElementNS(svgNames, 'path');
    path.dataset['edge'] = wire.to;
    this.element.prepend(path);
    const nowhere = { x: NaN, y: NaN };
    const drawn: Drawn = { wire, path, curves: [], points: [], label: null, start: nowhere, end: nowhere, through: [] };
    this.#drawn.set(wire.to, drawn);
    for (const end of [wire.from, wire.to]) {
      const node = nodeOf(end);
      this.#byNode.set(node, (this.#byNode.get(node) ?? new Set()).add(wire.to));
    }
    return drawn;
  }

  /** What flows is told where it comes in: wires of one output part on their way, and no two end at one input. */
  #caption(drawn: Drawn): void {
    const { wire, start, end } = drawn;
    const isLit = this.#lit.has(wire.to);
    const isWanted = wire.text !== '' && (isLit || this.#drawn.size <= mostLabels) && (isLit || end.x - start.x > labelRoom);
    if (!isWanted) {
      drawn.label?.remove();
      drawn.label = null;
      return;
    }
    if (!drawn.label) {
      drawn.label = document.createElementNS(svgNames, 'text');
      this.element.append(drawn.label);
    }
    if (drawn.label.textContent !== wire.text) drawn.label.textContent = wire.text;
    drawn.label.classList.toggle('lit', isLit);
    drawn.label.setAttribute('x', String(end.x - 14));
    drawn.label.setAttribute('y', String(end.y - 5));
  }

  #place(drawn: Drawn, { start, end, through }: Ends): void {
    if (start.x === drawn.start.x && start.y === drawn.start.y && end.x === drawn.end.x && end.y === drawn.end.y && through === drawn.through) return;
    Object.assign(drawn, { start, end, through, curves: wireCurves(start, end, through) });
    drawn.path.setAttribute('d', pathOf(drawn.curves));
    this.#markPoints(drawn);
    this.#caption(drawn);
  }

  #markPoints({ wire, through, points }: Drawn): void {
    for (const gone of points.splice(through.length)) gone.remove();
    for (const [i, { x, y }] of through.entries()) {
      const mark = (points[i] ??= this.#drawPoint(wire, i));
      mark.setAttribute('cx', String(x));
      mark.setAttribute('cy', String(y));
    }
  }

  #drawPoint({ to, type }: Wire, i: number): SVGCircleElement {
    const mark = document.createElementNS(svgNames, 'circle');
    Object.assign(mark.dataset, { edge: to, point: String(i), type });
    mark.setAttribute('r', String(pointRadius));
    this.element.append(mark);
    return mark;
  }

  #remove(to: string): void {
    const { wire, path, label, points } = this.#drawn.get(to)!;
    for (const element of [path, ...points]) element.remove();
    label?.remove();
    this.#drawn.delete(to);
    for (const end of [wire.from, wire.to]) this.#byNode.get(nodeOf(end))?.delete(to);
  }
}

/** Whether a place is near the box that holds a curve: that of the points that draw it. */
function isNear([a, b, c, d]: Cubic, { x, y }: Point, distance: number): boolean {
  return (
    x >= Math.min(a.x, b.x, c.x, d.x) - distance && x <= Math.max(a.x, b.x, c.x, d.x) + distance && y >= Math.min(a.y, b.y, c.y, d.y) - distance && y <= Math.max(a.y, b.y, c.y, d.y) + distance
  );
}

const nodeOf = (end: string): string => end.slice(0, end.indexOf('.'));
