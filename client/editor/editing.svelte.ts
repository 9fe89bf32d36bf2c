import { Edits } from '../../server/graph/commands.ts';
import { parseEnd, type Frame, type GraphNode, type Note, type Wiring } from '../../server/graph/document.ts';
import type { Patch } from '../../server/graph/patch.ts';
import type { Chosen } from '../canvas/canvas-events.ts';
import type { CanvasNode } from '../canvas/canvas-node.svelte.ts';
import { boundsOf, centreOf, nodeHeight, nodeWidth, type Box, type Point } from '../canvas/geometry.ts';
import type { GraphView, SocketAt } from '../canvas/graph-view.ts';
import type { Wire } from '../canvas/wires.ts';
import { call } from '../state/call.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import type { GraphSession } from '../state/graph-session.svelte.ts';
import type { NodeType } from '../state/types.ts';
import { CanvasNodes, type Level } from './canvas-nodes.ts';
import { makeRoom } from './edits/make-room.ts';
import { leadPast, putOntoWire, throughOf, type NodeSockets } from './edits/leading-past.ts';
import { asType, replaceKeepingWires } from './edits/replacement.ts';
import { EditSequence, wiringAt } from './edits/sequence.ts';
import { pointsBetween, rounded } from './edits/wire-points.ts';
import type { Matches } from './matches.svelte.ts';
import { nodeOf, type Placeable } from './placeable.ts';

/** A level that somebody went into, from the document on. */
interface Step extends Level {
  title: string;
}

const nothing: Chosen = { nodes: [], items: [], wire: null };

/** Where a new node is to be: at the end of a wire from a socket, on a wire, or in the open. */
export interface Spot {
  at: Point;
  from?: SocketAt | null;
  wire?: Wire | null;
}

/** One graph under somebody's hands: what of it is seen, what is selected, and every edit that can be made of that. */
export class Editing {
  readonly session: GraphSession;
  readonly drawn = new CanvasNodes();
  picture: { nodes: readonly CanvasNode[]; wires: readonly Wire[] } = $state.raw({ nodes: [], wires: [] });
  chosen: Chosen = $state.raw(nothing);
  view: GraphView | null = $state.raw(null);
  /** The way into sub-graphs; the document itself first. */
  trail: readonly Step[] = $state.raw([{ title: '', path: [], prefix: '' }]);
  /** What makes shapes agree that do not, once somebody looks for it. */
  matches: Matches | null = null;
  /** The place that the pointer was last at, on the canvas. */
  pointer: Point | null = null;

  #shown: unknown[] = [];

  constructor(session: GraphSession) {
    this.session = session;
  }

  get level(): Step {
    return this.trail.at(-1)!;
  }

  get wiring(): Wiring {
    return wiringAt(this.session.document, this.level.path);
  }

  get frames(): readonly Frame[] {
    return this.wiring.layout?.frames ?? [];
  }

  get notes(): readonly Note[] {
    return this.wiring.layout?.notes ?? [];
  }

  get edits(): Edits {
    return new Edits(this.session.document, this.level.path);
  }

  sequence(): EditSequence {
    return new EditSequence(this.session.document, this.level.path);
  }

