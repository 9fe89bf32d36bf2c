import { describe, expect, it } from 'vitest';
import { Edits } from '../../../server/graph/commands.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { applyPatch, join, type Patch } from '../../../server/graph/patch.ts';
import { insist, rebase } from '../../../server/graph/rebase.ts';

const begun: GraphDocument = {
  stillroom: 1,
  name: 'begun',
  nodes: { a: { type: 'x/source', version: 1 }, b: { type: 'x/sink', version: 1, params: { size: 3, depth: 1 } }, c: { type: 'x/sink', version: 1 } },
  edges: [{ from: 'a.out', to: 'b.in' }],
  layout: { nodes: { a: { x: 0, y: 0 }, b: { x: 300, y: 0 }, c: { x: 300, y: 200 } } },
};
const after = (...edits: ((edits: Edits) => Patch)[]): { document: GraphDocument; patch: Patch } => {
  let [document, patch]: [GraphDocument, Patch] = [begun, []];
  for (const edit of edits) {
    const one = edit(new Edits(document));
    [document, patch] = [applyPatch(document, one), join(patch, one)];
  }
  return { document, patch };
};
const meet = (theirs: ReturnType<typeof after>, mine: ReturnType<typeof after>) => {
  const rebased = rebase(theirs.document, mine.patch, mine.document);
  return { ...rebased, document: applyPatch(theirs.document, rebased.fits) };
};

describe('an edit on a document that others have edited', () => {
  it('is made where it touches something else', () => {
    const { clashes, document } = meet(after((e) => e.setParam('b', 'depth', 2)), after((e) => e.setParam('b', 'size', 7)));
    expect(clashes).toEqual([]);
    expect(document.nodes['b']!.params).toEqual({ size: 7, depth: 2 });
  });

  it('clashes in the field that both have set, and in no other', () => {
    const theirs = after((e) => e.setParam('b', 'size', 9));
    const { clashes, document } = meet(theirs, after((e) => e.setParam('b', 'size', 7), (e) => e.setParam('b', 'depth', 4)));
    expect(document.nodes['b']!.params).toEqual({ size: 9, depth: 4 });
    expect(clashes.map(({ path }) => path)).toEqual([['nodes', 'b', 'params', 'size']]);
    expect(applyPatch(document, insist(document, clashes[0]!)).nodes['b']!.params).toEqual({ size: 7, depth: 4 });
  });

  it('is nothing where others did the same', () => {
    const same = after((e) => e.setParam('b', 'size', 9));
    expect(meet(same, same)).toMatchObject({ fits: [], clashes: [] });
  });

  it('keeps a node that it removes and others have set, with its wires, until one insists', () => {
    const { clashes, document } = meet(after((e) => e.setParam('b', 'size', 9)), after((e) => e.removeNodes(['b'])));
    expect(document.nodes['b']!.params).toEqual({ size: 9, depth: 1 });
    expect(document.edges).toEqual(begun.edges);
    expect(clashes).toHaveLength(1);
    const gone = applyPatch(document, insist(document, clashes[0]!));
    expect(Object.keys(gone.nodes)).toEqual(['a', 'c']);
    expect(gone.edges).toEqual([]);
    expect(Object.keys(gone.layout!.nodes!)).toEqual(['a', 'c']);
  });

  it('brings back a node that others removed where one insists on what was set of it, with its wires', () => {
    const { clashes, document } = meet(after((e) => e.removeNodes(['b'])), after((e) => e.setParam('b', 'size', 7)));
    expect(document.nodes['b']).toBeUndefined();
    const back = applyPatch(document, insist(document, clashes[0]!));
    expect(back.nodes['b']).toEqual({ type: 'x/sink', version: 1, params: { size: 7, depth: 1 } });
    expect(back.edges).toEqual(begun.edges);
    expect(back.layout!.nodes!['b']).toEqual({ x: 300, y: 0 });
  });

  it('brings back what a new wire ends at', () => {
    const { clashes, document } = meet(after((e) => e.removeNodes(['c'])), after((e) => e.connect({ from: 'a.out', to: 'c.in' })));
    expect(clashes.map(({ path }) => path)).toEqual([['edges', 'c.in']]);
    const back = applyPatch(document, insist(document, clashes[0]!));
    expect(back.nodes['c']).toEqual(begun.nodes['c']);
    expect(back.edges).toContainEqual({ from: 'a.out', to: 'c.in' });
  });

  it('moves no node that is gone, and asks nothing about it', () => {
    expect(meet(after((e) => e.removeNodes(['b'])), after((e) => e.move({ b: { x: 5, y: 5 } })))).toMatchObject({ fits: [], clashes: [] });
  });

  it('asks once about all places', () => {
    const { clashes } = meet(after((e) => e.move({ a: { x: 1, y: 0 }, b: { x: 2, y: 0 } })), after((e) => e.move({ a: { x: 8, y: 8 }, b: { x: 9, y: 9 } })));
    expect(clashes).toHaveLength(1);
    expect(clashes[0]!.changes).toHaveLength(2);
  });

  it('keeps both of two new nodes of one id, each with its wires and its place', () => {
    const added = (e: Edits): Patch => e.addNode({ type: 'x/more', version: 1 }, { x: 0, y: 400 });
    const theirs = after(added, (e) => e.setNode('more', 'title', 'Theirs'));
    const { clashes, document, renamed } = meet(theirs, after(added, (e) => e.setNode('more', 'title', 'Mine'), (e) => e.connect({ from: 'a.out', to: 'more.in' })));
    expect(clashes).toEqual([]);
    expect(renamed).toEqual([{ path: ['nodes', 'more'], id: 'more-2' }]);
    expect(document.nodes).toMatchObject({ more: { title: 'Theirs' }, 'more-2': { title: 'Mine' } });
    expect(document.edges).toContainEqual({ from: 'a.out', to: 'more-2.in' });
    expect(document.layout!.nodes).toMatchObject({ 'more-2': { x: 0, y: 400 } });
  });

  it('keeps both of two new notes', () => {
    const write = (text: string) => after((e) => e.putNote({ text, x: 0, y: 0 }));
    const { document, clashes } = meet(write('theirs'), write('mine'));
    expect(clashes).toEqual([]);
    expect(document.layout!.notes!.map(({ id, text }) => [id, text])).toEqual([['note', 'theirs'], ['note-2', 'mine']]);
  });
});
