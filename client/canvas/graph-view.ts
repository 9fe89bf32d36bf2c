import { NodeEditor, type BaseSchemes } from 'rete';
import { AreaExtensions, AreaPlugin, Drag } from 'rete-area-plugin';
import { parseEnd } from '../../server/graph/document.ts';
import type { CanvasNode } from './canvas-node.svelte.ts';
import { centreOf, contains, grown, holds, snapped, type Box, type Point, type Side } from './geometry.ts';
import { Hold } from './hold.ts';
import { NodeElements } from './node-elements.ts';
import { Viewport, zooms, type Transform } from './viewport.ts';
import { Wires, type Ends, type Wire } from './wires.ts';

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
  /** A node was clicked; `adds` where the selection is to be widened. */
  onPick(node: string, adds: boolean): void;
  /** A node is dragged, and what is selected with it: by how far. */
  onDrag(node: string, by: Point): void;
  /** It was let go; by nothing where it was only clicked. */
  onDrop(node: string, by: Point): void;
  onTransform(transform: Transform): void;
  /** Nodes and wires are to be drawn as a picture, or no more. */
  onPicture(isPicture: boolean): void;
}

/** A socket that a wire is drawn from. */
export interface SocketAt {
  node: string;
  socket: string;
  side: Side;
  type: string;
}

/** Of more nodes only those near what is seen are in the page; of fewer all are, for readers of screens too. */
const mostAll = 150;
/** How much more than is seen is drawn, as a share of it, on each side. */
const around = 1 / 8;
/** The scale below which there is room for titles alone. */
export const farBelow = 0.45;
/** The scale below which nodes are not in the page but drawn as a picture: in a large graph as soon as that shows all there is room for. */
const pictureBelow = (nodes: number): number => (nodes > mostAll ? farBelow : 0);
/**
 * The picture of a graph: rete's editor and area carry pan, zoom and dragging; nodes are Svelte components that are
 * mounted once, wires are one drawing. It knows nothing of documents but where their nodes are.
 */
export class GraphView extends Viewport {
  readonly nodes = new Map<string, CanvasNode>();
  readonly wires = new Wires();
  /** Whether nodes that are dragged come to rest on the grid. */
  snaps = false;
  /** Whether nodes and wires are to be drawn as a picture, since they are not all in the page. */
  isPicture = false;
  readonly #editor = new NodeEditor<Scheme>();
  readonly #area: AreaPlugin<Scheme>;
  readonly #events: ViewEvents;
  readonly #elements = new NodeElements();
  #hold: Hold | null = null;
  /** How far what is held has been moved. */
  #heldBy: Point = { x: 0, y: 0 };
  #dragged: string | null = null;
  #isPlacing = false;
  #culling = 0;
  /** One picture after the other. */
  #shown: Promise<void> = Promise.resolve();

