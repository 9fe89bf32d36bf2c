import type { Problem } from '../../../plugins/sdk/index.ts';
import { parseEnd, type GraphDocument, type GraphNode } from '../../../server/graph/document.ts';
import type { NodeType } from '../../state/types.ts';
import { leadPast, throughOf, type NodeSockets } from './leading-past.ts';
import type { Repair, Scene } from './repairs.ts';
import { asType, replaceKeepingWires } from './replacement.ts';
import { EditSequence, wiringAt } from './sequence.ts';

/** A repair that was tried, and the problems that it mends. */
export interface Match extends Repair {
  mends: ReadonlySet<string>;
}

/** What a document would be: it is asked of the server. */
export interface Trial {
  check(document: GraphDocument): Promise<{ problems: readonly Problem[]; sockets: Readonly<Record<string, NodeSockets>> }>;
  socketsOf(type: NodeType, params: Readonly<Record<string, unknown>>): Promise<NodeSockets>;
  /** Whether nobody waits for it any more. */
  isOver(): boolean;
}

/** So many that they are found while one looks. */
const mostTried = 80;
const mostFound = 3;
/** A parameter with more values than these is not tried through. */
const mostValues = 8;

export const problemKey = ({ code, node, socket }: Problem): string => `${code} ${node} ${socket}`;

/** Whether trying may find what mends a problem. */
export const isTried = ({ code }: Problem): boolean => code === 'shape-mismatch' || code === 'unknown-socket';

/**
 * What would make shapes agree that do not, found by trying: another node of its category in the place of one that gives
 * such a shape, other values of its parameters, and what stands between left out. Nodes that learn are changed rather
 * than those whose weights are given. And what gives back outputs that went with a stage while wires come from them.
 */
export async function matchesOf(problems: readonly Problem[], scene: Scene, trial: Trial): Promise<Match[]> {
  const found = await new Matching(problems, scene, trial).find();
  return found.sort((a, b) => b.mends.size - a.mends.size);
}

class Matching {
  readonly #scene: Scene;
  readonly #trial: Trial;
  readonly #errors: readonly Problem[];
  readonly #mismatches: readonly Problem[];
  /** Outputs that are not there, from which wires come. */
  readonly #lost: readonly Problem[];
  readonly #found: Match[] = [];
  #tried = 0;

  constructor(problems: readonly Problem[], scene: Scene, trial: Trial) {
    this.#scene = scene;
    this.#trial = trial;
    this.#errors = problems.filter(({ severity }) => severity === 'error');
    this.#mismatches = this.#errors.filter(({ code, node, socket }) => code === 'shape-mismatch' && socket !== undefined && this.#here(node) !== null);
    const wired = new Set(wiringAt(scene.document, scene.level).edges.map(({ from }) => from));
    this.#lost = this.#errors.filter(({ code, node, socket }) => code === 'unknown-socket' && wired.has(`${this.#here(node)}.${socket}`));
  }