  /** Draws what the document, its check and the node types say now. */
  refresh(): void {
    const { document, check } = this.session;
    while (wiringAt(document, this.level.path) === undefined) this.trail = this.trail.slice(0, -1);
    const now = [document, check, this.level.prefix, catalogue.types];
    if (now.every((one, i) => one === this.#shown[i])) return;
    this.#shown = now;
    this.picture = this.drawn.update(document, this.level, check);
    const { nodes, items, wire, point } = this.chosen;
    const there = (item: string): boolean => [...this.frames.map(({ id }) => `frames/${id}`), ...this.notes.map(({ id }) => `notes/${id}`)].includes(item);
    const left = { nodes: nodes.filter((id) => this.drawn.get(id)), items: items.filter(there), wire: (wire && this.picture.wires.find(({ to }) => to === wire.to)) ?? null, point };
    if (point !== undefined && point >= (left.wire?.through.length ?? 0)) left.point = undefined;
    if (left.nodes.length !== nodes.length || left.items.length !== items.length || left.wire !== wire) this.select(left);
    else for (const id of nodes) this.drawn.get(id)!.isSelected = true;
  }

  select(chosen: Partial<Chosen>): void {
    for (const id of this.chosen.nodes) if (this.drawn.get(id)) this.drawn.get(id)!.isSelected = false;
    this.chosen = { ...nothing, ...chosen };
    for (const id of this.chosen.nodes) if (this.drawn.get(id)) this.drawn.get(id)!.isSelected = true;
  }

  selectAll(): void {
    this.select({ nodes: Object.keys(this.wiring.nodes), items: [...this.frames.map(({ id }) => `frames/${id}`), ...this.notes.map(({ id }) => `notes/${id}`)] });
  }

  perform(patch: Patch, label: string, merge: string | null = null): void {
    this.session.perform(patch, label, merge);
    // What was dragged goes back to its place.
    if (this.session.isReadOnly) this.#shown = [];
    this.refresh();
  }

  /** Goes to a node, inside of instances too. */
  show(id: string): void {
    const way = id.split('/');
    this.trail = this.trail.slice(0, 1);
    for (const instance of way.slice(0, -1)) if (!this.enter(instance)) return this.show(instance);
    this.refresh();
    this.select({ nodes: [way.at(-1)!] });
    void this.view?.fit([way.at(-1)!], 1);
  }

  /** Goes into an instance of a sub-graph; false where it is none. */
  enter(id: string): boolean {
    const of = this.wiring.nodes[id]?.of;
    const subgraph = of === undefined ? undefined : this.session.document.subgraphs?.[of];
    if (of === undefined || !subgraph) return false;
    this.select({});
    this.trail = [...this.trail, { title: this.wiring.nodes[id]!.title ?? subgraph.title ?? of, path: ['subgraphs', of], prefix: `${this.level.prefix}${id}/` }];
    this.#showLevel();
    return true;
  }

  /** Goes out again, so that so many levels are left. */
  leave(levels = this.trail.length - 1): void {
    if (levels < 1 || levels >= this.trail.length) return;
    this.select({});
    this.trail = this.trail.slice(0, levels);
    this.#showLevel();
  }

  #showLevel(): void {
    this.refresh();
    const { view, picture } = this;
    void view?.show(picture.nodes, picture.wires).then(() => view.fit(undefined, 1, this.frames));
  }

  socketsOf(node: string): NodeSockets | undefined {
    return this.drawn.get(node)?.sockets;
  }

  boxesOf(ids: readonly string[]): Record<string, Box> {
    return Object.fromEntries(ids.flatMap((id) => (this.drawn.get(id) ? [[id, this.drawn.get(id)!.box]] : [])));
  }

  /** The middle of what is selected, or else of what is seen. */
  get middle(): Point {
    const bounds = boundsOf(Object.values(this.boxesOf(this.chosen.nodes))) ?? this.view?.seen;
    return bounds ? centreOf(bounds) : { x: 0, y: 0 };
  }

  connect(from: string, to: string, insteadOf: string | null = null): void {
    const steps = this.sequence();
    if (insteadOf !== null) steps.do((edits) => edits.disconnect(insteadOf));
    steps.do((edits) => edits.connect({ from, to }));
    this.perform(steps.patch, 'Connect');
  }

  disconnect(to: string): void {
    this.perform(this.edits.disconnect(to), 'Disconnect');
  }

  add(type: Placeable, { at, from = null, wire = null }: Spot): void {
    const steps = this.sequence();
    const id = steps.add(nodeOf(type), { x: Math.round(at.x), y: Math.round(at.y) });
    const through = wire && throughOf(type, wire.type);
    if (wire && through) {
      putOntoWire(steps, id, wire.to, through);
      this.#makeRoom(steps, id, { ...at, width: nodeWidth, height: nodeHeight(Object.keys(type.inputs).length, Object.keys(type.outputs).length) }, wire);
    }
    if (from) {
      const end = Object.entries(from.side === 'out' ? type.inputs : type.outputs).find(([, socket]) => socket.type === from.type)?.[0];
      const [mine, other] = [`${from.node}.${from.socket}`, `${id}.${end}`];
      if (end !== undefined) steps.do((edits) => edits.connect(from.side === 'out' ? { from: mine, to: other } : { from: other, to: mine }));
    }
    this.perform(steps.patch, `Add ${type.title}`);
    this.select({ nodes: [id] });
  }

  mayInsert(node: string, { from, to, type }: Wire): boolean {
    const sockets = this.socketsOf(node);
    const isLoose = !this.wiring.edges.some((edge) => edge.from.startsWith(`${node}.`) || edge.to.startsWith(`${node}.`));
    return isLoose && sockets !== undefined && throughOf(sockets, type) !== null && ![from, to].some((end) => end.startsWith(`${node}.`));
  }

  move(places: Record<string, Point>, items: readonly string[] = [], by: Point = { x: 0, y: 0 }, onto: { node: string; wire: Wire } | null = null, label = 'Move'): void {
    const steps = this.sequence();
    const before = this.wiring.layout?.nodes ?? {};
    steps.do((edits) => edits.move(Object.fromEntries(Object.entries(places).map(([id, place]) => [id, { ...before[id], ...rounded(place) }]))));
    for (const item of items) this.#change(steps, item, (one) => ({ ...one, ...rounded({ x: one.x + by.x, y: one.y + by.y }) }));
    for (const [to, points] of Object.entries(pointsBetween(this.wiring, new Set(Object.keys(places)), by))) steps.do((edits) => edits.lead(to, points));
    const through = onto && throughOf(this.socketsOf(onto.node)!, onto.wire.type);
    if (onto && through) {
      putOntoWire(steps, onto.node, onto.wire.to, through);
      this.#makeRoom(steps, onto.node, { ...this.drawn.get(onto.node)!.box, ...places[onto.node] }, onto.wire);
    }
    this.perform(steps.patch, onto ? 'Put onto the wire' : label, label === 'Move' && !onto ? null : label);
  }

  #makeRoom(steps: EditSequence, id: string, box: Box, wire: Wire): void {
    const [source, target] = [parseEnd(wire.from), parseEnd(wire.to)];
    const [start, end] = [this.drawn.get(source.node)?.socket('out', source.socket), this.drawn.get(target.node)?.socket('in', target.socket)];
    const others = this.boxesOf(Object.keys(this.wiring.nodes).filter((other) => other !== id));
    if (start && end) makeRoom(steps, { id, box, start, end, others });
  }

