import type { Problem } from '../../plugins/sdk/index.ts';
import { parseEnd, SUBGRAPH, type GraphDocument, type GraphNode, type Wiring } from './document.ts';
import type { Expanded, FlatNode } from './flat.ts';
import { Level } from './level.ts';
import { didYouMean } from './nearest.ts';

/** Nodes that one document may grow to: nesting multiplies, and a few lines could ask for billions. */
export const EXPANDED_NODES = 20_000;

/** Replaces every instance of a sub-graph by the nodes it stands for, and joins the edges across its boundary. */
export function expand(document: GraphDocument): Expanded {
  return new Expansion(document).run();
}

type Overrides = Record<string, unknown>;

class Expansion {
  readonly #document: GraphDocument;
  readonly #problems: Problem[] = [];
  readonly #nodes: FlatNode[] = [];
  readonly #levels: Level[] = [];

  constructor(document: GraphDocument) {
    this.#document = document;
  }

  run(): Expanded {
    this.#enter(this.#document, new Level(this.#document, { prefix: '' }, this.#problems), {});
    if (this.#isFull()) {
      const message = `expected sub-graphs that expand to at most ${EXPANDED_NODES} nodes, found more`;
      this.#report('graph-too-large', { field: 'subgraphs' }, message, 'nest or repeat sub-graphs less');
      return { nodes: [], edges: [], problems: this.#problems };
    }
    for (const level of this.#levels) level.index();
    return { nodes: this.#nodes, edges: this.#levels.flatMap((level) => level.flatEdges()), problems: this.#problems };
  }

  #isFull(): boolean {
    return this.#nodes.length + this.#levels.length > EXPANDED_NODES;
  }

  #enter(wiring: Wiring, level: Level, overrides: Overrides): void {
    this.#levels.push(level);
    const byNode = this.#assign(wiring, overrides, level);
    for (const [id, original] of sortedEntries(wiring.nodes)) {
      if (this.#isFull()) return;
      const own = byNode.get(id);
      const node = own ? { ...original, params: { ...original.params, ...own } } : original;
      const muted = node.muted === true;
      if (node.type === SUBGRAPH && !muted) this.#enterInstance(level, id, node);
      else this.#nodes.push({ id: level.path(id), node, muted });
    }
  }

  #enterInstance(level: Level, id: string, node: GraphNode): void {
    const subgraphs = this.#document.subgraphs ?? {};
    const of = node.of ?? '';
    const path = level.path(id);
    if (!Object.hasOwn(subgraphs, of)) {
      const hint = didYouMean(of, Object.keys(subgraphs), 'add it under "subgraphs", or remove this node');
      this.#report('unknown-subgraph', { node: path, field: 'of' }, `expected a sub-graph of this document, found "${of}"`, hint);
      return;
    }
    const around = level.around();
    if (around.includes(of)) {
      const ring = [...around.slice(around.indexOf(of)), of].join(' → ');
      const message = `expected sub-graphs that do not hold themselves, found ${ring}`;
      this.#report('subgraph-recursion', { node: path, field: 'of' }, message, 'remove this instance');
      return;
    }
    const subgraph = subgraphs[of]!;
    const instance = { in: level, id, of, inputs: subgraph.inputs, outputs: subgraph.outputs };
    const child = new Level(subgraph, { prefix: `${path}/`, instance }, this.#problems);
    level.children.set(id, child);
    this.#enter(subgraph, child, node.params ?? {});
  }

  /** `inner.param` of an instance → `param` of `inner`; longer ones go on as overrides of an instance inside. */
  #assign(wiring: Wiring, overrides: Overrides, level: Level): Map<string, Overrides> {
    const byNode = new Map<string, Overrides>();
    for (const [key, value] of sortedEntries(overrides)) {
      const { node, socket: param } = parseEnd(key);
      if (param && Object.hasOwn(wiring.nodes, node)) {
        byNode.set(node, { ...byNode.get(node), [param]: value });
        continue;
      }
      const ids = Object.keys(wiring.nodes);
      const place = { node: level.prefix.slice(0, -1), field: key };
      const hint = didYouMean(node, ids, `nodes of the sub-graph: ${ids.join(', ')}`);
      this.#report('unknown-parameter', place, `expected "<inner node>.<parameter>", found "${key}"`, hint);
    }
    return byNode;
  }

  #report(code: string, place: Pick<Problem, 'node' | 'field'>, message: string, hint: string): void {
    this.#problems.push({ code, severity: 'error', ...place, message, hint });
  }
}

function sortedEntries<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