  get #isOver(): boolean {
    return this.#trial.isOver() || this.#tried >= mostTried || this.#found.length >= mostFound;
  }

  async find(): Promise<Match[]> {
    for (const { id, name, value, given } of this.#withStagesBack()) {
      if (this.#isOver) return this.#found;
      await this.#try(`Let ${this.#named(id)} give ${given.join(' and ')} again`, this.#steps((steps) => steps.do((edits) => edits.setParam(id, name, value))));
    }
    const sources = this.#sourcesOf(this.#mismatches, this.#scene.document);
    const isGiven = (id: string): boolean => Object.values(this.#typeOf(id)?.params ?? {}).some(({ control }) => control.kind === 'weights');
    const nodes = [...sources].sort((a, b) => Number(isGiven(a)) - Number(isGiven(b)));
    for (const id of nodes) {
      // What is given is changed where nothing that learns would do.
      if (isGiven(id) && this.#found.length > 0) break;
      for (const { name, value } of this.#otherValues(id)) {
        if (this.#isOver) return this.#found;
        await this.#try(`Set “${name}” of ${this.#named(id)} to ${value}`, this.#steps((steps) => steps.do((edits) => edits.setParam(id, name, value))));
      }
      for (const { type, node } of this.#otherTypes(id, sources)) {
        if (this.#isOver) return this.#found;
        const sockets = type.movingSockets ? await this.#trial.socketsOf(type, node.params ?? {}).catch(() => null) : type;
        if (sockets) await this.#try(`Replace ${this.#named(id)} by “${type.title}”`, this.#steps((steps) => replaceKeepingWires(steps, id, node, this.#scene.socketsOf(id)!, sockets)));
      }
    }
    return this.#found;
  }

  /** Keeps an edit that leaves fewer errors; where it does so only without what stands between, that goes too. */
  async #try(label: string, steps: EditSequence): Promise<void> {
    let left = await this.#check(steps.document);
    const without: string[] = [];
    for (const id of this.#sourcesOf(left.problems.filter(({ code }) => code === 'shape-mismatch'), steps.document)) {
      const sockets = left.sockets[this.#socketsKey(id)];
      if (this.#isOver || left.errors.length === 0 || !sockets || !isBetween(sockets)) continue;
      const shorter = new EditSequence(steps.document, steps.level);
      leadPast(shorter, id, sockets);
      shorter.do((edits) => edits.removeNodes([id]));
      const now = await this.#check(shorter.document);
      if (now.errors.length >= left.errors.length) continue;
      without.push(this.#named(id));
      steps.take(shorter.patch);
      left = now;
    }
    const whole = without.length > 0 ? `${label}, without ${without.join(' and ')}` : label;
    if (left.errors.length >= this.#errors.length || this.#found.some((one) => one.label === whole)) return;
    const still = new Set(left.errors.map(problemKey));
    const mends = new Set([...this.#mismatches, ...this.#lost].map(problemKey).filter((key) => !still.has(key)));
    this.#found.push({ label: whole, patch: steps.patch, mends });
  }

  async #check(document: GraphDocument): Promise<{ errors: Problem[]; problems: readonly Problem[]; sockets: Readonly<Record<string, NodeSockets>> }> {
    this.#tried += 1;
    const { problems, sockets } = await this.#trial.check(document);
    return { problems, sockets, errors: problems.filter(({ severity }) => severity === 'error') };
  }

  /** Nodes that give what does not agree, on both sides. */
  #sourcesOf(problems: readonly Problem[], document: GraphDocument): Set<string> {
    const { edges, nodes } = wiringAt(document, this.#scene.level);
    const into = (id: string, isLooked: (socket: string) => boolean): string[] => edges.flatMap(({ from, to }) => (parseEnd(to).node === id && isLooked(parseEnd(to).socket) ? [parseEnd(from).node] : []));
    return new Set(
      problems.flatMap(({ node, socket }) => {
        const id = this.#here(node);
        if (id === null || !Object.hasOwn(nodes, id)) return [];
        const inputs = this.#scene.socketsOf(id)?.inputs ?? {};
        const type = inputs[socket!]?.type;
        return into(id, (name) => inputs[name]?.type === type).filter((one) => Object.hasOwn(nodes, one) && nodes[one]!.of === undefined);
      }),
    );
  }

  /** The stages of nodes with those that wires still come from. */
  #withStagesBack(): { id: string; name: string; value: string[]; given: string[] }[] {
    const ids = new Set(this.#lost.map(({ node }) => this.#here(node)!));
    return [...ids].flatMap((id) => {
      const lost = new Set(this.#lost.filter(({ node }) => this.#here(node) === id).map(({ socket }) => socket!));
      return Object.entries(this.#typeOf(id)?.params ?? {}).flatMap(([name, { control, default: initial }]) => {
        if (control.kind !== 'stages') return [];
        const all = control.options.map(({ value }) => value);
        const given = all.filter((stage) => lost.has(stage));
        const now = (this.#placed(id).params?.[name] ?? initial) as string[];
        return given.length > 0 ? [{ id, name, given, value: all.filter((stage) => now.includes(stage) || lost.has(stage)) }] : [];
      });
    });
  }

  /** Single values of parameters that can be gone through. */
  #otherValues(id: string): { name: string; value: unknown }[] {
    const placed = this.#placed(id);
    return Object.entries(this.#typeOf(id)?.params ?? {}).flatMap(([name, { control, default: given }]) => {
      const now = placed.params?.[name] ?? given;
      return valuesOf(control).filter((value) => value !== now).map((value) => ({ name, value }));
    });
  }

  /** Types of the same category with as many sockets of each type, with parameters as they were; stages also as the other sides have them. */
  #otherTypes(id: string, sources: ReadonlySet<string>): { type: NodeType; node: GraphNode }[] {
    const [placed, old] = [this.#placed(id), this.#typeOf(id)];
    const { inputs = {}, outputs = {} } = this.#scene.socketsOf(id) ?? {};
    const fits = (type: NodeType): boolean => hasAll(Object.values(type.inputs), Object.values(inputs)) && (type.movingSockets || hasAll(Object.values(type.outputs), Object.values(outputs)));
    return this.#scene.types
      .filter((type) => type.type !== old?.type && type.category === old?.category && fits(type))
      .flatMap((type) => {
        const node = asType(placed, old, type);
        const [name, param] = Object.entries(type.params).find(([, { control }]) => control.kind === 'stages') ?? [];
        const options = param?.control.kind === 'stages' ? param.control.options.map(({ value }) => value) : [];
        const others = new Map([...sources].filter((other) => other !== id).map((other) => this.#stagesOf(other)).map((stages) => [stages.join(), stages]));
        const alike = [...others.values()].filter((stages) => stages.length > 0 && stages.every((stage) => options.includes(stage)));
        const staged = name === undefined ? [] : alike.map((stages) => ({ type, node: { ...node, params: { ...node.params, [name]: stages } } }));
        return [...new Map([...staged, { type, node }].map((one) => [JSON.stringify(one.node), one])).values()];
      });
  }

  /** Stages that a node gives, or the one whose features it only passes on. */
  #stagesOf(id: string, passed = new Set<string>()): string[] {
    const { edges, nodes } = wiringAt(this.#scene.document, this.#scene.level);
    if (passed.has(id) || !Object.hasOwn(nodes, id)) return [];
    const [name, param] = Object.entries(this.#typeOf(id)?.params ?? {}).find(([, { control }]) => control.kind === 'stages') ?? [];
    if (name !== undefined) return (this.#placed(id).params?.[name] ?? param!.default) as string[];
    const sockets = this.#scene.socketsOf(id);
    const before = sockets && isBetween(sockets) ? edges.find(({ to }) => parseEnd(to).node === id) : undefined;
    return before ? this.#stagesOf(parseEnd(before.from).node, passed.add(id)) : [];
  }

  #steps(make: (steps: EditSequence) => void): EditSequence {
    const steps = new EditSequence(this.#scene.document, this.#scene.level);
    make(steps);
    return steps;
  }

  #placed(id: string): GraphNode {
    return wiringAt(this.#scene.document, this.#scene.level).nodes[id]!;
  }

  #typeOf(id: string): NodeType | undefined {
    return this.#scene.types.find(({ type }) => type === this.#placed(id)?.type);
  }

  #named(id: string): string {
    return `“${this.#placed(id).title ?? this.#typeOf(id)?.title ?? id}”`;
  }

  /** The node of this level that a problem is at; null where it is at another. */
  #here(node: string | undefined): string | null {
    const { prefix, document, level } = this.#scene;
    const id = node?.startsWith(prefix) ? node.slice(prefix.length) : undefined;
    return id !== undefined && Object.hasOwn(wiringAt(document, level).nodes, id) ? id : null;
  }

  #socketsKey(id: string): string {
    const { level } = this.#scene;
    return level.length === 0 ? id : `${level[1]}/${id}`;
  }
}

type Control = NodeType['params'][string]['control'];

function valuesOf(control: Control): unknown[] {
  if (control.kind === 'choice') return control.options.length <= mostValues ? control.options.map(({ value }) => value) : [];
  if (control.kind !== 'number' || !control.integer || control.min === undefined || control.max === undefined) return [];
  const { min, max } = control;
  const count = max - min + 1;
  return count <= mostValues ? Array.from({ length: count }, (_, i) => min + i) : [];
}

/** Whether it gives what it takes, and takes nothing else. */
const isBetween = (sockets: NodeSockets): boolean => {
  const [input, ...others] = Object.values(sockets.inputs);
  return input !== undefined && others.length === 0 && Object.keys(sockets.outputs).length === 1 && throughOf(sockets, input.type) !== null;
};

function hasAll(there: readonly { type: string }[], wanted: readonly { type: string }[]): boolean {
  const left = there.map(({ type }) => type);
  return wanted.every(({ type }) => {
    const at = left.indexOf(type as (typeof left)[number]);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
