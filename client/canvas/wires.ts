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

interface Drawn {
  wire: Wire;
  path: SVGPathElement;
  label: SVGTextElement | null;
  start: Point;
  end: Point;
}

/** Shorter wires have no room for what flows on them, px. */
const shortest = 96;
/** With more wires only those of selected nodes are labelled. */
const mostLabels = 300;

/** All wires of a graph in one drawing, so that moving a node redraws its own alone. */
export class Wires {
  readonly element: SVGSVGElement;
  readonly #drawn = new Map<string, Drawn>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #dragged: SVGPathElement;

  constructor() {
    this.element = document.createElementNS(svgNames, 'svg');
    this.element.classList.add('wires');
    this.#dragged = document.createElementNS(svgNames, 'path');
    this.#dragged.classList.add('dragged');
    this.element.append(this.#dragged);
  }

  /** `ends` gives where both ends of a wire are; null where one has no socket to end at. */
  set(wires: readonly Wire[], ends: (wire: Wire) => { start: Point; end: Point } | null): void {
    const labelled = wires.length <= mostLabels;
    const kept = new Set<string>();
    for (const wire of wires) {
      const at = ends(wire);
      if (!at) continue;
      kept.add(wire.to);
      this.#put(wire, at, labelled);
    }
    for (const to of [...this.#drawn.keys()]) if (!kept.has(to)) this.#remove(to);
  }

  /** Draws the wires of a node anew. */
  move(node: string, ends: (wire: Wire) => { start: Point; end: Point } | null): void {
    for (const to of this.#byNode.get(node) ?? []) {
      const drawn = this.#drawn.get(to)!;
      const at = ends(drawn.wire);
      if (at) this.#place(Object.assign(drawn, at));
    }
  }

  /** The wire that is nearest to a place, within a distance. */
  at({ x, y }: Point, distance: number): Wire | null {
    let nearest: Wire | null = null;
    let least = distance;
    for (const { wire, start, end } of this.#drawn.values()) {
      for (let i = 0; i <= 24; i++) {
        const point = wirePoint(start, end, i / 24);
        const away = Math.hypot(point.x - x, point.y - y);
        if (away < least) [nearest, least] = [wire, away];
      }
    }
    return nearest;
  }

  select(to: string | null): void {
    for (const [id, { path }] of this.#drawn) path.classList.toggle('selected', id === to);
  }

  /** A wire that is being drawn; null for none. */
  drag(ends: { start: Point; end: Point; type: string } | null): void {
    this.#dragged.setAttribute('d', ends ? wirePath(ends.start, ends.end) : '');
    if (ends) this.#dragged.dataset['type'] = ends.type;
  }

  #put(wire: Wire, { start, end }: { start: Point; end: Point }, labelled: boolean): void {
    const before = this.#drawn.get(wire.to);
    if (before && before.wire.from !== wire.from) this.#remove(wire.to);
    const drawn = this.#drawn.get(wire.to) ?? this.#draw(wire);
    Object.assign(drawn, { wire, start, end });
    drawn.path.dataset['type'] = wire.type;
    drawn.path.classList.toggle('bad', wire.isBad);
    if (labelled && wire.text) {
      drawn.label ??= this.#label();
      drawn.label.textContent = wire.text;
    } else {
      drawn.label?.remove();
      drawn.label = null;
    }
    this.#place(drawn);
  }

  #draw(wire: Wire): Drawn {
    const path = document.createElementNS(svgNames, 'path');
    path.dataset['edge'] = wire.to;
    this.element.prepend(path);
    const drawn: Drawn = { wire, path, label: null, start: { x: 0, y: 0 }, end: { x: 0, y: 0 } };
    this.#drawn.set(wire.to, drawn);
    for (const end of [wire.from, wire.to]) {
      const node = nodeOf(end);
      this.#byNode.set(node, (this.#byNode.get(node) ?? new Set()).add(wire.to));
    }
    return drawn;
  }

  #label(): SVGTextElement {
    const label = document.createElementNS(svgNames, 'text');
    this.element.append(label);
    return label;
  }

  #place({ path, label, start, end }: Drawn): void {
    path.setAttribute('d', wirePath(start, end));
    if (!label) return;
    const { x, y } = wirePoint(start, end, 0.5);
    label.setAttribute('x', String(x));
    label.setAttribute('y', String(y - 5));
    label.classList.toggle('hidden', Math.hypot(end.x - start.x, end.y - start.y) < shortest);
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
