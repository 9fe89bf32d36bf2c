import type { Problem } from '../../../plugins/sdk/index.ts';
import { parseEnd, type GraphDocument, type Wiring } from '../../../server/graph/document.ts';
import type { Patch } from '../../../server/graph/patch.ts';
import type { Path } from '../../../server/graph/path.ts';
import { reachOf } from '../../canvas/reach.ts';
import type { Check, NodeType } from '../../state/types.ts';
import { putOntoWire, throughOf, type NodeSockets } from './leading-past.ts';
import { EditSequence, wiringAt } from './sequence.ts';

/** Something that would mend a problem. */
export interface Repair {
  label: string;
  patch: Patch;
}

export interface Scene {
  document: GraphDocument;
  level: Path;
  /** What the ids of the check have before those of the level: empty, or `instance/`. */
  prefix: string;
  check: Check;
  types: readonly NodeType[];
  /** Sockets of a node of the level. */
  socketsOf(node: string): NodeSockets | undefined;
}

const most = 4;

/** What would mend a problem of a node at this level, the likeliest first. It follows from the problem's code, from the shapes on both sides, and from its hint. */
export function repairsOf(problem: Problem, scene: Scene): Repair[] {
  const wiring = wiringAt(scene.document, scene.level);
  const { prefix } = scene;
  if (problem.code === 'no-dataset') return sources(scene);
  if (problem.node === undefined || !problem.node.startsWith(prefix)) return [];
  const node = problem.node.slice(prefix.length);
  if (!Object.hasOwn(wiring.nodes, node)) return [];
  return new Repairs(problem, node, wiring, scene).all().filter(({ patch }) => patch.length > 0).slice(0, most);
}

/** A node that gives a dataset and takes nothing. */
function sources({ types, document, level }: Scene): Repair[] {
  return types
    .filter(({ inputs, outputs }) => Object.keys(inputs).length === 0 && Object.values(outputs).some(({ type }) => type === 'dataset'))
    .map(({ type, version, title }) => {
      const steps = new EditSequence(document, level);
      steps.add({ type, version }, { x: 0, y: 0 });
      return { label: `Add “${title}”`, patch: steps.patch };
    });
}

class Repairs {
  readonly #problem: Problem;
  readonly #node: string;
  readonly #wiring: Wiring;
  readonly #scene: Scene;
  readonly #type: NodeType | undefined;

  constructor(problem: Problem, node: string, wiring: Wiring, scene: Scene) {
    this.#problem = problem;
    this.#node = node;
    this.#wiring = wiring;
    this.#scene = scene;
    this.#type = scene.types.find(({ type }) => type === wiring.nodes[node]!.type);
  }

