import type { Problem } from '../../plugins/sdk/index.ts';
import { formatEnd, INPUTS, OUTPUTS, parseEnd, SUBGRAPH, type Edge, type End, type Port, type Wiring } from './document.ts';
import type { FlatEdge } from './flat.ts';
import { didYouMean } from './nearest.ts';

type Ports = Record<string, Port>;

/** The instance that a level is the inside of. */
interface Instance {
  /** The level that holds it, and its id there. */
  in: Level;
  id: string;
  /** The sub-graph it stands for, and that sub-graph's ports. */
  of: string;
  inputs: Ports;
  outputs: Ports;
}

interface LevelPlace {
  /** Put before the ids of its nodes: empty, or `instance/`. */
  prefix: string;
  /** Absent on the document itself. */
  instance?: Instance;
}

/** The document, or the inside of one instance of a sub-graph, while it is expanded. */
export class Level {
  readonly prefix: string;
  readonly children = new Map<string, Level>();
  readonly #instance: Instance | undefined;
  readonly #wiring: Wiring;
  readonly #problems: Problem[];
  /** The one edge into each input, by `node.socket`. */
  readonly #into = new Map<string, Edge>();

  constructor(wiring: Wiring, { prefix, instance }: LevelPlace, problems: Problem[]) {
    this.#wiring = wiring;
    this.prefix = prefix;
    this.#instance = instance;
    this.#problems = problems;
  }

  path(id: string): string {
    return this.prefix + id;
  }

  /** Sub-graphs this level lies in, outermost first, its own included. */
  around(): string[] {
    return this.#instance ? [...this.#instance.in.around(), this.#instance.of] : [];
  }

  /** Notes which edge feeds each input; edges that lead nowhere are reported and left out. */
  index(): void {
    const sorted = [...this.#wiring.edges].sort((a, b) => compare(a.to, b.to) || compare(a.from, b.from));
    for (const edge of sorted) {
      const [from, to] = [parseEnd(edge.from), parseEnd(edge.to)];
      // Both ends are looked at, so that an edge with two wrong ones says so at once. A wrong source is no missing edge:
      // it keeps its input taken, so that one mistake gives one problem.
      this.#hasSource(from, to);
      if (!this.#hasTarget(to, from)) continue;
      const earlier = this.#into.get(edge.to);
      if (!earlier) this.#into.set(edge.to, edge);
      else {
        const message = `expected one edge into an input, found "${earlier.from}" and "${edge.from}"`;
        this.#report('input-taken', to, message, 'remove one of the two edges');
      }
    }
    for (const name of Object.keys(this.#instance?.outputs ?? {})) {
      if (this.#into.has(`${OUTPUTS}.${name}`)) continue;
      const message = `expected an edge into the output "${name}" of the sub-graph, found none`;
      this.#report('missing-output', { node: OUTPUTS, socket: name }, message, `connect "${OUTPUTS}.${name}" inside "${this.#instance!.of}"`);
    }
  }

  /** Edges whose target is a node of this level, each from the node that its value truly comes from. */
  flatEdges(): FlatEdge[] {
    const edges: FlatEdge[] = [];
    for (const edge of this.#into.values()) {
      const to = parseEnd(edge.to);
      if (to.node === OUTPUTS || this.#isInstance(to.node)) continue;
      const source = this.#trace(parseEnd(edge.from), []);
      if (!source) continue;
      edges.push({ ...source, to: { node: this.path(to.node), socket: to.socket } });
      if (source.via.length > MOST_BOUNDARIES) {
        const ring = [...new Set(source.via.map(({ node }) => node))].sort().join(', ');
        this.#report('cycle', to, `expected a value, found sub-graphs that hand it to themselves: ${ring}`, 'remove one of the edges between them');
      }
    }
    return edges;
  }

  /**
   * Follows an output across boundaries to the node that has it. Nothing where an input of an instance is not
   * connected; the instance itself where what lies behind is wrong and has been reported.
   */
  #trace(from: End, via: FlatEdge['via']): Omit<FlatEdge, 'to'> | undefined {
    const { node, socket } = from;
    const child = this.children.get(node);
    const here = { from: { node: this.path(node), socket }, via };
    // A sub-graph that hands an input straight through can feed itself: a ring without a node in it. It is reported
    // where it ends in a node; elsewhere nothing comes of it.
    if (via.length > MOST_BOUNDARIES) return here;
    if (node === INPUTS && this.#instance) {
      const outer = this.#instance.in;
      const edge = outer.#into.get(formatEnd({ node: this.#instance.id, socket }));
      if (!Object.hasOwn(this.#instance.inputs, socket)) return here;
      return edge && outer.#trace(parseEnd(edge.from), [this.#port('inputs', socket), ...via]);
    }
    const edge = child ? child.#into.get(formatEnd({ node: OUTPUTS, socket })) : undefined;
    if (!child || !edge) return here;
    return child.#trace(parseEnd(edge.from), [child.#port('outputs', socket), ...via]);
  }

  #port(side: 'inputs' | 'outputs', socket: string): FlatEdge['via'][number] {
    const { in: outer, id, [side]: ports } = this.#instance!;
    return { node: outer.path(id), socket, type: ports[socket]!.type };
  }

  /** Whether a source exists as far as this level knows; sockets of ordinary nodes are the registry's matter. */
  #hasSource(from: End, to: End): boolean {
    if (from.node === INPUTS && this.#instance) {
      return this.#hasPort(this.#instance.inputs, from, `input of the sub-graph "${this.#instance.of}"`);
    }
    if (!this.#hasNode(from.node, to, from, to)) return false;
    const child = this.children.get(from.node);
    return !child || this.#hasPort(child.#instance!.outputs, from, 'output');
  }

  #hasTarget(to: End, from: End): boolean {
    if (to.node === OUTPUTS && this.#instance) {
      return this.#hasPort(this.#instance.outputs, to, `output of the sub-graph "${this.#instance.of}"`);
    }
    if (!this.#hasNode(to.node, from, from, to)) return false;
    const child = this.children.get(to.node);
    return !child || this.#hasPort(child.#instance!.inputs, to, 'input');
  }

  #hasNode(id: string, place: End, from: End, to: End): boolean {
    if (Object.hasOwn(this.#wiring.nodes, id)) return true;
    const message = `expected an edge between nodes that exist, found "${formatEnd(from)}" → "${formatEnd(to)}" and no node "${id}"`;
    this.#report('unknown-node', place, message, didYouMean(id, Object.keys(this.#wiring.nodes), 'add the node, or remove the edge'));
    return false;
  }

  #hasPort(ports: Ports, end: End, what: string): boolean {
    if (Object.hasOwn(ports, end.socket)) return true;
    const names = Object.keys(ports);
    const hint = didYouMean(end.socket, names, names.length ? `there are: ${names.join(', ')}` : 'it has none');
    this.#report('unknown-socket', end, `expected an ${what}, found "${end.socket}"`, hint);
    return false;
  }

  /** Problems of a boundary are the instance's. */
  #report(code: string, { node, socket }: End, message: string, hint: string): void {
    const isBoundary = this.#instance && (node === INPUTS || node === OUTPUTS);
    const id = isBoundary ? this.prefix.slice(0, -1) : this.path(node);
    this.#problems.push({ code, severity: 'error', node: id, socket, message, hint });
  }

  #isInstance(id: string): boolean {
    return Object.hasOwn(this.#wiring.nodes, id) && this.#wiring.nodes[id]!.type === SUBGRAPH;
  }
}

const MOST_BOUNDARIES = 200;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
