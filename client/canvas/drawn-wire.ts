import { FlowLabel, flowLines, oneLine } from './flow-label.ts';
import { meets, type Box, type Point } from './geometry.ts';
import { nearestOn, pathOf, wireCurves, type Cubic } from './wire-curve.ts';
import type { Ends, Wire } from './wires.ts';

const svgNames = 'http://www.w3.org/2000/svg';

/** Of a point's mark, px. */
const pointRadius = 4;

/** Groups of the drawing, the lowest first. */
export interface Layers {
  lines: SVGGElement;
  points: SVGGElement;
  labels: SVGGElement;
  /** Above the nodes. */
  over: SVGGElement;
}

/** One wire in the drawing: its line, marks of the points that it is led through, and what flows. */
export class DrawnWire implements Ends {
  wire: Wire;
  start: Point = { x: NaN, y: NaN };
  end: Point = { x: NaN, y: NaN };
  through: readonly Point[] = [];
  curves: readonly Cubic[] = [];
  readonly path = document.createElementNS(svgNames, 'path');
  readonly points: SVGCircleElement[] = [];
  readonly #layers: Layers;
  #label: FlowLabel | null = null;
  #isLit = false;
  /** Holds all of it. */
  #bounds: Box = { x: NaN, y: NaN, width: 0, height: 0 };

  constructor(wire: Wire, layers: Layers) {
    this.wire = wire;
    this.#layers = layers;
    this.path.dataset['edge'] = wire.to;
  }

  tell(wire: Wire): void {
    this.wire = wire;
    for (const element of [this.path, ...this.points]) element.dataset['type'] = wire.type;
    this.path.classList.toggle('bad', wire.isBad);
  }

  /** False where it is there already. */
  place({ start, end, through }: Ends): boolean {
    if (start.x === this.start.x && start.y === this.start.y && end.x === this.end.x && end.y === this.end.y && through === this.through) return false;
    this.curves = wireCurves(start, end, through);
    Object.assign(this, { start, end, through });
    this.#bounds = boxOf(this.curves);
    this.path.setAttribute('d', pathOf(this.curves));
    this.#markPoints();
    return true;
  }

  /** Has it in the drawing where it comes into a box; null is everywhere. */
  showIn(box: Box | null): void {
    const isShown = box === null || meets(box, this.#bounds);
    if (isShown === this.path.isConnected) return;
    if (isShown) {
      this.#layers.lines.append(this.path);
      this.#layers.points.append(...this.points);
      this.caption(this.#isLit);
    } else for (const element of [this.path, ...this.points, this.#label?.element]) element?.remove();
  }

  /**
   * What flows is told where it comes in: wires of one output part on their way, and no two end at one input. Where that
   * does not fit between the two nodes it is told above them once the wire is brought out.
   */
  caption(isLit: boolean): void {
    this.#isLit = isLit;
    if (!this.path.isConnected) return;
    const { text } = this.wire;
    const lines = text === '' ? null : flowLines(text, this.start, this.end);
    if (text === '' || (lines === null && !isLit)) {
      this.#label?.element.remove();
      this.#label = null;
      return;
    }
    this.#label ??= new FlowLabel();
    this.#label.write(lines ?? oneLine(text), this.end, isLit);
    const layer = lines ? this.#layers.labels : this.#layers.over;
    if (this.#label.element.parentNode !== layer) layer.append(this.#label.element);
  }

  /** How far away a place is, px; infinitely where it is farther than a distance. */
  awayFrom(place: Point, distance: number): number {
    const { x, y, width, height } = this.#bounds;
    const isNear = meets({ x: x - distance, y: y - distance, width: width + 2 * distance, height: height + 2 * distance }, { ...place, width: 0, height: 0 });
    return isNear ? nearestOn(this.curves, place).away : Infinity;
  }

  remove(): void {
    for (const element of [this.path, ...this.points, this.#label?.element]) element?.remove();
  }

  #markPoints(): void {
    for (const gone of this.points.splice(this.through.length)) gone.remove();
    for (const [i, { x, y }] of this.through.entries()) {
      const mark = (this.points[i] ??= this.#drawPoint(i));
      mark.setAttribute('cx', String(x));
      mark.setAttribute('cy', String(y));
    }
  }

  #drawPoint(i: number): SVGCircleElement {
    const mark = document.createElementNS(svgNames, 'circle');
    Object.assign(mark.dataset, { edge: this.wire.to, point: String(i), type: this.wire.type });
    mark.setAttribute('r', String(pointRadius));
    if (this.path.isConnected) this.#layers.points.append(mark);
    return mark;
  }
}

/** A curve lies between the points that draw it. */
function boxOf(curves: readonly Cubic[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const curve of curves) {
    for (const { x, y } of curve) {
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
