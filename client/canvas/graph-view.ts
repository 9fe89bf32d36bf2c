import { NodeEditor, type BaseSchemes } from 'rete';
import { AreaExtensions, AreaPlugin } from 'rete-area-plugin';
import { mount, unmount } from 'svelte';
import { parseEnd } from '../../server/graph/document.ts';
import type { CanvasNode } from './canvas-node.svelte.ts';
import { boundsOf, type Point, type Side } from './geometry.ts';
import NodeBody from './NodeBody.svelte';
import { Wires, type Wire } from './wires.ts';

interface Shown {
  id: string;
  width: number;
  height: number;
}
interface Scheme extends BaseSchemes {
  Node: Shown;
  Connection: { id: string; source: string; target: string };
}

export interface ViewEvents {
  /** Nodes were dragged to new places. */
  onMoved(places: Record<string, Point>): void;
  /** A node was clicked; `adds` where the selection is to be widened. */
  onPick(node: string, adds: boolean): void;
  onTransform(transform: { x: number; y: number; k: number }): void;
}

/** A socket that a wire is drawn from. */
export interface SocketAt {
  node: string;
  socket: string;
  side: Side;
  type: string;
}

const zooms = { min: 0.08, max: 2.5 };

/**
 * The picture of a graph: rete's editor and area carry pan, zoom and dragging; nodes are Svelte components that are
 * mounted once, wires are one drawing. It knows nothing of documents but where their nodes are.
 */
export class GraphView {
  readonly nodes = new Map<string, CanvasNode>();
  readonly #editor = new NodeEditor<Scheme>();
  readonly #area: AreaPlugin<Scheme>;
  readonly #wires = new Wires();
  readonly #events: ViewEvents;
  readonly #bodies = new Map<string, object>();
  /** Nodes that move along with the one that is dragged, and where they were. */
  #dragging: { node: string; from: Map<string, Point> } | null = null;
  #isPlacing = false;
  /** One picture after the other. */
  #shown: Promise<void> = Promise.resolve();

