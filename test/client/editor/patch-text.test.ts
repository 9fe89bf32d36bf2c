import { describe, expect, it } from 'vitest';
import { patchText } from '../../../client/editor/patch-text.ts';
import { Edits } from '../../../server/graph/commands.ts';
import { change } from '../../../server/graph/patch.ts';
import { chain } from './edits/documents.ts';

const told = (patch: Parameters<typeof patchText>[0]): string[] => patchText(patch, (node) => `“${node}”`);

describe('an edit in words', () => {
  it('tells nodes, wires and values', () => {
    const edits = new Edits(chain);
    expect(told(edits.setParam('filter', 'size', 5))).toEqual(['“filter” › size: 3 → 5']);
    expect(told(edits.disconnect('sink.in'))).toEqual(['unwired “filter” out → “sink” in']);
    expect(told(edits.move({ sink: { x: 1, y: 2 }, filter: { x: 3, y: 4 } }))).toEqual(['2 nodes placed']);
  });

  it('tells of a node that is another as a whole what of it is another', () => {
    const before = chain.nodes['filter']!;
    expect(told([change(['nodes', 'filter'], before, { ...before, type: 'x/blur', params: { size: 3, sigma: 2 } })])).toEqual(['“filter” › type: x/filter → x/blur', '“filter” › sigma: as given → 2']);
  });

  it('tells of a sub-graph that is another as a whole what of it is another', () => {
    const part = { title: 'Part', inputs: {}, outputs: {}, nodes: chain.nodes, edges: chain.edges };
    const { sink: _, ...nodes } = chain.nodes;
    const after = { ...part, nodes: { ...nodes, filter: { ...nodes['filter']!, params: { size: 7 } } }, edges: chain.edges.slice(0, 2), layout: { nodes: { source: { x: 0, y: 0 } } } };
    expect(told([change(['subgraphs', 'part'], part, after)])).toEqual(['“filter” › size: 3 → 7 in part', '“sink” removed in part', 'unwired “filter” out → “sink” in in part', '1 node placed']);
    expect(told([change(['subgraphs', 'part'], undefined, part)])).toEqual(['sub-graph part added']);
  });
});
