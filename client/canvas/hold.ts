import type { CanvasNode } from './canvas-node.svelte.ts';
import type { Point } from './geometry.ts';

/** Nodes that are moved together, and where they were. */
export class Hold {
  readonly #from: ReadonlyMap<CanvasNode, Point>;

  constructor(nodes: readonly CanvasNode[]) {
    this.#from = new Map(nodes.map((node) => [node, node.place]));
    for (const node of nodes) node.isHeld = true;
  }

  has(id: string): boolean {
    for (const node of this.#from.keys()) if (node.id === id) return true;
    return false;
  }

  get ids(): string[] {
    return [...this.#from.keys()].map(({ id }) => id);
  }

  /** Where they are when moved. */
  at({ x, y }: Point): [string, Point][] {
    return [...this.#from].map(([{ id }, from]) => [id, { x: from.x + x, y: from.y + y }]);
  }

  /** How far one has come, and so all. */
  by(id: string, { x, y }: Point): Point {
    for (const [node, from] of this.#from) if (node.id === id) return { x: x - from.x, y: y - from.y };
    return { x: 0, y: 0 };
  }

  end(): void {
    for (const node of this.#from.keys()) node.isHeld = false;
  }
}