  constructor(container: HTMLElement, events: ViewEvents) {
    this.#events = events;
    this.#area = new AreaPlugin<Scheme>(container);
    this.#editor.use(this.#area);
    AreaExtensions.restrictor(this.#area, { scaling: zooms });
    this.#area.area.content.holder.prepend(this.#wires.element);
    this.#area.addPipe((context) => {
      if (typeof context !== 'object' || context === null || !('type' in context)) return context;
      switch (context.type) {
        case 'zoom':
          return context.data.source === 'dblclick' ? undefined : context;
        case 'render':
          if (context.data.type === 'node') this.#draw(context.data.element, context.data.payload.id);
          return context;
        case 'unmount':
          return context;
        case 'nodepicked':
          this.#pick(context.data.id);
          return context;
        case 'nodetranslated':
          this.#moved(context.data.id, context.data.position);
          return context;
        case 'nodedragged':
          this.#dragged();
          return context;
        case 'translated':
        case 'zoomed':
          events.onTransform({ ...this.#area.area.transform });
          return context;
        default:
          return context;
      }
    });
  }

  /** Shows these nodes at these places, and these wires; nodes that are gone go. */
  show(nodes: readonly CanvasNode[], wires: readonly Wire[]): Promise<void> {
    return (this.#shown = this.#shown.then(() => this.#show(nodes, wires)));
  }

  async #show(nodes: readonly CanvasNode[], wires: readonly Wire[]): Promise<void> {
    const wanted = new Map(nodes.map((node) => [node.id, node]));
    for (const id of [...this.nodes.keys()]) if (!wanted.has(id)) await this.#remove(id);
    this.#isPlacing = true;
    for (const node of nodes) this.nodes.set(node.id, node);
    for (const node of nodes) {
      if (!this.#editor.getNode(node.id)) await this.#editor.addNode({ id: node.id, width: node.width, height: node.height });
      const at = this.#area.nodeViews.get(node.id)?.position;
      if (at?.x !== node.place.x || at.y !== node.place.y) await this.#area.translate(node.id, node.place);
    }
    this.#isPlacing = false;
    this.#wires.set(wires, this.#ends);
  }

  /** The place on the canvas of one on the screen. */
  placeOf({ x, y }: Point): Point {
    const { left, top } = this.#area.container.getBoundingClientRect();
    const { x: dx, y: dy, k } = this.#area.area.transform;
    return { x: (x - left - dx) / k, y: (y - top - dy) / k };
  }

  get scale(): number {
    return this.#area.area.transform.k;
  }

  /** Brings nodes into view, all where none are named. */
  async fit(ids: readonly string[] = [...this.nodes.keys()], most = 1): Promise<void> {
    const bounds = boundsOf(ids.flatMap((id) => this.nodes.get(id)?.box ?? []));
    if (!bounds) return;
    const { width, height } = this.#area.container.getBoundingClientRect();
    const k = Math.max(zooms.min, Math.min(most, (width - 48) / bounds.width, (height - 48) / bounds.height));
    await this.#area.area.zoom(k, 0, 0);
    await this.#area.area.translate((width - bounds.width * k) / 2 - bounds.x * k, (height - bounds.height * k) / 2 - bounds.y * k);
  }

  async zoomBy(factor: number): Promise<void> {
    const { x, y, k } = this.#area.area.transform;
    const { width, height } = this.#area.container.getBoundingClientRect();
    const wanted = Math.max(zooms.min, Math.min(zooms.max, k * factor));
    await this.#area.area.zoom(wanted, (x - width / 2) * (wanted / k - 1), (y - height / 2) * (wanted / k - 1));
  }

  /** The nearest socket that a wire from another may end at. */
  socketNear(place: Point, distance: number, fits: (socket: SocketAt) => boolean): SocketAt | null {
    let nearest: SocketAt | null = null;
    let least = distance;
    for (const node of this.nodes.values()) {
      const { x, y, width, height } = node.box;
      if (place.x < x - distance || place.x > x + width + distance || place.y < y - distance || place.y > y + height + distance) continue;
      for (const side of ['in', 'out'] as const) {
        for (const { name, type } of side === 'in' ? node.inputs : node.outputs) {
          const at = node.socket(side, name)!;
          const away = Math.hypot(at.x - place.x, at.y - place.y);
          const socket = { node: node.id, socket: name, side, type };
          if (away < least && fits(socket)) [nearest, least] = [socket, away];
        }
      }
    }
    return nearest;
  }

  wireAt(place: Point): Wire | null {
    return this.#wires.at(place, 8 / this.scale);
  }

  selectWire(to: string | null): void {
    this.#wires.select(to);
  }

  /** Draws a wire from a socket to a place; null ends that. */
  drawWire(from: SocketAt | null, to: Point | null): void {
    const start = from && this.nodes.get(from.node)?.socket(from.side, from.socket);
    if (!from || !start || !to) return this.#wires.drag(null);
    this.#wires.drag({ type: from.type, ...(from.side === 'out' ? { start, end: to } : { start: to, end: start }) });
  }

  destroy(): void {
    for (const body of this.#bodies.values()) void unmount(body);
    this.#area.destroy();
  }

  readonly #ends = ({ from, to }: Wire): { start: Point; end: Point } | null => {
    const [source, target] = [parseEnd(from), parseEnd(to)];
    const start = this.nodes.get(source.node)?.socket('out', source.socket);
    const end = this.nodes.get(target.node)?.socket('in', target.socket);
    return start && end ? { start, end } : null;
  };

  #draw(element: HTMLElement, id: string): void {
    if (this.#bodies.has(id)) return;
    this.#bodies.set(id, mount(NodeBody, { target: element, props: { node: this.nodes.get(id)! } }));
  }

  async #remove(id: string): Promise<void> {
    const body = this.#bodies.get(id);
    this.#bodies.delete(id);
    if (body) void unmount(body);
    this.nodes.delete(id);
    await this.#editor.removeNode(id);
  }

  #pick(id: string): void {
    const adds = lastPointer?.shiftKey || lastPointer?.ctrlKey || lastPointer?.metaKey || false;
    this.#events.onPick(id, adds);
    const along = [...this.nodes.values()].filter((node) => node.isSelected && node.id !== id);
    this.#dragging = { node: id, from: new Map([this.nodes.get(id)!, ...along].map((node) => [node.id, { ...node.place }])) };
  }

  #moved(id: string, position: Point): void {
    const node = this.nodes.get(id);
    // A node that is shown is where the document says, whatever rete begins with.
    if (!node || this.#isPlacing) return;
    node.place = { ...position };
    this.#wires.move(id, this.#ends);
    if (this.#dragging?.node !== id) return;
    const from = this.#dragging.from.get(id)!;
    for (const [other, { x, y }] of this.#dragging.from) {
      if (other !== id) void this.#area.translate(other, { x: x + position.x - from.x, y: y + position.y - from.y });
    }
  }

  #dragged(): void {
    const from = this.#dragging?.from;
    this.#dragging = null;
    if (!from) return;
    const moved = [...from].filter(([id, { x, y }]) => this.nodes.get(id)?.place.x !== x || this.nodes.get(id)?.place.y !== y);
    if (moved.length > 0) this.#events.onMoved(Object.fromEntries(moved.map(([id]) => [id, this.nodes.get(id)!.place])));
  }
}

/** rete says which node was picked, not with which keys. */
let lastPointer: PointerEvent | null = null;
window.addEventListener('pointerdown', (event) => (lastPointer = event), { capture: true });

