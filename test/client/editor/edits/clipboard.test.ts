import { describe, expect, it } from 'vitest';
import { edgesInto, partOf, paste, readPart } from '../../../../client/editor/edits/clipboard.ts';
import { applyPatch, invert } from '../../../../server/graph/patch.ts';
import type { GraphDocument } from '../../../../server/graph/document.ts';
import { chain } from './documents.ts';

const empty: GraphDocument = { stillroom: 1, name: 'empty', nodes: {}, edges: [] };
const chosen = { nodes: ['source', 'filter'], frames: ['frame'], notes: [] };

describe('copying', () => {
  it('gives a document of what is chosen, with the edges between', () => {
    const part = partOf(chain, [], chosen);
    expect(Object.keys(part.nodes)).toEqual(['source', 'filter']);
    expect(part.edges).toEqual([{ from: 'source.out', to: 'filter.in' }]);
    expect(readPart(JSON.stringify(part))).toEqual(part);
  });

  it.each(['', 'a text', '[1]', '{"a": 1}', '{', 'null', '{"stillroom":1,"nodes":null,"edges":[]}'])('takes %j for no graph', (text) => {
    expect(readPart(text)).toBeNull();
  });
});

describe('pasting', () => {
  it('into another graph keeps ids, places moved, and inner edges', () => {
    const pasted = paste(empty, [], partOf(chain, [], chosen), { x: 10, y: 20 });
    const after = applyPatch(empty, pasted.patch);
    expect(after.nodes['filter']).toEqual(chain.nodes['filter']);
    expect(after.edges).toEqual([{ from: 'source.out', to: 'filter.in' }]);
    expect(after.layout!.nodes!['filter']).toEqual({ x: 310, y: 20 });
    expect(after.layout!.frames![0]).toMatchObject({ title: 'Sources', x: -10, y: -20 });
    expect(pasted.chosen).toEqual({ nodes: ['source', 'filter'], frames: ['frame'], notes: [] });
  });

  it('into the same graph gives new ids, and is undone as one', () => {
    const pasted = paste(chain, [], partOf(chain, [], chosen), { x: 36, y: 36 });
    const after = applyPatch(chain, pasted.patch);
    expect(after.edges).toContainEqual({ from: 'source-2.out', to: 'filter-2.in' });
    expect(after.nodes['filter-2']).toEqual(chain.nodes['filter']);
    expect(after.layout!.frames).toHaveLength(2);
    expect(applyPatch(after, invert(pasted.patch))).toEqual(chain);
  });

  it('keeps the points of wires whose ends both come along, moved as these are, and those alone', () => {
    const led: GraphDocument = { ...chain, layout: { ...chain.layout, wires: { 'filter.in': [{ x: 200, y: 50 }], 'filter.extra': [{ x: 1, y: 1 }] } } };
    const pasted = paste(led, [], partOf(led, [], chosen), { x: 36, y: 36.4 }, edgesInto(led, chosen.nodes));
    const after = applyPatch(led, pasted.patch);
    expect(after.edges).toContainEqual({ from: 'other.out', to: 'filter-2.extra' });
    expect(after.layout!.wires).toEqual({ ...led.layout!.wires, 'filter-2.in': [{ x: 236, y: 86 }] });
    expect(applyPatch(after, invert(pasted.patch))).toEqual(led);
  });

  it('keeps the edges that come from outside where that is asked for', () => {
    const pasted = paste(chain, [], partOf(chain, [], { ...chosen, nodes: ['filter'] }), { x: 1, y: 1 }, edgesInto(chain, ['filter']));
    expect(applyPatch(chain, pasted.patch).edges).toEqual(expect.arrayContaining([{ from: 'source.out', to: 'filter-2.in' }, { from: 'other.out', to: 'filter-2.extra' }]));
  });

  it('brings the sub-graphs along, under another name where that is taken by another', () => {
    const inner = { inputs: {}, outputs: {}, nodes: { a: { type: 'x/a', version: 1 } }, edges: [] };
    const from: GraphDocument = { ...empty, nodes: { one: { type: 'subgraph', of: 'part' } }, subgraphs: { part: inner } };
    const part = partOf(from, [], { nodes: ['one'], frames: [], notes: [] });
    expect(applyPatch(empty, paste(empty, [], part, { x: 0, y: 0 }).patch).subgraphs).toEqual({ part: inner });
    expect(Object.keys(applyPatch(from, paste(from, [], part, { x: 0, y: 0 }).patch).subgraphs!)).toEqual(['part']);
    const taken: GraphDocument = { ...empty, nodes: { two: { type: 'subgraph', of: 'part' } }, subgraphs: { part: { ...inner, nodes: { b: { type: 'x/b', version: 1 } } } } };
    const after = applyPatch(taken, paste(taken, [], part, { x: 0, y: 0 }).patch);
    expect(after.nodes['one']).toEqual({ type: 'subgraph', of: 'part-2' });
    expect(after.subgraphs!['part-2']).toEqual(inner);
  });
});
