import { boundsOf, type Box, type Point } from './geometry.ts';

export interface Transform extends Point {
  k: number;
}

/** What is moved and scaled under the view: rete's area. */
interface Plane {
  readonly transform: Transform;
  zoom(k: number, x: number, y: number): Promise<unknown>;
  translate(x: number, y: number): Promise<unknown>;
}

export const zooms = { min: 0.06, max: 2.5 };
/** Left free round what is brought into view, px of the screen; a toolbar stands at the bottom. */
const margin = { side: 24, top: 24, bottom: 60 };

/** Which part of the canvas is seen, and how large: places on the screen and on the canvas, and the moves of the view. */
export abstract class Viewport {
  /** What all of it is drawn in. */
  readonly element: HTMLElement;
  protected abstract readonly plane: Plane;
  #size: { width: number; height: number };
  readonly #observer: ResizeObserver;

  constructor(element: HTMLElement) {
    this.element = element;
    this.#size = { width: element.clientWidth, height: element.clientHeight };
    this.#observer = new ResizeObserver(() => {
      this.#size = { width: element.clientWidth, height: element.clientHeight };
      this.resized();
    });
    this.#observer.observe(element);
  }

  /** Another part is seen, since the view is larger or smaller now. */
  protected abstract resized(): void;

  get transform(): Readonly<Transform> {
    return this.plane.transform;
  }

  get scale(): number {
    return this.transform.k;
  }

  /** Of the view, px of the screen. */
  get size(): { width: number; height: number } {
    return this.#size;
  }

  /** The place on the canvas of one on the screen. */
  placeOf({ x, y }: Point): Point {
    const { left, top } = this.element.getBoundingClientRect();
    const { x: dx, y: dy, k } = this.transform;
    return { x: (x - left - dx) / k, y: (y - top - dy) / k };
  }

  /** The place on the screen of one on the canvas. */
  screenOf({ x, y }: Point): Point {
    const { left, top } = this.element.getBoundingClientRect();
    const { x: dx, y: dy, k } = this.transform;
    return { x: left + dx + x * k, y: top + dy + y * k };
  }

  /** The part of the canvas that is seen. */
  get seen(): Box {
    const { x, y, k } = this.transform;
    const { width, height } = this.size;
    return { x: -x / k, y: -y / k, width: width / k, height: height / k };
  }

  /** Brings boxes into view, at most so large. */
  async fitBoxes(boxes: readonly Box[], most = 1): Promise<void> {
    const bounds = boundsOf(boxes);
    const { width, height } = this.size;
    if (!bounds || width === 0) return;
    const [roomX, roomY] = [width - 2 * margin.side, height - margin.top - margin.bottom];
    const k = Math.max(zooms.min, Math.min(most, roomX / bounds.width, roomY / bounds.height));
    await this.plane.zoom(k, 0, 0);
    await this.plane.translate(margin.side + (roomX - bounds.width * k) / 2 - bounds.x * k, margin.top + (roomY - bounds.height * k) / 2 - bounds.y * k);
  }

  /** Moves the view so that a place of the canvas is in its middle. */
  async centre({ x, y }: Point): Promise<void> {
    const { width, height } = this.size;
    await this.plane.translate(width / 2 - x * this.scale, height / 2 - y * this.scale);
  }

  async panBy({ x, y }: Point): Promise<void> {
    await this.plane.translate(this.transform.x + x, this.transform.y + y);
  }

  /** `at` stays where it is: a place on the screen, the middle of the view unless said. */
  async zoomBy(factor: number, at?: Point): Promise<void> {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const { x, y, k } = this.transform;
    const [fromX, fromY] = at ? [at.x - left, at.y - top] : [width / 2, height / 2];
    const wanted = Math.max(zooms.min, Math.min(zooms.max, k * factor));
    await this.plane.zoom(wanted, (x - fromX) * (wanted / k - 1), (y - fromY) * (wanted / k - 1));
  }

  destroy(): void {
    this.#observer.disconnect();
  }
}
