import { parseEnd } from '../../../server/graph/document.ts';
import type { Sockets } from '../../../plugins/sdk/index.ts';
import type { EditSequence } from './sequence.ts';

/** Sockets of a node of a wiring. */
export interface NodeSockets {
  inputs: Sockets;
  outputs: Sockets;
}

/**
 * Leads past a node what comes out of it: who took an output gets what flows into the node's first input of that type.
 * Wires for which there is none stay.
 */
export function leadPast(steps: EditSequence, node: string, { inputs, outputs }: NodeSockets): void {
  const { edges } = steps.wiring;
  for (const { from, to } of edges) {
    const source = parseEnd(from);
    if (source.node !== node) continue;
    const type = outputs[source.socket]?.type;
    const input = Object.keys(inputs).find((name) => inputs[name]!.type === type && edges.some((edge) => edge.to === `${node}.${name}`));
    const before = input && edges.find((edge) => edge.to === `${node}.${input}`)!.from;
    if (before && parseEnd(before).node !== node) steps.do((edits) => edits.connect({ from: before, to }));
  }
}

/** The sockets by which a node could be put onto a wire of a type; null where it has none of that type on both sides. */
export function throughOf({ inputs, outputs }: NodeSockets, type: string): { input: string; output: string } | null {
  const of = (sockets: Sockets): string | undefined => Object.keys(sockets).find((name) => sockets[name]!.type === type);
  const [input, output] = [of(inputs), of(outputs)];
  return input !== undefined && output !== undefined ? { input, output } : null;
}

/** Puts a node onto the wire that goes to an input. */
export function putOntoWire(steps: EditSequence, node: string, to: string, { input, output }: { input: string; output: string }): void {
  const from = steps.wiring.edges.find((edge) => edge.to === to)?.from;
  if (from === undefined) return;
  steps.do((edits) => edits.connect({ from, to: `${node}.${input}` }));
  steps.do((edits) => edits.connect({ from: `${node}.${output}`, to }));
}
