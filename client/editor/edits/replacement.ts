import { parseEnd, type GraphNode } from '../../../server/graph/document.ts';
import type { Sockets } from '../../../plugins/sdk/index.ts';
import type { NodeType } from '../../state/types.ts';
import type { NodeSockets } from './leading-past.ts';
import type { EditSequence } from './sequence.ts';

/**
 * A node of another type with what can be kept of an old one: parameters of one name whose value the new one can have;
 * of stages, as many, at the same depth of the network.
 */
export function asType(old: GraphNode, oldType: NodeType | undefined, type: NodeType): GraphNode {
  const params: Record<string, unknown> = {};
  for (const [name, { control }] of Object.entries(type.params)) {
    const before = oldType?.params[name];
    const value = old.params?.[name] ?? before?.default;
    if (value === undefined || (before && before.control.kind !== control.kind)) continue;
    const kept = carried(value, before?.control, control);
    if (kept !== undefined && JSON.stringify(kept) !== JSON.stringify(type.params[name]!.default)) params[name] = kept;
  }
  const { type: _type, version: _version, of: _of, params: _params, ...rest } = old;
  return { ...rest, type: type.type, version: type.version, ...(Object.keys(params).length > 0 ? { params } : {}) };
}

type Control = NodeType['params'][string]['control'];

function carried(value: unknown, before: Control | undefined, control: Control): unknown {
  switch (control.kind) {
    case 'choice':
      return control.options.some((option) => option.value === value) ? value : undefined;
    case 'number':
      return typeof value === 'number' && value >= (control.min ?? -Infinity) && value <= (control.max ?? Infinity) ? value : undefined;
    case 'weights':
      return undefined;
    case 'stages': {
      const all = control.options.map((option) => option.value);
      const chosen = value as string[];
      if (chosen.every((stage) => all.includes(stage))) return chosen;
      const old = before?.kind === 'stages' ? before.options.map((option) => option.value) : [];
      const alike = chosen.map((stage) => all[Math.round((old.indexOf(stage) / Math.max(1, old.length - 1)) * (all.length - 1))]!);
      return all.filter((stage) => alike.includes(stage));
    }
    default:
      return value;
  }
}

/**
 * Puts another node in the place of one. Wires stay at sockets of the same name and type; others go, in order, to
 * sockets of their type that are still free.
 */
export function replaceKeepingWires(steps: EditSequence, id: string, node: GraphNode, before: NodeSockets, after: NodeSockets): void {
  const { edges } = steps.wiring;
  const inputs = matched(edges.filter(({ to }) => parseEnd(to).node === id).map(({ to }) => parseEnd(to).socket), before.inputs, after.inputs);
  const outputs = matched(edges.filter(({ from }) => parseEnd(from).node === id).map(({ from }) => parseEnd(from).socket), before.outputs, after.outputs);
  const same = (pairs: ReadonlyMap<string, string>): string[] => [...pairs].filter(([a, b]) => a === b).map(([a]) => a);
  steps.do((edits) => edits.replaceNode(id, node, { inputs: same(inputs), outputs: same(outputs) }));
  for (const { from, to } of edges) {
    const [source, target] = [parseEnd(from), parseEnd(to)];
    const output = source.node === id ? outputs.get(source.socket) : source.socket;
    const input = target.node === id ? inputs.get(target.socket) : target.socket;
    if (output !== undefined && input !== undefined) steps.do((edits) => edits.connect({ from: `${source.node}.${output}`, to: `${target.node}.${input}` }));
  }
}

function matched(wired: readonly string[], before: Sockets, after: Sockets): Map<string, string> {
  const pairs = new Map([...new Set(wired)].filter((name) => after[name] && after[name].type === before[name]?.type).map((name) => [name, name]));
  const taken = new Set(pairs.values());
  for (const name of Object.keys(before)) {
    if (!wired.includes(name) || pairs.has(name)) continue;
    const free = Object.keys(after).find((other) => !taken.has(other) && after[other]!.type === before[name]!.type);
    if (free === undefined) continue;
    pairs.set(name, free);
    taken.add(free);
  }
  return pairs;
}
