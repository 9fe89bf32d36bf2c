import { describe, expect, it } from 'vitest';
import type { GraphDocument, Subgraph } from '../../../server/graph/document.ts';
import { expand, EXPANDED_NODES } from '../../../server/graph/expand.ts';

const branch: Subgraph = {
  inputs: { images: { type: 'images' } },
  outputs: { feature: { type: 'features' } },
  nodes: { net: { type: 'toy/backbone', version: 1, params: { stages: ['one'], mean: [0, 0, 0] } } },
  edges: [
    { from: '$in.images', to: 'net.images' },
    { from: 'net.one', to: '$out.feature' },
  ],
};
const graph = (parts: Partial<GraphDocument>): GraphDocument => ({ stillroom: 1, name: 'x', nodes: {}, edges: [], ...parts });

describe('expand', () => {
  it('joins edges across the boundary, saying which ports they passed', () => {
    const { edges, problems } = expand(
      graph({
        nodes: {
          images: { type: 'toy/source', version: 1 },
          left: { type: 'subgraph', of: 'branch' },
          loss: { type: 'toy/compare', version: 1 },
        },
        edges: [
          { from: 'images.images', to: 'left.images' },
          { from: 'left.feature', to: 'loss.teacher' },
        ],
        subgraphs: { branch },
      }),
    );
    expect(problems).toEqual([]);
    expect(edges).toEqual([
      {
        from: { node: 'left/net', socket: 'one' },
        to: { node: 'loss', socket: 'teacher' },
        via: [{ node: 'left', socket: 'feature', type: 'features' }],
      },
      {
        from: { node: 'images', socket: 'images' },
        to: { node: 'left/net', socket: 'images' },
        via: [{ node: 'left', socket: 'images', type: 'images' }],
      },
    ]);
  });

  it('applies overrides from the inside out, so that the outermost holds', () => {
    const outer: Subgraph = {
      inputs: {},
      outputs: {},
      nodes: {
        a: { type: 'subgraph', of: 'branch', params: { 'net.mean': [1, 1, 1] } },
        b: { type: 'subgraph', of: 'branch', params: { 'net.mean': [2, 2, 2] } },
      },
      edges: [],
    };
    const { nodes } = expand(
      graph({
        nodes: { x: { type: 'subgraph', of: 'outer', params: { 'b.net.mean': [9, 9, 9] } } },
        subgraphs: { branch, outer },
      }),
    );
    expect(nodes.map(({ id, node }) => [id, node.params])).toEqual([
      ['x/a/net', { stages: ['one'], mean: [1, 1, 1] }],
      ['x/b/net', { stages: ['one'], mean: [9, 9, 9] }],
    ]);
    expect(branch.nodes['net']!.params!['mean']).toEqual([0, 0, 0]);
  });

  it('refuses a few lines that ask for ten billion nodes, at once', () => {
    const level = (of: string | undefined): Subgraph => ({
      inputs: {},
      outputs: {},
      nodes: Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [`n${i}`, of ? { type: 'subgraph', of } : { type: 'toy/source', version: 1 }]),
      ),
      edges: [],
    });
    const subgraphs = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`s${i}`, level(i ? `s${i - 1}` : undefined)]));
    const { nodes, problems } = expand(graph({ nodes: { all: { type: 'subgraph', of: 's9' } }, subgraphs }));
    expect(nodes).toEqual([]);
    expect(problems).toMatchObject([{ code: 'graph-too-large', field: 'subgraphs' }]);
    expect(problems[0]!.message).toContain(String(EXPANDED_NODES));
  });
});
