import { INPUTS, OUTPUTS, parseEnd, type Edge, type GraphDocument, type GraphNode, type Port, type Subgraph, type Wiring } from '../../server/graph/document.ts';
import type { Path } from '../../server/graph/path.ts';
import type { Problem, Sockets } from '../../plugins/sdk/index.ts';
import { CanvasNode, type SocketRow } from '../canvas/canvas-node.svelte.ts';
import { boundsOf } from '../canvas/geometry.ts';
import type { Wire } from '../canvas/wires.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import type { Check } from '../state/types.ts';
import type { NodeSockets } from './edits/leading-past.ts';
import { wiringAt } from './edits/sequence.ts';
import { missingType, socketsByWires } from './missing-type.ts';
import { titleOf } from './names.ts';
import { nodeAt } from './node-at.ts';
import { placesOfUnplaced } from './unplaced.ts';

/** Which part of a document is drawn: all of it, or the inside of an instance of a sub-graph. */
export interface Level {
  path: Path;
  /** What the ids of a check have before those of this level: empty, or `instance/`. */
  prefix: string;
}

/** One list for all wires that have no points, so that they are seen to be the same. */
const straight: readonly [] = [];

/** What of a document is drawn: its nodes as they are on the canvas, kept from one picture to the next, and its wires. */
export class CanvasNodes {
  readonly #nodes = new Map<string, CanvasNode>();
  #level = '';

  get(id: string): CanvasNode | undefined {
    return this.#nodes.get(id);
  }

  all(): CanvasNode[] {
    return [...this.#nodes.values()];
  }

  /** Brings the nodes to what the document and its check say. */
  update(document: GraphDocument, level: Level, check: Check | null): { nodes: CanvasNode[]; wires: Wire[] } {
    const wiring = wiringAt(document, level.path);
    if (this.#level !== level.prefix) this.#nodes.clear();
    this.#level = level.prefix;
    for (const id of [...this.#nodes.keys()]) if (!Object.hasOwn(wiring.nodes, id) && !id.startsWith('$')) this.#nodes.delete(id);
    const wired = { to: byNode(wiring.edges, 'to'), from: byNode(wiring.edges, 'from') };
    const problems = problemsByNode(check, level.prefix);
    const unplaced = placesOfUnplaced(wiring);
    for (const [id, node] of Object.entries(wiring.nodes)) {
      const drawn = this.#at(id);
      const place = wiring.layout?.nodes?.[id] ?? unplaced.get(id);
      describe(drawn, node, document, socketsOf(id, node, document, level, check));
      drawn.inputs = kept(drawn.inputs, withLoose(rowsOf(drawn.sockets.inputs), wired.to.get(id)));
      drawn.outputs = kept(drawn.outputs, withLoose(rowsOf(drawn.sockets.outputs), wired.from.get(id)));
      if (!drawn.isHeld) drawn.place = { x: place?.x ?? 0, y: place?.y ?? 0 };
      showProblems(drawn, problems.get(id) ?? []);
    }
    if (level.path.length > 0) this.#drawEnds(wiring as Subgraph);
    return { nodes: this.all(), wires: this.#wires(wiring, level, check) };
  }

  #at(id: string): CanvasNode {
    const node = this.#nodes.get(id) ?? new CanvasNode(id);
    this.#nodes.set(id, node);
    return node;
  }

  /** Where values come into a sub-graph stands on its left, where they leave on its right. */
  #drawEnds({ inputs, outputs }: Subgraph): void {
    const bounds = boundsOf(this.all().filter(({ id }) => !id.startsWith('$')).map(({ box }) => box)) ?? { x: 0, y: 0, width: 0, height: 0 };
    const ends: [string, string, Sockets, Sockets, number][] = [
      [INPUTS, 'Inputs', {}, portsOf(inputs), bounds.x - 320],
      [OUTPUTS, 'Outputs', portsOf(outputs), {}, bounds.x + bounds.width + 104],
    ];
    for (const [id, title, into, out, x] of ends) {
      const end = this.#at(id);
      Object.assign(end, { title, category: 'sub-graph', isBoundary: true, help: 'Comes with the sub-graph: its instances have these sockets.' });
      end.sockets = { inputs: into, outputs: out };
      end.inputs = kept(end.inputs, rowsOf(into));
      end.outputs = kept(end.outputs, rowsOf(out));
      end.place = { x, y: Math.round(bounds.y + bounds.height / 2 - end.height / 2) };
    }
  }

  #wires({ edges, layout }: Wiring, { prefix }: Level, check: Check | null): Wire[] {
    const flows = flowTexts(check);
    return edges.map(({ from, to }) => {
      const [source, target] = [parseEnd(from), parseEnd(to)];
      const type = this.#nodes.get(source.node)?.outputs.find(({ name }) => name === source.socket)?.type ?? 'other';
      const isBad = this.#nodes.get(target.node)?.badSockets.has(target.socket) ?? false;
      const text = target.node === OUTPUTS ? flows.out.get(`${prefix.slice(0, -1)}.${target.socket}`) : flows.into.get(prefix + to);
      return { from, to, type, text: text ?? '', isBad, through: layout?.wires?.[to] ?? straight };
    });
  }
}

/** What flows into inputs, and out of the outputs of instances, whose sockets may have the same names on both sides. */
function flowTexts(check: Check | null): { into: Map<string, string>; out: Map<string, string> } {
  const texts = { into: new Map<string, string>(), out: new Map<string, string>() };
  for (const { from, to, via, text } of check?.edges ?? []) {
    const entered = new Set<string>();
    for (const end of via) {
      const { node: instance } = parseEnd(end);
      const isInside = entered.has(instance) || from.startsWith(`${instance}/`);
      if (!isInside) entered.add(instance);
      texts[isInside ? 'out' : 'into'].set(end, text);
    }
    texts.into.set(to, text);
  }
  return texts;
}

/** Sockets of a node of a level as far as they are known: those that its parameters give it, or else its type's. */
export function socketsOf(id: string, node: GraphNode, document: GraphDocument, { path }: Level, check: Check | null): NodeSockets | undefined {
  const subgraph = node.of === undefined ? undefined : document.subgraphs?.[node.of];
  if (subgraph) return { inputs: portsOf(subgraph.inputs), outputs: portsOf(subgraph.outputs) };
  const known = check?.sockets[path.length === 0 ? id : `${path[1]}/${id}`] ?? catalogue.get(node.type);
  if (known) return known;
  const wiring = wiringAt(document, path);
  return socketsByWires(id, wiring, (end, side) => {
    const other = wiring.nodes[end.node];
    const isMissing = other?.of === undefined && catalogue.get(other?.type ?? '') === undefined;
    return other && !isMissing ? socketsOf(end.node, other, document, { path, prefix: '' }, check)?.[side][end.socket]?.type : undefined;
  });
}

function describe(drawn: CanvasNode, node: GraphNode, document: GraphDocument, sockets: NodeSockets | undefined): void {
  const type = catalogue.get(node.type);
  const subgraph = node.of === undefined ? undefined : document.subgraphs?.[node.of];
  drawn.type = node.type;
  const missing = type || node.of !== undefined ? null : missingType(node.type, document);
  drawn.title = titleOf(node, document);
  drawn.category = subgraph ? 'sub-graph' : (type?.category ?? 'other');
  drawn.help = [missing ? `A node of the plugin ${missing.plugin} that is not here` : (type?.summary ?? subgraph?.description), type?.cite && `Source: ${type.cite}`, node.comment].filter(Boolean).join('\n\n');
  drawn.isKnown = type !== undefined || subgraph !== undefined;
  drawn.isMuted = node.muted ?? false;
  drawn.sockets = sockets ?? { inputs: {}, outputs: {} };
}

function showProblems(drawn: CanvasNode, problems: readonly Problem[]): void {
  const said = ({ message, hint }: Problem): string => (hint ? `${message} (${hint})` : message);
  const worst = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  const text = problems.map(said).join('\n');
  if (drawn.problem?.text !== (worst && text) || drawn.problem?.severity !== worst?.severity) drawn.problem = worst ? { severity: worst.severity, text } : null;
  if (problems.length > 0 || drawn.badSockets.size > 0) drawn.badSockets = new Map(problems.flatMap((one) => (one.socket === undefined ? [] : [[one.socket, said(one)]])));
}

/** Problems by the node of the level that they are at, or inside of. */
function problemsByNode(check: Check | null, prefix: string): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of check?.problems ?? []) {
    const node = problem.node === undefined ? null : nodeAt(problem.node, prefix);
    if (node === null) continue;
    found.set(node, [...(found.get(node) ?? []), problem]);
  }
  return found;
}

