import { describe, expect, it, vi } from 'vitest';
import { nodeOf, placeableSubgraphs } from '../../../client/editor/placeable.ts';
import type { GraphDocument, Subgraph } from '../../../server/graph/document.ts';

vi.mock('../../../client/state/catalogue.svelte.ts', () => ({ catalogue: { get: () => undefined } }));

const holding = (...of: string[]): Subgraph => ({
  inputs: { images: { type: 'images' } },
  outputs: { features: { type: 'features', title: 'Features' } },
  nodes: Object.fromEntries(of.map((id) => [id, { type: 'subgraph', of: id }])),
  edges: [],
});
const document: GraphDocument = { stillroom: 1, name: 'nested', nodes: {}, edges: [], subgraphs: { outer: { ...holding('middle'), title: 'Outer' }, middle: holding('inner'), inner: holding(), apart: holding() } };
const offered = (...level: string[]): string[] => placeableSubgraphs(document, level).map(({ of }) => of!);

describe('sub-graphs that can be put on the canvas', () => {
  it('are all of them in the document itself, with their sockets', () => {
    expect(offered()).toEqual(['outer', 'middle', 'inner', 'apart']);
    const [outer] = placeableSubgraphs(document, []);
    expect(outer).toMatchObject({ title: 'Outer', category: 'sub-graph', inputs: { images: { type: 'images', title: 'images' } }, outputs: { features: { title: 'Features' } } });
    expect(nodeOf(outer!)).toEqual({ type: 'subgraph', of: 'outer' });
  });

  it('are within a sub-graph those that do not hold it', () => {
    expect(offered('subgraphs', 'inner')).toEqual(['apart']);
    expect(offered('subgraphs', 'middle')).toEqual(['inner', 'apart']);
    expect(offered('subgraphs', 'outer')).toEqual(['middle', 'inner', 'apart']);
  });
});