  all(): Repair[] {
    switch (this.#problem.code) {
      case 'missing-input':
        return [...this.#unmute(), ...this.#connections()];
      case 'invalid-parameter':
      case 'unknown-parameter':
      case 'wrong-length':
        return [...this.#fromHint(), ...this.#resetting()];
      case 'unknown-node-type':
      case 'unknown-subgraph':
        return [this.#repair(`Remove ${this.#named(this.#node)}`, (steps) => steps.do((edits) => edits.removeNodes([this.#node])))];
      case 'same-name-twice':
        return this.#otherName();
      case 'cycle':
        return this.#openings();
      case 'shape-mismatch':
      case 'image-mismatch':
        return [...this.#otherOutputs(), ...this.#inserting(), ...this.#fromHint(), ...this.#disconnecting()];
      case 'unknown-socket':
        return [...this.#moveWire(), ...this.#disconnecting()];
      default:
        return [...this.#fromHint(), ...this.#disconnecting()];
    }
  }

  #repair(label: string, make: (steps: EditSequence) => void): Repair {
    const steps = new EditSequence(this.#scene.document, this.#scene.level);
    make(steps);
    return { label, patch: steps.patch };
  }

  #named(node: string): string {
    const { title, type } = this.#wiring.nodes[node] ?? {};
    return `“${title ?? this.#scene.types.find((one) => one.type === type)?.title ?? node}”`;
  }

  #fromOf(socket: string | undefined): string | undefined {
    return this.#wiring.edges.find(({ to }) => to === `${this.#node}.${socket}`)?.from;
  }

  #disconnecting(): Repair[] {
    const { socket } = this.#problem;
    const ends = socket === undefined ? [] : this.#wiring.edges.filter(({ from, to }) => [from, to].includes(`${this.#node}.${socket}`));
    const repair = this.#repair(ends.length > 1 ? 'Disconnect these wires' : 'Disconnect this wire', (steps) => ends.forEach(({ to }) => steps.do((edits) => edits.disconnect(to))));
    return ends.length > 0 ? [repair] : [];
  }

  #resetting(): Repair[] {
    const name = this.#problem.field?.split(/[.\s]/)[0];
    if (name === undefined || this.#wiring.nodes[this.#node]!.params?.[name] === undefined) return [];
    const label = this.#problem.code === 'unknown-parameter' ? `Remove “${name}”` : `Set “${name}” to its default`;
    return [this.#repair(label, (steps) => steps.do((edits) => edits.setParam(this.#node, name, undefined)))];
  }

  /** Hints name parameters and the values that would do: `match` to "pool", `window` to 3. */
  #fromHint(): Repair[] {
    const named = [...(this.#problem.hint ?? '').matchAll(/`(\w+)`(?: to)? (?:"([^"]+)"|(\d+(?:\.\d+)?))/g)];
    return named.flatMap(([, name = '', word, number]) => {
      const control = this.#type?.params[name]?.control;
      const value = word ?? Number(number);
      if (control?.kind === 'weights' && word !== undefined) return [this.#repair(`Use ${word}`, (steps) => steps.do((edits) => edits.setParam(this.#node, name, word)))];
      const fits = control?.kind === 'choice' ? control.options.some((option) => option.value === value) : control?.kind === 'number' && word === undefined;
      return fits ? [this.#repair(`Set “${name}” to ${value}`, (steps) => steps.do((edits) => edits.setParam(this.#node, name, value)))] : [];
    });
  }

  #unmute(): Repair[] {
    const from = this.#fromOf(this.#problem.socket);
    const source = from && parseEnd(from).node;
    if (!source || !this.#wiring.nodes[source]?.muted) return [];
    return [this.#repair(`Unmute ${this.#named(source)}`, (steps) => steps.do((edits) => edits.setNode(source, 'muted', undefined)))];
  }

  /**
   * Outputs of the type that is wanted, those that nothing takes yet first, then by how near they are; of the shape of
   * what it is held against, and none that the node gets already.
   */
  #connections(): Repair[] {
    const socket = this.#problem.socket!;
    const wanted = this.#scene.socketsOf(this.#node)?.inputs[socket]?.type;
    if (this.#fromOf(socket) !== undefined || wanted === undefined) return [];
    const taken = new Set(this.#wiring.edges.map(({ from }) => from));
    const got = new Set(this.#wiring.edges.filter(({ to }) => parseEnd(to).node === this.#node).map(({ from }) => from));
    const partners = this.#partnersOf(socket).flatMap((name) => this.#fromOf(name) ?? []);
    const shapes = new Set(partners.flatMap((end) => this.#shapeOf(end) ?? []));
    const fits = (end: string): boolean => !got.has(end) && (partners.length === 0 || shapes.has(this.#shapeOf(end) ?? ''));
    const after = reachOf(this.#wiring.edges, this.#node, true);
    const here = this.#wiring.layout?.nodes?.[this.#node] ?? { x: 0, y: 0 };
    const away = (node: string): number => {
      const place = this.#wiring.layout?.nodes?.[node] ?? { x: 0, y: 0 };
      return Math.hypot(here.x - place.x, here.y - place.y);
    };
    return Object.keys(this.#wiring.nodes)
      .filter((node) => !after.has(node) && !this.#wiring.nodes[node]!.muted)
      .flatMap((node) => Object.entries(this.#scene.socketsOf(node)?.outputs ?? {}).flatMap(([name, { type }]) => (type === wanted && fits(`${node}.${name}`) ? [{ node, name, end: `${node}.${name}` }] : [])))
      .sort((a, b) => Number(taken.has(a.end)) - Number(taken.has(b.end)) || away(a.node) - away(b.node))
      .slice(0, 3)
      .map(({ node, name, end }) => this.#repair(`Connect ${name} of ${this.#named(node)}`, (steps) => steps.do((edits) => edits.connect({ from: end, to: `${this.#node}.${socket}` }))));
  }

  /** Inputs that are held against one: of its type and its number, as `teacher2` and `student2`. Those that differ by number alone stand side by side. */
  #partnersOf(socket: string): string[] {
    const inputs = this.#scene.socketsOf(this.#node)?.inputs ?? {};
    const numberOf = (name: string): string => /\d*$/.exec(name)![0];
    return Object.keys(inputs).filter((name) => name !== socket && inputs[name]!.type === inputs[socket]?.type && numberOf(name) === numberOf(socket));
  }

  /** Gives a result the first name that no other has. */
  #otherName(): Repair[] {
    const { field = 'name' } = this.#problem;
    const name = String(this.#wiring.nodes[this.#node]!.params?.[field] ?? this.#type?.params[field]?.default);
    const taken = new Set(Object.values(this.#wiring.nodes).map(({ params }) => params?.[field]));
    let free = name;
    for (let i = 2; taken.has(free); i++) free = `${name}-${i}`;
    return free === name ? [] : [this.#repair(`Name it “${free}”`, (steps) => steps.do((edits) => edits.setParam(this.#node, field, free)))];
  }

  /** Wires of the ring, those into the node that is named first. */
  #openings(): Repair[] {
    const [before, after] = [reachOf(this.#wiring.edges, this.#node), reachOf(this.#wiring.edges, this.#node, true)];
    const inRing = (end: string): boolean => before.has(parseEnd(end).node) && after.has(parseEnd(end).node);
    return this.#wiring.edges
      .filter(({ from, to }) => inRing(from) && inRing(to))
      .sort((a, b) => Number(parseEnd(b.to).node === this.#node) - Number(parseEnd(a.to).node === this.#node))
      .map(({ from, to }) => this.#repair(`Disconnect ${this.#named(parseEnd(from).node)} from ${this.#named(parseEnd(to).node)}`, (steps) => steps.do((edits) => edits.disconnect(to))));
  }

  /** The wire that goes to a socket that is not there goes to a free one of its type. */
  #moveWire(): Repair[] {
    const from = this.#fromOf(this.#problem.socket);
    if (from === undefined) return [];
    const source = parseEnd(from);
    const type = this.#scene.socketsOf(source.node)?.outputs[source.socket]?.type;
    const free = Object.entries(this.#scene.socketsOf(this.#node)?.inputs ?? {}).find(([name, socket]) => socket.type === type && this.#fromOf(name) === undefined);
    if (!free) return [];
    return [
      this.#repair(`Move the wire to ${free[1].title ?? free[0]}`, (steps) => {
        steps.do((edits) => edits.disconnect(`${this.#node}.${this.#problem.socket}`));
        steps.do((edits) => edits.connect({ from, to: `${this.#node}.${free[0]}` }));
      }),
    ];
  }

  /** The two inputs that do not agree: the one that the problem is at, and the one that its message compares with. */
  #pair(): { socket: string; other: string } | null {
    const { socket, message } = this.#problem;
    const other = / on "([^"]+)"/.exec(message)?.[1];
    return socket !== undefined && other !== undefined ? { socket, other } : null;
  }

  /** Outputs whose shape is that of the other side: of the same node, or ones that its stages could give. */
  #otherOutputs(): Repair[] {
    const pair = this.#pair();
    if (!pair) return [];
    return [...this.#agreeing(pair.socket, pair.other), ...this.#agreeing(pair.other, pair.socket)];
  }

  #agreeing(socket: string, other: string): Repair[] {
    const [from, model] = [this.#fromOf(socket), this.#fromOf(other)];
    if (from === undefined || model === undefined) return [];
    const { node, socket: now } = parseEnd(from);
    const shape = this.#shapeOf(model);
    const to = `${this.#node}.${socket}`;
    const fitting = Object.keys(this.#scene.socketsOf(node)?.outputs ?? {}).filter((name) => name !== now && shape !== undefined && this.#shapeOf(`${node}.${name}`) === shape);
    const given = fitting.map((name) => this.#repair(`Take ${name} of ${this.#named(node)}`, (steps) => steps.do((edits) => edits.connect({ from: `${node}.${name}`, to }))));
    return [...given, ...(given.length === 0 ? this.#addStage(node, parseEnd(model).socket, to) : [])];
  }

  #shapeOf(end: string): string | undefined {
    const { node, socket } = parseEnd(end);
    return this.#scene.check.nodes[this.#scene.prefix + node]?.outputs[socket]?.shape.join();
  }

  /** Lets a network give the stage that the other side gives. */
  #addStage(node: string, stage: string, to: string): Repair[] {
    const placed = this.#wiring.nodes[node];
    const type = this.#scene.types.find((one) => one.type === placed?.type);
    const [name, param] = Object.entries(type?.params ?? {}).find(([, { control }]) => control.kind === 'stages') ?? [];
    if (name === undefined || param?.control.kind !== 'stages') return [];
    const all = param.control.options.map(({ value }) => value);
    const now = (placed!.params?.[name] ?? param.default) as string[];
    if (!all.includes(stage) || now.includes(stage)) return [];
    return [
      this.#repair(`Let ${this.#named(node)} give ${stage}, and take it`, (steps) => {
        steps.do((edits) => edits.setParam(node, name, all.filter((one) => now.includes(one) || one === stage)));
        steps.do((edits) => edits.connect({ from: `${node}.${stage}`, to }));
      }),
    ];
  }

  /** The hint names a node type that is to come between. */
  #inserting(): Repair[] {
    const pair = this.#pair();
    const title = /put an? "([^"]+)" node after/.exec(this.#problem.hint ?? '')?.[1];
    const type = this.#scene.types.find((one) => one.title === title);
    const from = pair && this.#fromOf(pair.other);
    if (!pair || !type || !from) return [];
    const source = parseEnd(from);
    const flows = this.#scene.socketsOf(source.node)?.outputs[source.socket]?.type ?? '';
    const through = throughOf(type, flows);
    if (!through) return [];
    const [a, b] = [source.node, this.#node].map((id) => this.#wiring.layout?.nodes?.[id] ?? { x: 0, y: 0 });
    return [
      this.#repair(`Insert “${type.title}”`, (steps) => {
        const id = steps.add({ type: type.type, version: type.version }, { x: Math.round((a!.x + b!.x) / 2), y: Math.round((a!.y + b!.y) / 2) });
        putOntoWire(steps, id, `${this.#node}.${pair.other}`, through);
      }),
    ];
  }
}
