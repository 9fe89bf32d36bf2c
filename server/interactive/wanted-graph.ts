import { StillroomError, type Problem, type Signal } from '../../plugins/sdk/index.ts';
import { check, type Checked } from '../compiler/check.ts';
import type { PlanNode, ValueRef } from '../compiler/plan.ts';
import { planNode } from '../compiler/share.ts';
import type { GraphDocument } from '../graph/document.ts';
import type { Registry } from '../graph/registry.ts';

export interface Wanted {
  value: ValueRef;
  signal: Signal;
}

/** What must run to see some values. */
export interface WantedGraph {
  /** In topological order. */
  nodes: ReadonlyMap<string, PlanNode>;
  /** In the order they were asked for. */
  wanted: readonly Wanted[];
}

/**
 * The part of a document above some of its sockets; only that has to be free of errors. An input stands for what flows
 * into it. Throws `unknown-node`, `unknown-socket`, `no-value`, and what is wrong above.
 */
export function wantedGraph(document: GraphDocument, registry: Registry, sockets: readonly { node: string; socket: string }[]): WantedGraph {
  const checked = check(document, registry);
  const values = sockets.map((socket) => valueAt(checked, socket));
  const above = idsAbove(checked, values);
  refuseErrors(checked, above);
  const nodes = checked.order.filter((id) => above.has(id)).map((id) => {
    const node = checked.nodes.get(id)!;
    const inputs = Object.entries(node.inputs).map(([socket, wire]) => [socket, { node: wire.from, socket: wire.socket }] as const);
    return [id, planNode(node, Object.fromEntries(inputs))] as const;
  });
  return { nodes: new Map(nodes), wanted: values.map((value) => ({ value, signal: signalOf(checked, value) })) };
}

function valueAt({ nodes, problems }: Checked, { node: id, socket }: { node: string; socket: string }): ValueRef {
  const node = nodes.get(id);
  if (!node) {
    const problem = problems.find((one) => one.node === id && one.severity === 'error');
    if (problem) throw asError([problem]);
    throw new StillroomError('unknown-node', `expected a node of the graph, found "${id}"`, { node: id, hint: 'muted nodes give nothing' });
  }
  const wire = node.inputs[socket];
  if (Object.hasOwn(node.outputs, socket) || !wire) return { node: id, socket };
  return { node: wire.from, socket: wire.socket };
}

function idsAbove({ nodes }: Checked, values: readonly ValueRef[]): Set<string> {
  const found = new Set<string>();
  const queue = values.map(({ node }) => node);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    queue.push(...Object.values(nodes.get(id)?.inputs ?? {}).map(({ from }) => from));
  }
  return found;
}

/** A node that says nothing of what it gives, without an error of its own, waits for one that could not be read at all. */
function refuseErrors({ nodes, problems }: Checked, above: ReadonlySet<string>): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const own = errors.filter(({ node }) => node !== undefined && above.has(node));
  if (own.length > 0) throw asError(own);
  const isSilent = [...above].some((id) => Object.keys(nodes.get(id)!.outputs).length === 0 && Object.keys(nodes.get(id)!.definition.outputs).length > 0);
  if (isSilent && errors.length > 0) throw asError(errors);
}

function signalOf({ nodes }: Checked, { node: id, socket }: ValueRef): Signal {
  const { definition, outputs } = nodes.get(id)!;
  const signal = outputs[socket];
  if (!signal) {
    throw new StillroomError('unknown-socket', `expected an output, or an input with an edge, found "${socket}"`, {
      node: id,
      socket,
      hint: `it gives ${Object.keys(outputs).join(', ') || 'nothing'}`,
    });
  }
  if (definition.build || definition.geometry) return signal;
  throw new StillroomError('no-value', `expected a socket where numbers flow, found a ${signal.type}`, {
    node: id,
    socket,
    hint: 'look at images, features, maps, scores or losses',
  });
}

function asError(problems: readonly Problem[]): StillroomError {
  const { code, message, severity: _severity, hint, ...place } = problems[0]!;
  return new StillroomError(code, message, { ...place, ...(hint ? { hint } : {}), problems });
}