  constructor(container: HTMLElement, events: ViewEvents) {
    super(container);
    this.#events = events;
    this.#area = new AreaPlugin<Scheme>(container);
    // What is hidden can be scrolled to, and what is drawn would lie elsewhere than the pointer.
    container.style.overflow = 'clip';
    this.#editor.use(this.#area);
    AreaExtensions.restrictor(this.#area, { scaling: zooms });
    this.#area.area.setDragHandler(new Drag({ down: ({ pointerType, button }) => pointerType !== 'mouse' || button === 0 || button === 1, move: () => true }));
    this.#area.area.content.holder.prepend(this.wires.element);
    this.#area.area.content.holder.append(this.wires.over);
    this.#area.addPipe((context) => {
      if (typeof context !== 'object' || context === null || !('type' in context)) return context;
      switch (context.type) {
        case 'zoom':
          return context.data.source === 'dblclick' ? undefined : context;
        case 'render':
          if (context.data.type === 'node') this.#elements.add(this.nodes.get(context.data.payload.id)!, context.data.element);
          return context;
        case 'nodepicked':
          this.#pick(context.data.id);
          return context;
        case 'nodetranslate':
          return this.#mayMove(context.data.id) ? { ...context, data: { ...context.data, position: this.#resting(context.data.id, context.data.position) } } : undefined;
        case 'nodetranslated':
          this.#moved(context.data.id, context.data.position);
          return context;
        case 'nodedragged':
          this.#drop();
          return context;
        case 'translated':
        case 'zoomed':
          this.#cullSoon();
          events.onTransform({ ...this.#area.area.transform });
          return context;
        default:
          return context;
      }
    });
  }

  protected get plane(): AreaPlugin<Scheme>['area'] {
    return this.#area.area;
  }

  protected resized(): void {
    this.#cullSoon();
    this.#events.onTransform({ ...this.transform });
  }

  /** Has boxes in view, before anything is shown. */
  begin(boxes: readonly Box[]): void {
    this.#shown = this.fitBoxes(boxes);
  }

  /** Shows these nodes at these places, and these wires; nodes that are gone go. */
  show(nodes: readonly CanvasNode[], wires: readonly Wire[]): Promise<void> {
    return (this.#shown = this.#shown.then(() => this.#show(nodes, wires)));
  }

  async #show(nodes: readonly CanvasNode[], wires: readonly Wire[]): Promise<void> {
    const wanted = new Set(nodes.map(({ id }) => id));
    for (const id of [...this.nodes.keys()]) if (!wanted.has(id)) await this.#remove(id);
    for (const node of nodes) if (this.nodes.get(node.id) !== node && this.nodes.has(node.id)) await this.#remove(node.id);
    for (const node of nodes) this.nodes.set(node.id, node);
    this.#isPlacing = true;
    for (const node of nodes) {
      if (!this.#area.nodeViews.has(node.id)) await this.#editor.addNode({ id: node.id, width: node.width, height: node.height });
      const at = this.#area.nodeViews.get(node.id)?.position;
      if (!node.isHeld && (at?.x !== node.place.x || at.y !== node.place.y)) await this.#area.translate(node.id, node.place);
    }
    this.#isPlacing = false;
    this.#cull();
    this.wires.set(wires, this.#ends);
  }

  /** Takes what lies beneath the wires and moves with them. */
  adopt(element: HTMLElement): void {
    this.#area.area.content.holder.prepend(element);
  }

  /** Brings nodes into view, all where none are named, and boxes besides. */
  async fit(ids: readonly string[] = [...this.nodes.keys()], most = 1, others: readonly Box[] = []): Promise<void> {
    await this.fitBoxes([...ids.flatMap((id) => this.nodes.get(id)?.box ?? []), ...others], most);
  }

  /** Moves the view where a node is not wholly seen. */
  reveal(id: string): void {
    const node = this.nodes.get(id);
    if (node && !holds(this.seen, node.box)) void this.centre(centreOf(node.box));
  }

  /** The uppermost node at a place. */
  nodeAt(place: Point): CanvasNode | undefined {
    return [...this.nodes.values()].findLast(({ box }) => contains(box, place));
  }

  /** Takes hold of a node that is in the picture, as if the pointer had come down on it. */
  press(node: CanvasNode, event: PointerEvent): void {
    this.#elements.get(node.id)?.dispatchEvent(new PointerEvent(event.type, event));
  }

  wireAt(place: Point, isLooked?: (wire: Wire) => boolean, distance = 8): Wire | null {
    return this.wires.at(place, distance / this.scale, isLooked);
  }

  /** Draws a wire from a socket to a place; null ends that. */
  drawWire(from: SocketAt | null, to: Point | null): void {
    const start = from && this.nodes.get(from.node)?.socket(from.side, from.socket);
    if (!from || !start || !to) return this.wires.drag(null);
    this.wires.drag({ type: from.type, ...(from.side === 'out' ? { start, end: to } : { start: to, end: start }) });
  }

  /** Takes nodes up, so that they can be moved together. */
  lift(ids: readonly string[]): void {
    this.#heldBy = { x: 0, y: 0 };
    this.#hold = new Hold(ids.flatMap((id) => this.nodes.get(id) ?? []).filter(({ isBoundary }) => !isBoundary));
  }

  /** Moves what was taken up, all but a node that is moved already. */
  moveLifted(by: Point, but?: string): void {
    if (!this.#hold) return;
    this.#heldBy = by;
    for (const [id, place] of this.#hold.at(by)) {
      if (id === but) continue;
      this.nodes.get(id)!.place = place;
      void this.#area.translate(id, place);
    }
    this.wires.move(this.#hold.ids, this.#ends);
  }

  /** Lets go of it; gives where it is now. */
  letGo(by: Point): Record<string, Point> {
    const places = Object.fromEntries(this.#hold?.at(by) ?? []);
    this.#hold?.end();
    this.#hold = null;
    return places;
  }

  override destroy(): void {
    super.destroy();
    cancelAnimationFrame(this.#culling);
    this.#elements.destroy();
    this.#area.destroy();
  }

  #cullSoon(): void {
    cancelAnimationFrame(this.#culling);
    this.#culling = requestAnimationFrame(() => this.#cull());
  }

  /** Draws what is near; the rest of a large graph is not in the page, and far away nothing is. */
  #cull(): void {
    if (this.scale < pictureBelow(this.nodes.size)) {
      this.#elements.hideAll();
      this.wires.hideAll();
      return this.#setPicture(true);
    }
    const box = this.nodes.size > mostAll ? grown(this.seen, around) : null;
    this.wires.showIn(box);
    const shown = box ? this.#elements.showIn(box, this.seen) : this.#elements.showAll();
    if (shown !== 'all') this.#cullSoon();
    // The picture stays until there is nothing to be missed without it.
    if (shown !== 'some') this.#setPicture(false);
  }

  #setPicture(isPicture: boolean): void {
    if (isPicture !== this.isPicture) this.#events.onPicture(isPicture);
    this.isPicture = isPicture;
  }

  readonly #ends = ({ from, to, through }: Wire): Ends | null => {
    const [source, target] = [parseEnd(from), parseEnd(to)];
    const start = this.nodes.get(source.node)?.socket('out', source.socket);
    const end = this.nodes.get(target.node)?.socket('in', target.socket);
    if (!start || !end) return null;
    const isHeld = through.length > 0 && this.#hold?.has(source.node) && this.#hold.has(target.node);
    return { start, end, through: isHeld ? through.map(({ x, y }) => ({ x: x + this.#heldBy.x, y: y + this.#heldBy.y })) : through };
  };

  async #remove(id: string): Promise<void> {
    this.#elements.remove(id);
    this.nodes.delete(id);
    await this.#editor.removeNode(id);
  }

  #pick(id: string): void {
    this.#events.onPick(id, lastPointer?.shiftKey || lastPointer?.ctrlKey || lastPointer?.metaKey || false);
    this.#dragged = id;
    this.lift([...new Set([id, ...[...this.nodes.values()].filter(({ isSelected }) => isSelected).map((node) => node.id)])]);
  }

  #mayMove(id: string): boolean {
    return this.#isPlacing || !this.nodes.get(id)?.isBoundary;
  }

  #resting(id: string, position: Point): Point {
    return this.snaps && id === this.#dragged ? snapped(position) : position;
  }

  #moved(id: string, position: Point): void {
    const node = this.nodes.get(id);
    // A node that is shown is where the document says, whatever rete begins with.
    if (!node || (this.#isPlacing && !node.isHeld)) return;
    node.place = { ...position };
    if (this.#dragged !== id || !this.#hold) return;
    const by = this.#hold.by(id, position);
    this.moveLifted(by, id);
    this.#events.onDrag(id, by);
  }

  #drop(): void {
    const [id, hold] = [this.#dragged, this.#hold];
    this.#dragged = null;
    if (id === null || !hold) return;
    this.#events.onDrop(id, hold.by(id, this.nodes.get(id)?.place ?? { x: 0, y: 0 }));
  }
}

/** rete says which node was picked, not with which keys. */
let lastPointer: PointerEvent | null = null;
window.addEventListener('pointerdown', (event) => (lastPointer = event), { capture: true });
