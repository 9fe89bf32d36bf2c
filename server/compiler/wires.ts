import type { Problem } from '../../plugins/sdk/index.ts';
import { formatEnd, type End } from '../graph/document.ts';
import type { FlatEdge } from '../graph/flat.ts';
import { didYouMean } from '../graph/nearest.ts';
import type { Draft } from './check.ts';

/** An edge whose both ends exist and agree, seen from its target. */
export interface Wire {
  from: End;
  /** Input socket of the target. */
  socket: string;
}

interface Graph {
  drafts: ReadonlyMap<string, Draft>;
  muted: ReadonlySet<string>;
}

/**
 * Wires by target. Unknown sockets, mismatched types and required inputs without an edge are reported; a node with
 * such an input is marked as not sound.
 */
export function connect(edges: readonly FlatEdge[], graph: Graph, problems: Problem[]): Map<string, Wire[]> {
  const wires = new Map<string, Wire[]>();
  const taken = new Map<string, Map<string, FlatEdge>>();
  // An output that is not there is one problem, however many edges come from it.
  const told = new Set<string>();
  for (const edge of edges) {
    const { node, socket } = edge.to;
    if (graph.muted.has(node)) continue;
    taken.set(node, (taken.get(node) ?? new Map<string, FlatEdge>()).set(socket, edge));
    const found = mismatch(edge, graph);
    for (const problem of found) {
      const key = JSON.stringify(problem);
      if (!told.has(key)) problems.push(problem);
      told.add(key);
    }
    const draft = graph.drafts.get(node);
    const isInput = own(draft?.sockets.inputs, socket) !== undefined;
    if (!draft || !isInput || graph.muted.has(edge.from.node)) continue;
    const source = graph.drafts.get(edge.from.node);
    if (found.length === 0 && source) wires.set(node, [...(wires.get(node) ?? []), { from: edge.from, socket }]);
    // What flows in is unknown for a reason already given; no second problem comes of it.
    else draft.sound = false;
  }
  for (const draft of graph.drafts.values()) {
    const missing = missingInputs(draft, taken.get(draft.id) ?? new Map(), graph.muted);
    if (missing.length > 0) draft.sound = false;
    problems.push(...missing);
  }
  return wires;
}

function mismatch({ from, to, via }: FlatEdge, { drafts }: Graph): Problem[] {
  const source = drafts.get(from.node)?.sockets.outputs;
  const target = drafts.get(to.node)?.sockets.inputs;
  const problems: Problem[] = [];
  const [given, wanted] = [own(source, from.socket), own(target, to.socket)];
  if (source && !given) {
    const reversed = own(drafts.get(from.node)?.sockets.inputs, from.socket) !== undefined;
    problems.push(unknownSocket(from, 'output', Object.keys(source), reversed));
  }
  if (target && !wanted) {
    const reversed = own(drafts.get(to.node)?.sockets.outputs, to.socket) !== undefined;
    problems.push(unknownSocket(to, 'input', Object.keys(target), reversed));
  }
  // The value passes ports of sub-graphs on its way; each step is held to the one before it.
  const steps = [
    ...(given ? [{ ...from, type: given.type as string }] : []),
    ...via,
    ...(wanted ? [{ ...to, type: wanted.type as string }] : []),
  ];
  for (let i = 1; i < steps.length; i++) {
    const [before, here] = [steps[i - 1]!, steps[i]!];
    if (before.type === here.type) continue;
    problems.push({
      code: 'socket-type-mismatch',
      severity: 'error',
      node: here.node,
      socket: here.socket,
      message: `expected ${here.type}, found ${before.type} from "${formatEnd(before)}"`,
      hint: 'connect it to an output of that type',
    });
  }
  return problems;
}

function unknownSocket({ node, socket }: End, side: 'input' | 'output', names: string[], reversed: boolean): Problem {
  const listed = names.length ? `${side}s are: ${names.join(', ')}` : `it has no ${side}s`;
  return {
    code: 'unknown-socket',
    severity: 'error',
    node,
    socket,
    message: `expected an ${side} of the node, found "${socket}"`,
    hint: reversed
      ? `"${socket}" is an ${side === 'input' ? 'output' : 'input'}: edges lead from outputs to inputs`
      : didYouMean(socket, names, listed),
  };
}

function missingInputs(draft: Draft, taken: ReadonlyMap<string, FlatEdge>, muted: ReadonlySet<string>): Problem[] {
  return Object.entries(draft.sockets.inputs ?? {}).flatMap(([socket, { type, optional }]): Problem[] => {
    const edge = taken.get(socket);
    const isMuted = edge !== undefined && muted.has(edge.from.node);
    if (optional || (edge && !isMuted)) return [];
    return [
      {
        code: 'missing-input',
        severity: 'error',
        node: draft.id,
        socket,
        message: `expected an edge that brings ${type}, found ${isMuted ? `one from the muted node "${edge.from.node}"` : 'none'}`,
        hint: isMuted ? `unmute "${edge.from.node}", or mute this node too` : `connect an output of type ${type}`,
      },
    ];
  });
}

function own<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}
