import {
  inputSockets,
  outputSockets,
  type AnyNodeDefinition,
  type Cost,
  type Problem,
  type Signal,
  type Sockets,
} from '../../plugins/sdk/index.ts';
import type { GraphDocument } from '../graph/document.ts';
import { expand } from '../graph/expand.ts';
import type { FlatNode } from '../graph/flat.ts';
import { migrateNode } from '../graph/migrate.ts';
import { didYouMean } from '../graph/nearest.ts';
import { resolveParams } from '../graph/params.ts';
import { pluginNamed, type Registry } from '../graph/registry.ts';
import { inferNode, thrown } from './infer.ts';
import { sortTopologically } from './order.ts';
import { connect, type Wire } from './wires.ts';

/** A document that has been checked: what is wrong with it, and what is known of every node. */
export interface Checked {
  /** True where no problem is an error; only then may the document be planned and run. */
  ok: boolean;
  /** Everything that is wrong: first what concerns no node, then by node id. */
  problems: Problem[];
  /**
   * Every node of a known type that is not muted, by id, in the order of `order`; sub-graphs are expanded, so that ids
   * read `instance/inner`. Where the document has errors, sockets that could not be inferred are left out.
   */
  nodes: Map<string, CheckedNode>;
  /** Ids of `nodes` such that every node follows those it depends on; the same for the same document. */
  order: string[];
  /** What its types were looked up in. */
  registry: Registry;
}

export interface CheckedNode {
  id: string;
  /** What the document calls it, or else its type's title. */
  title: string;
  definition: AnyNodeDefinition;
  /** Every parameter of the definition, valid; a default stands in for one that was missing or invalid. */
  params: Record<string, unknown>;
  /** Connected inputs whose source is known, by socket. */
  inputs: Record<string, Wired>;
  outputs: Record<string, Signal>;
  cost: Cost;
  /** Place in `Checked.order`. */
  index: number;
}

/** What flows into an input, and the output it comes from. */
export interface Wired extends Signal {
  /** Id of the node it comes from. */
  from: string;
  /** Output socket of that node. */
  socket: string;
}

/** A node between the document and the answer. */
export interface Draft extends CheckedNode {
  sockets: { inputs: Sockets | undefined; outputs: Sockets | undefined };
  /** Whether nothing of its own keeps it from being inferred. */
  sound: boolean;
}

/**
 * Types, shapes and costs of a whole document, and everything that is wrong with it, each problem with its place.
 * Pure; milliseconds.
 */
export function check(document: GraphDocument, registry: Registry): Checked {
  const expanded = expand(document);
  const problems = [...expanded.problems];
  const drafts = new Map<string, Draft>();
  const muted = new Set<string>();
  for (const flat of expanded.nodes) {
    if (flat.muted) muted.add(flat.id);
    else {
      const draft = draftNode(flat, document.requires ?? {}, registry, problems);
      if (draft) drafts.set(flat.id, draft);
    }
  }
  const wires = connect(expanded.edges, { drafts, muted }, problems);
  const { order, rings } = sortTopologically([...drafts.keys()], wires);
  for (const ring of rings) problems.push(ringProblem(ring));
  const nodes = new Map<string, CheckedNode>();
  for (const id of order) {
    const draft = drafts.get(id)!;
    inferDraft(draft, wires.get(id) ?? [], drafts, problems);
    const { sockets: _sockets, sound: _sound, ...node } = draft;
    nodes.set(id, { ...node, index: nodes.size });
  }
  return { ok: !problems.some(isError), problems: inOrder(problems), nodes, order, registry };
}

function draftNode({ id, node }: FlatNode, requires: Record<string, string>, registry: Registry, problems: Problem[]): Draft | undefined {
  const definition = registry.get(node.type);
  if (!definition) {
    problems.push(unknownType(id, node.type, requires, registry));
    return undefined;
  }
  const { node: migrated, problem } = migrateNode(node, definition);
  if (problem) {
    problems.push({ ...problem, node: id });
    return undefined;
  }
  const { values, problems: wrong, valid } = resolveParams(definition, migrated.params);
  problems.push(...wrong.map((p) => ({ ...p, node: id })));
  const sockets = socketsOf(definition, values, valid, (p) => problems.push({ ...p, node: id }));
  return {
    id,
    title: node.title ?? definition.title,
    definition,
    params: values,
    inputs: {},
    outputs: {},
    cost: { parameters: 0, multiplyAdds: 0, activationBytes: 0 },
    index: 0,
    sockets,
    sound: valid && sockets.inputs !== undefined && sockets.outputs !== undefined,
  };
}

/** Sockets that follow from parameters are unknown where a parameter is invalid; fixed ones are known even then. */
function socketsOf(
  definition: AnyNodeDefinition,
  params: Record<string, unknown>,
  valid: boolean,
  report: (problem: Omit<Problem, 'node'>) => void,
): Draft['sockets'] {
  try {
    return {
      inputs: valid || typeof definition.inputs !== 'function' ? inputSockets(definition, params) : undefined,
      outputs: valid || typeof definition.outputs !== 'function' ? outputSockets(definition, params) : undefined,
    };
  } catch (error) {
    report(thrown(definition.type, error));
    return { inputs: undefined, outputs: undefined };
  }
}

function inferDraft(draft: Draft, wires: readonly Wire[], drafts: Map<string, Draft>, problems: Problem[]): void {
  for (const { from, socket } of wires) {
    const signal = drafts.get(from.node)?.outputs[from.socket];
    if (signal) draft.inputs[socket] = { ...signal, from: from.node, socket: from.socket };
  }
  const isKnown = wires.every(({ socket }) => Object.hasOwn(draft.inputs, socket));
  if (!draft.sound || !isKnown) return;
  const { outputs, cost, problems: found } = inferNode(draft.definition, signalsOf(draft.inputs), draft.params);
  problems.push(...found.map((p) => ({ ...p, node: draft.id })));
  draft.outputs = outputs;
  draft.cost = cost;
}

function unknownType(id: string, type: string, requires: Record<string, string>, registry: Registry): Problem {
  const types = registry.definitions.map((d) => d.type);
  const plugin = pluginNamed(type);
  const isForeign = plugin.includes('/') && !types.some((t) => t.startsWith(`${plugin}/`));
  return {
    code: 'unknown-node-type',
    severity: 'error',
    node: id,
    field: 'type',
    message: `expected a known node type, found "${type}"`,
    hint:
      registry.whyAbsent(type) ??
      (isForeign || Object.hasOwn(requires, plugin) ? install(plugin, requires[plugin]) : didYouMean(type, types, '"stillroom nodes" lists them; the node keeps its data')),
  };
}

const install = (plugin: string, version: string | undefined): string =>
  version === undefined ? `install the plugin "${plugin}"` : `install the plugin "${plugin}" ${version}: \`stillroom plugin add ${plugin}@${version}\``;

function ringProblem(ring: readonly string[]): Problem {
  return {
    code: 'cycle',
    severity: 'error',
    node: ring[0]!,
    message: `expected edges that lead forward, found the cycle ${[...ring, ring[0]].join(' → ')}`,
    hint: 'remove one of its edges',
  };
}

const isError = ({ severity }: Problem): boolean => severity === 'error';

function inOrder(problems: Problem[]): Problem[] {
  const key = ({ node }: Problem): string => node ?? '';
  return problems.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Without where they come from, which a node that passes a signal on would pass on too. */
const signalsOf = (inputs: CheckedNode['inputs']): Record<string, Signal> => Object.fromEntries(Object.entries(inputs).map(([name, { from: _from, socket: _socket, ...signal }]) => [name, signal]));