  /** Leads a wire through other points; `point` is the one of them that is selected then. */
  lead({ to, through }: Wire, points: readonly Point[], point?: number): void {
    const added = points.length - through.length;
    const label = added > 0 ? 'Add a point' : added < 0 ? 'Remove a point' : 'Move a point';
    this.perform(this.edits.lead(to, points.map((one) => ({ ...one, ...rounded(one) }))), label, added === 0 ? `${label} ${point} of ${to}` : null);
    this.select({ wire: this.picture.wires.find((wire) => wire.to === to) ?? null, point });
  }

  /** Moves what is selected by some px. */
  nudge(by: Point): void {
    const { wire, point } = this.chosen;
    if (wire && point !== undefined) return this.lead(wire, wire.through.map((one, i) => (i === point ? { ...one, x: one.x + by.x, y: one.y + by.y } : one)), point);
    const places = Object.entries(this.boxesOf(this.chosen.nodes)).flatMap(([id, { x, y }]) => (id.startsWith('$') ? [] : [[id, { x: x + by.x, y: y + by.y }]]));
    this.move(Object.fromEntries(places), this.chosen.items, by, null, 'Nudge');
  }

  resize(item: string, by: Point): void {
    const steps = this.sequence();
    this.#change(steps, item, (one) => ({ ...one, width: Math.max(120, (one.width ?? 240) + by.x), ...(item.startsWith('frames/') ? { height: Math.max(80, (one.height ?? 0) + by.y) } : {}) }));
    this.perform(steps.patch, 'Resize');
  }

