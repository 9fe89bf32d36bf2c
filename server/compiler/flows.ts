import type { Signal } from '../../plugins/sdk/index.ts';
import { formatEnd, type GraphDocument } from '../graph/document.ts';
import { expand } from '../graph/expand.ts';
import type { Captions } from './captions.ts';
import type { Checked } from './check.ts';

/** What flows on an edge of a document whose sub-graphs are expanded. */
export interface Flow extends Signal {
  /** `node.socket` both; nodes inside a sub-graph are `instance/inner`. */
  from: string;
  to: string;
  /** Sockets of instances of sub-graphs that it goes through, in the order of the way. */
  via: string[];
  /** For a caption: shape and stride as `14×14×112 /16`, or what the socket type says. */
  text: string;
}

/** Every edge of a checked document whose value is known. */
export function flowsOf(document: GraphDocument, { nodes }: Checked, captions: Captions): Flow[] {
  return expand(document).edges.flatMap(({ from, to, via }) => {
    const signal = nodes.get(from.node)?.outputs[from.socket];
    return signal ? [{ from: formatEnd(from), to: formatEnd(to), via: via.map(formatEnd), ...signal, text: captions.of(signal, from) }] : [];
  });
}
