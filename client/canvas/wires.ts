import { wirePath, wirePoint, type Point } from './geometry.ts';

const svgNames = 'http://www.w3.org/2000/svg';

export interface Wire {
  from: string;
  to: string;
  /** Socket type. */
  type: string;
  /** What flows on it, such as `14×14×112 /16`. */
  text: string;
  isBad: boolean;
}

export interface Ends {
  start: Point;
  end: Point;
}
type FindEnds = (wire: Wire) => Ends | null;

interface Drawn extends Ends {
  wire: Wire;
  path: SVGPathElement;
  label: SVGTextElement | null;
}

/** Room between two nodes that what flows takes up, px. */
const labelRoom = 96;
/** With more wires only those of selected nodes are labelled. */
const mostLabels = 300;

/** All wires of a graph in one drawing, so that moving a node redraws its own alone. */
export class Wires {
  readonly element: SVGSVGElement;
  readonly #drawn = new Map<string, Drawn>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #dragged: SVGPathElement;
  #lit: ReadonlySet<string> = new Set();

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
  }

  /** Every wire and where it is. */
  all(): Iterable<Readonly<Ends & { wire: Wire }>> {
    return this.#drawn.values();
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
  at({ x, y }: Point, distance: number, isLooked: (wire: Wire) => boolean = () => true): Wire | null {
    let nearest: Wire | null = null;
    let least = distance;
    for (const { wire, start, end } of this.#drawn.values()) {
      const slack = distance + 220;
      if (x < Math.min(start.x, end.x) - slack || x > Math.max(start.x, end.x) + slack || y < Math.min(start.y, end.y) - slack || y > Math.max(start.y, end.y) + slack || !isLooked(wire)) continue;
      for (let i = 0; i <= 48; i++) {
        const point = wirePoint(start, end, i / 48);
        const away = Math.hypot(point.x - x, point.y - y);
        if (away < least) [nearest, least] = [wire, away];
      }
    }
    return nearest;
  }

  select(to: string | null): void {
    this.#mark('selected', to);
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
  drag(ends: (Ends & { type: string }) | null): void {
    this.#dragged.setAttribute('d', ends ? wirePath(ends.start, ends.end) : '');
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
    drawn.path.dataset['type'] = wire.type;
    drawn.path.classList.toggle('bad', wire.isBad);
    this.#place(drawn, at);
  }

  #draw(wire: Wire): Drawn {
    const path = document.createElementNS(svgNames, 'path');
    path.dataset['edge'] = wire.to;
    this.element.prepend(path);
    const nowhere = { x: NaN, y: NaN };
    const drawn: Drawn = { wire, path, label: null, start: nowhere, end: nowhere };
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

  #place(drawn: Drawn, { start, end }: Ends): void {
    if (start.x === drawn.start.x && start.y === drawn.start.y && end.x === drawn.end.x && end.y === drawn.end.y) return;
    Object.assign(drawn, { start, end });
    drawn.path.setAttribute('d', wirePath(start, end));
    this.#caption(drawn);
  }

  #remove(to: string): void {
    const { wire, path, label } = this.#drawn.get(to)!;
    path.remove();
    label?.remove();
    this.#drawn.delete(to);
    for (const end of [wire.from, wire.to]) this.#byNode.get(nodeOf(end))?.delete(to);
  }
}

const nodeOf = (end: string): string => end.slice(0, end.indexOf('.'));
