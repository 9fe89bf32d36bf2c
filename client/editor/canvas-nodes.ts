import { parseEnd, type GraphDocument } from '../../server/graph/document.ts';
import type { Sockets } from '../../plugins/sdk/index.ts';
import { CanvasNode, type SocketRow } from '../canvas/canvas-node.svelte.ts';
import type { Wire } from '../canvas/wires.ts';
import { catalogue } from '../state/catalogue.svelte.ts';
import type { Check } from '../state/types.ts';

/** What of a document is drawn: its nodes as they are on the canvas, kept from one picture to the next, and its wires. */
export class CanvasNodes {
  readonly #nodes = new Map<string, CanvasNode>();

  get(id: string): CanvasNode | undefined {
    return this.#nodes.get(id);
  }

  all(): CanvasNode[] {
    return [...this.#nodes.values()];
  }

  /** Brings the nodes to what the document and its check say. */
  update(document: GraphDocument, check: Check | null): { nodes: CanvasNode[]; wires: Wire[] } {
    for (const id of [...this.#nodes.keys()]) if (!Object.hasOwn(document.nodes, id)) this.#nodes.delete(id);
    for (const [id, node] of Object.entries(document.nodes)) {
      const drawn = this.#nodes.get(id) ?? new CanvasNode(id);
      this.#nodes.set(id, drawn);
      const type = catalogue.get(node.type);
      const subgraph = node.of === undefined ? undefined : document.subgraphs?.[node.of];
      const sockets = check?.sockets[id] ?? type ?? (subgraph && { inputs: subgraph.inputs as Sockets, outputs: subgraph.outputs as Sockets });
      drawn.type = node.type;
      drawn.title = node.title ?? type?.title ?? subgraph?.title ?? node.of ?? node.type;
      drawn.category = type?.category ?? 'other';
      drawn.help = [type?.summary, type?.cite && `Source: ${type.cite}`, node.comment].filter(Boolean).join('\n\n');
      drawn.isKnown = type !== undefined || subgraph !== undefined;
      drawn.isMuted = node.muted ?? false;
      drawn.inputs = withLoose(rowsOf(sockets?.inputs), document.edges.filter(({ to }) => parseEnd(to).node === id).map(({ to }) => parseEnd(to).socket));
      drawn.outputs = withLoose(rowsOf(sockets?.outputs), document.edges.filter(({ from }) => parseEnd(from).node === id).map(({ from }) => parseEnd(from).socket));
      const place = document.layout?.nodes?.[id];
      drawn.place = { x: place?.x ?? 0, y: place?.y ?? 0 };
      const problems = check?.problems.filter((problem) => problem.node === id || problem.node?.startsWith(`${id}/`)) ?? [];
      const worst = problems.find(({ severity }) => severity === 'error') ?? problems[0];
      drawn.problem = worst ? { severity: worst.severity, text: problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message)).join('\n') } : null;
      drawn.badSockets = new Set(problems.flatMap(({ socket }) => socket ?? []));
    }
    return { nodes: this.all(), wires: wiresOf(document, check, this.#nodes) };
  }
}

function wiresOf(document: GraphDocument, check: Check | null, nodes: ReadonlyMap<string, CanvasNode>): Wire[] {
  const flows = new Map(check?.edges.map((flow) => [flow.to, flow]));
  return document.edges.map(({ from, to }) => {
    const [source, target] = [parseEnd(from), parseEnd(to)];
    const type = nodes.get(source.node)?.outputs.find(({ name }) => name === source.socket)?.type ?? 'other';
    const isBad = nodes.get(target.node)?.badSockets.has(target.socket) ?? false;
    return { from, to, type, text: flows.get(to)?.text ?? '', isBad };
  });
}

const rowsOf = (sockets: Sockets = {}): SocketRow[] =>
  Object.entries(sockets).map(([name, { type, title, optional }]) => ({ name, type, title: title ?? name, isOptional: optional ?? false }));

/** Wires that end at a socket that is not there any more are still drawn, so that they can be mended. */
function withLoose(rows: SocketRow[], wired: readonly string[]): SocketRow[] {
  const loose = [...new Set(wired)].filter((name) => !rows.some((row) => row.name === name));
  return [...rows, ...loose.map((name) => ({ name, type: 'other', title: `${name}?`, isOptional: false }))];
}
