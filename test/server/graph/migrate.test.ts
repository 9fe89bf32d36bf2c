import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { expand } from '../../../server/graph/expand.ts';
import { migrateGraph } from '../../../server/graph/migrate.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { toyPack } from '../../support/toy-pack.ts';

const registry = createRegistry([toyPack]);
const graph = (parts: Partial<GraphDocument>): GraphDocument => ({ stillroom: 1, name: 'x', nodes: {}, edges: [], ...parts });

describe('migrateGraph', () => {
  it('takes nodes through each step: channels 2 → width 2 → width 8', () => {
    const { document, problems } = migrateGraph(
      graph({ nodes: { a: { type: 'toy/renamed', version: 1, title: 'kept', params: { channels: 2, depth: 3 } } } }),
      registry,
    );
    expect(problems).toEqual([]);
    expect(document.nodes['a']).toEqual({ type: 'toy/renamed', version: 3, title: 'kept', params: { width: 8, depth: 3 } });
  });

  it('keeps nodes of unknown types and newer versions as they are, and says the latter', () => {
    const nodes = {
      unknown: { type: '@acme/nets/wide', version: 7, params: { any: 1 }, extra: true },
      newer: { type: 'toy/renamed', version: 9, params: { breadth: 1 } },
    };
    const { document, problems } = migrateGraph(graph({ nodes }), registry);
    expect(document.nodes).toEqual(nodes);
    expect(problems).toMatchObject([{ code: 'node-type-too-new', node: 'newer', field: 'version' }]);
  });

  it('keeps a node whose migration fails, and says why', () => {
    const nodes = { a: { type: 'toy/renamed', version: 2, params: { width: 'wide' } } };
    const { document, problems } = migrateGraph(graph({ nodes }), registry);
    expect(document.nodes).toEqual(nodes);
    expect(problems).toMatchObject([{ code: 'migration-failed', node: 'a' }]);
  });

  it('takes the overrides of a sub-graph’s instances along, nested ones too', () => {
    const old = graph({
      nodes: {
        plain: { type: 'subgraph', of: 'inner' },
        wide: { type: 'subgraph', of: 'inner', params: { 'net.channels': 5, 'other.width': 9 } },
        deep: { type: 'subgraph', of: 'outer', params: { 'part.net.channels': 7 } },
      },
      subgraphs: {
        inner: {
          inputs: {},
          outputs: {},
          nodes: {
            net: { type: 'toy/renamed', version: 1, params: { channels: 2, depth: 4 } },
            other: { type: 'toy/renamed', version: 3 },
          },
          edges: [],
        },
        outer: { inputs: {}, outputs: {}, nodes: { part: { type: 'subgraph', of: 'inner' } }, edges: [] },
      },
    });
    const { document, problems } = migrateGraph(old, registry);
    expect(problems).toEqual([]);
    expect(document.nodes['wide']!.params).toEqual({ 'net.width': 20, 'other.width': 9 });
    expect(document.nodes['deep']!.params).toEqual({ 'part.net.width': 28 });
    const values = Object.fromEntries(expand(document).nodes.map(({ id, node }) => [id, node.params]));
    expect(values).toMatchObject({
      'plain/net': { width: 8, depth: 4 },
      'wide/net': { width: 20, depth: 4 },
      'deep/part/net': { width: 28, depth: 4 },
    });
  });
});
