import type { AnyNodeDefinition, Problem } from '../../plugins/sdk/index.ts';
import { SUBGRAPH, type GraphDocument, type GraphNode, type Wiring } from './document.ts';
import type { Registry } from './registry.ts';

type ParamRecord = Record<string, unknown>;

export interface MigratedNode {
  node: GraphNode;
  /** Why the node was left as it is. */
  problem?: Omit<Problem, 'node'>;
}

/** Brings a node to its definition's version, step by step. One of a newer version is left as it is. */
export function migrateNode(node: GraphNode, definition: AnyNodeDefinition): MigratedNode {
  const from = node.version ?? 1;
  if (from === definition.version) return { node };
  if (from > definition.version) {
    return {
      node,
      problem: {
        code: 'node-type-too-new',
        severity: 'error',
        field: 'version',
        message: `expected "${node.type}" of version ${definition.version} or older, found ${from}`,
        hint: 'update the plugin; the node was left as it is',
      },
    };
  }
  try {
    return { node: { ...node, version: definition.version, params: migrateParams(node.params ?? {}, from, definition) } };
  } catch (error) {
    return {
      node,
      problem: {
        code: 'migration-failed',
        severity: 'error',
        field: 'params',
        message: `expected the parameters of "${node.type}" version ${from}, found some that cannot be brought to ${
          definition.version
        }: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'correct the parameters by hand; the node was left as it is',
      },
    };
  }
}

function migrateParams(params: ParamRecord, from: number, { migrate, version }: AnyNodeDefinition): ParamRecord {
  let current = params;
  for (let v = from; v < version; v++) current = migrate![v]!(current);
  return current;
}

/**
 * Brings every node of a document to the versions that the registry has, those in sub-graphs and the overrides of
 * their instances too. Nodes of unknown types are placeholders: they keep their data and their wires.
 */
export function migrateGraph(document: GraphDocument, registry: Registry): { document: GraphDocument; problems: Problem[] } {
  const problems: Problem[] = [];
  const migrateWiring = <W extends Wiring>(wiring: W, path: readonly string[]): W => {
    const nodes = Object.entries(wiring.nodes).map(([id, node]): [string, GraphNode] => {
      if (node.type === SUBGRAPH) return [id, migrateOverrides(node, document, registry)];
      const definition = registry.get(node.type);
      if (!definition) return [id, node];
      const { node: migrated, problem } = migrateNode(node, definition);
      const field = path.length ? { field: [...path, 'nodes', id].join(' › ') } : { node: id };
      if (problem) problems.push({ ...problem, ...field });
      return [id, migrated];
    });
    return { ...wiring, nodes: Object.fromEntries(nodes) };
  };
  const subgraphs = Object.entries(document.subgraphs ?? {}).map(([id, subgraph]) => [
    id,
    migrateWiring(subgraph, ['subgraphs', id]),
  ]);
  return {
    document: {
      ...migrateWiring(document, []),
      ...(document.subgraphs ? { subgraphs: Object.fromEntries(subgraphs) } : {}),
    },
    problems,
  };
}

/** Overrides are written for the inner node's old version: migrate inner values with and without them, and compare. */
function migrateOverrides(instance: GraphNode, document: GraphDocument, registry: Registry): GraphNode {
  if (!instance.params) return instance;
  let params = instance.params;
  for (const [id, inner] of innerNodes(instance, document)) {
    const definition = registry.get(inner.type);
    const from = inner.version ?? 1;
    if (!definition || from >= definition.version) continue;
    const prefix = `${id}.`;
    const kept = Object.entries(params).filter(([key]) => !key.startsWith(prefix));
    const old = Object.fromEntries(
      Object.entries(params).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
    );
    if (Object.keys(old).length === 0) continue;
    try {
      const base = migrateParams(inner.params ?? {}, from, definition);
      const changed = Object.entries(migrateParams({ ...inner.params, ...old }, from, definition)).filter(
        ([key, value]) => key in old || JSON.stringify(value) !== JSON.stringify(base[key]),
      );
      params = Object.fromEntries([...kept, ...changed.map(([key, value]) => [prefix + key, value] as const)]);
    } catch {
      // Parameters that no migration can read: reported at the inner node; the overrides stay as they are.
    }
  }
  return { ...instance, params };
}

/** Nodes that an instance's overrides may name, by the path they name them with (`inner`, `inner.deeper`). */
function innerNodes(instance: GraphNode, document: GraphDocument, outer: readonly string[] = []): [string, GraphNode][] {
  const of = instance.of ?? '';
  const subgraphs = document.subgraphs ?? {};
  if (outer.includes(of) || !Object.hasOwn(subgraphs, of)) return [];
  return Object.entries(subgraphs[of]!.nodes).flatMap(([id, node]) =>
    node.type === SUBGRAPH
      ? innerNodes(node, document, [...outer, of]).map(([path, deep]): [string, GraphNode] => [`${id}.${path}`, deep])
      : [[id, node] as [string, GraphNode]],
  );
}