  /** The title of a frame, the text of a note. */
  write(item: string, text: string): void {
    const steps = this.sequence();
    this.#change(steps, item, (one) => (item.startsWith('frames/') ? { ...one, title: text } : { ...one, text }));
    this.perform(steps.patch, item.startsWith('frames/') ? 'Name frame' : 'Write note');
  }

  /** The colour of a frame, `#rrggbb`; none where it is undefined. */
  paint(item: string, colour: string | undefined): void {
    const steps = this.sequence();
    this.#change(steps, item, ({ colour: _, ...one }) => (colour === undefined ? one : { ...one, colour }));
    this.perform(steps.patch, 'Colour frame', `colour ${item}`);
  }

  #change(steps: EditSequence, item: string, to: (one: Frame & Note) => Frame & Note): void {
    const [kind, id] = item.split('/');
    const one = (kind === 'frames' ? this.frames : this.notes).find((other) => other.id === id) as (Frame & Note) | undefined;
    if (one) steps.do((edits) => (kind === 'frames' ? edits.putFrame(to(one)) : edits.putNote(to(one))));
  }

  remove(label = 'Remove'): void {
    const { nodes, items, wire, point } = this.chosen;
    if (wire && point !== undefined) return this.lead(wire, wire.through.filter((_, i) => i !== point));
    const steps = this.sequence();
    if (wire) steps.do((edits) => edits.disconnect(wire.to));
    steps.do((edits) => edits.removeNodes(nodes));
    for (const item of items) steps.do((edits) => edits.remove(item.startsWith('frames/') ? 'frames' : 'notes', item.slice(item.indexOf('/') + 1)));
    this.perform(steps.patch, wire ? 'Disconnect' : nodes.length > 1 ? `${label} ${nodes.length} nodes` : label);
    this.select({});
  }

  /** Takes nodes out of the wires that they are on, which then lead past them; without `keeps` the nodes go too, else they are muted. */
  pullOut(keeps: boolean): void {
    const steps = this.sequence();
    for (const id of this.chosen.nodes) if (this.socketsOf(id)) leadPast(steps, id, this.socketsOf(id)!);
    if (keeps) for (const id of this.chosen.nodes) steps.do((edits) => edits.setNode(id, 'muted', true));
    else steps.do((edits) => edits.removeNodes(this.chosen.nodes));
    this.perform(steps.patch, keeps ? 'Bypass' : 'Take out');
  }

  /** Whether wires could lead past a node. */
  canBypass(node: string): boolean {
    const { inputs, outputs } = this.socketsOf(node) ?? { inputs: {}, outputs: {} };
    return Object.values(outputs).length > 0 && Object.values(outputs).every(({ type }) => Object.values(inputs).some((input) => input.type === type));
  }

  mute(): void {
    const nodes = this.chosen.nodes.filter((id) => Object.hasOwn(this.wiring.nodes, id));
    const areMuted = nodes.every((id) => this.wiring.nodes[id]!.muted);
    this.perform(nodes.flatMap((id) => this.edits.setNode(id, 'muted', areMuted ? undefined : true)), areMuted ? 'Unmute' : 'Mute');
  }

  /** Another node in the place of one; the wires that fit stay. */
  async replace(id: string, type: NodeType): Promise<void> {
    const old = this.wiring.nodes[id];
    if (!old) return;
    const node: GraphNode = asType(old, catalogue.get(old.type), type);
    const sockets = type.movingSockets ? await call<NodeSockets>('POST', '/nodes/sockets', { type: type.type, params: node.params ?? {} }) : type;
    const steps = this.sequence();
    replaceKeepingWires(steps, id, node, this.socketsOf(id) ?? { inputs: {}, outputs: {} }, sockets);
    this.perform(steps.patch, `Replace by ${type.title}`);
  }
}