function byNode(edges: readonly Edge[], end: 'from' | 'to'): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const edge of edges) {
    const { node, socket } = parseEnd(edge[end]);
    const known = found.get(node);
    if (known) known.push(socket);
    else found.set(node, [socket]);
  }
  return found;
}

export function portsOf(ports: Record<string, Port>): Sockets {
  return Object.fromEntries(Object.entries(ports).map(([name, { type, title }]) => [name, { type: type as Sockets[string]['type'], title: title ?? name }]));
}

const rowsOf = (sockets: Sockets): SocketRow[] =>
  Object.entries(sockets).map(([name, { type, title, optional }]) => ({ name, type, title: title ?? name, isOptional: optional ?? false }));

/** Wires that end at a socket that is not there any more are still drawn, so that they can be mended. */
function withLoose(rows: SocketRow[], wired: readonly string[] = []): SocketRow[] {
  const loose = [...new Set(wired)].filter((name) => !rows.some((row) => row.name === name));
  return [...rows, ...loose.map((name) => ({ name, type: 'other', title: `${name}?`, isOptional: false }))];
}

/** What is drawn already where it is the same: a list that is another one is drawn anew. */
function kept(before: readonly SocketRow[], now: readonly SocketRow[]): readonly SocketRow[] {
  const isSame = before.length === now.length && now.every((row, i) => row.name === before[i]!.name && row.type === before[i]!.type && row.title === before[i]!.title && row.isOptional === before[i]!.isOptional);
  return isSame ? before : now;
}
