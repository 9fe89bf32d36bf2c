import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../plugins/sdk/index.ts';
import { stringifyGraph } from '../../../server/graph/canonical.ts';
import { Edits } from '../../../server/graph/commands.ts';
import { diffGraphs } from '../../../server/graph/diff.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { withLayoutIds } from '../../../server/graph/layout-ids.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { applyPatch, ConflictError, invert, join, type Patch } from '../../../server/graph/patch.ts';

const shipped = withLayoutIds(parseGraph(readFileSync(new URL('../../../graphs/dual-model.json', import.meta.url), 'utf8')).document!);
const small: GraphDocument = {
  stillroom: 1,
  name: 'small',
  nodes: { a: { type: 'x/source', version: 1 }, b: { type: 'x/sink', version: 1, params: { size: 3 } } },
  edges: [{ from: 'a.out', to: 'b.in' }],
};

function conflictsOf(document: GraphDocument, patch: Patch): ConflictError['conflicts'] {
  try {
    applyPatch(document, patch);
  } catch (error) {
    if (error instanceof ConflictError) return error.conflicts;
    throw error;
  }
  return [];
}

/** Any of the edits, on any of the nodes. */
function randomEdit(document: GraphDocument, random: ReturnType<typeof createRandom>): Patch {
  const edits = new Edits(document);
  const ids = Object.keys(document.nodes);
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  const id = pick(ids);
  return [
    () => edits.addNode({ type: 'x/extra', version: 1, params: { k: random.integer(9) } }, { x: 1, y: random.integer(99) }),
    () => edits.removeNodes(ids.length > 4 ? [id, pick(ids)] : []),
    () => edits.connect({ from: `${id}.out`, to: `${pick(ids)}.in${random.integer(3)}` }),
    () => (document.edges.length ? edits.disconnect(pick(document.edges).to) : []),
    () => edits.setParam(id, pick(['k', 'depth']), pick([undefined, 1, [1, 2], { deep: true }])),
    () => edits.setNode(id, 'title', pick([undefined, 'A', 'B'])),
    () => edits.move({ [id]: { x: random.integer(9), y: 0 } }),
    () => edits.putNote({ text: 'n', x: 0, y: 0 }),
    () => (document.edges.length ? edits.lead(pick(document.edges).to, Array.from({ length: random.integer(3) }, () => ({ x: random.integer(9), y: 0 }))) : []),
    () => edits.remove('frames', pick(document.layout?.frames?.map(({ id }) => id!) ?? ['none'])),
  ][random.integer(10)]!();
}

describe('an edit', () => {
  it('and its inverse leave the document as it was, whatever the edits', () => {
    const random = createRandom('edits', 1);
    let document = shipped;
    const done: Patch[] = [];
    for (let i = 0; i < 400; i++) {
      const patch = randomEdit(document, random);
      const before = document;
      document = applyPatch(document, patch);
      expect(parseGraph(stringifyGraph(document)).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(sorted(applyPatch(document, invert(patch)))).toEqual(sorted(before));
      done.push(patch);
    }
    for (const patch of done.reverse()) document = applyPatch(document, invert(patch));
    expect(sorted(document)).toEqual(sorted(shipped));
  });

  it('is what the difference of two documents gives, and joined edits do the same at once', () => {
    const random = createRandom('edits', 2);
    let document = shipped;
    let joined: Patch = [];
    for (let i = 0; i < 60; i++) {
      const patch = randomEdit(document, random);
      document = applyPatch(document, patch);
      joined = join(joined, patch);
    }
    expect(sorted(applyPatch(shipped, diffGraphs(shipped, document)))).toEqual(sorted(document));
    expect(sorted(applyPatch(shipped, joined))).toEqual(sorted(document));
    expect(diffGraphs(document, document)).toEqual([]);
  });

  it('changes nothing of what was given, and shares what it does not touch', () => {
    const before = structuredClone(shipped);
    const edited = applyPatch(shipped, new Edits(shipped).setParam('dataset', 'validationShare', 0.5));
    expect(shipped).toEqual(before);
    expect(edited.nodes['dataset']!.params).toMatchObject({ validationShare: 0.5, split: 'dataset' });
    expect(edited.edges).toBe(shipped.edges);
  });

  it('there and back is none', () => {
    const there = new Edits(small).move({ a: { x: 1, y: 1 } });
    expect(join(there, invert(there))).toEqual([]);
    expect(new Edits(small).setParam('b', 'size', 3)).toEqual([]);
  });
});

describe('points that a wire is led through', () => {
  const led = applyPatch(small, new Edits(small).lead('b.in', [{ x: 5, y: 6 }]));
  const edits = new Edits(led);

  it('are the layout’s alone, and none are no field', () => {
    expect(led.layout).toEqual({ wires: { 'b.in': [{ x: 5, y: 6 }] } });
    expect({ ...led, layout: undefined }).toEqual({ ...small, layout: undefined });
    expect(applyPatch(led, edits.lead('b.in', []))).toEqual(small);
    expect(diffGraphs(small, led)).toEqual([{ path: ['layout', 'wires', 'b.in'], after: [{ x: 5, y: 6 }] }]);
  });

  it.each<[string, Patch]>([
    ['it is taken off', edits.disconnect('b.in')],
    ['another takes its place', edits.connect({ from: 'b.out', to: 'b.in' })],
    ['a node at its end goes', edits.removeNodes(['a'])],
    ['the node in the place of one has no such socket', edits.replaceNode('a', { type: 'x/other', version: 1 }, { inputs: [], outputs: ['image'] })],
  ])('go with it where %s, and come back with it', (_what, patch) => {
    const edited = applyPatch(led, patch);
    expect(edited.layout).toBeUndefined();
    expect(applyPatch(edited, invert(patch))).toEqual(led);
  });

  it('stay where the same wire is put once more', () => {
    expect(edits.connect({ from: 'a.out', to: 'b.in' })).toEqual([]);
    expect(applyPatch(led, edits.replaceNode('a', { type: 'x/other', version: 1 }, { inputs: [], outputs: ['out'] })).layout).toEqual(led.layout);
  });
});

describe('an edit made on an older revision', () => {
  const edits = new Edits(small);

  it('fits where it touches other fields', () => {
    const newer = applyPatch(small, edits.setParam('b', 'size', 4));
    expect(applyPatch(newer, edits.setParam('b', 'depth', 1)).nodes['b']!.params).toEqual({ size: 4, depth: 1 });
    expect(applyPatch(newer, edits.setNode('b', 'title', 'B')).nodes['b']).toMatchObject({ title: 'B', params: { size: 4 } });
    const first = applyPatch(small, edits.addNode({ type: 'x/source', version: 1 }, { x: 0, y: 0 }, 'c'));
    expect(Object.keys(applyPatch(first, edits.addNode({ type: 'x/sink', version: 1 }, { x: 0, y: 0 }, 'd')).nodes)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is refused with all three values where the field is another by now', () => {
    const newer = applyPatch(small, edits.setParam('b', 'size', 4));
    expect(conflictsOf(newer, edits.setParam('b', 'size', 5))).toEqual([{ path: ['nodes', 'b', 'params', 'size'], before: 3, after: 5, found: 4 }]);
    expect(() => applyPatch(newer, edits.setParam('b', 'size', 5))).toThrow(
      expect.objectContaining({ code: 'edit-conflict', place: { node: 'b', field: 'size' }, hint: expect.stringContaining('newer') as string }) as Error,
    );
  });

  it('is refused where it takes away a node that was edited, or was given an edge', () => {
    expect(conflictsOf(applyPatch(small, edits.setParam('b', 'size', 4)), edits.removeNodes(['b']))).toMatchObject([{ path: ['nodes', 'b'] }]);
    const wired = applyPatch(small, edits.connect({ from: 'a.out', to: 'b.other' }));
    expect(conflictsOf(wired, edits.removeNodes(['b']))).toMatchObject([{ path: ['nodes', 'b'], found: { from: 'a.out', to: 'b.other' } }]);
  });

  it('is refused where it wires a node that is gone', () => {
    const newer = applyPatch(small, edits.removeNodes(['a']));
    expect(conflictsOf(newer, edits.connect({ from: 'a.out', to: 'b.other' }))).toMatchObject([{ path: ['edges', 'b.other'], after: { from: 'a.out' } }]);
  });
});

describe('edits of a sub-graph', () => {
  it('are made inside it', () => {
    const document: GraphDocument = {
      ...small,
      subgraphs: { part: { inputs: { x: { type: 'images' } }, outputs: {}, nodes: { a: { type: 'x/sink', version: 1 } }, edges: [{ from: '$in.x', to: 'a.in' }] } },
    };
    const inside = (one: GraphDocument): Edits => new Edits(one, ['subgraphs', 'part']);
    const edited = applyPatch(document, inside(document).setParam('a', 'size', 1));
    expect(edited.subgraphs!['part']!.nodes['a']!.params).toEqual({ size: 1 });
    const emptied = applyPatch(edited, inside(edited).removeNodes(['a']));
    expect(emptied.subgraphs!['part']).toMatchObject({ nodes: {}, edges: [] });
    expect(emptied.nodes).toBe(document.nodes);
  });
});

describe('a sub-graph', () => {
  it('comes and goes as one field, without a trace', () => {
    const part = { inputs: {}, outputs: {}, nodes: { a: { type: 'x/sink', version: 1 } }, edges: [] };
    const added: Patch = [{ path: ['subgraphs', 'part'], after: part }];
    const document = applyPatch(small, added);
    expect(document.subgraphs).toEqual({ part });
    expect(applyPatch(document, invert(added))).toEqual(small);
  });
});

describe('a node that is replaced', () => {
  it('keeps the wires that is replaced where its successor has the socket', () => {
    const replaced = new Edits(small).replaceNode('b', { type: 'x/other', version: 1 }, { inputs: ['input'], outputs: [] });
    expect(applyPatch(small, replaced)).toMatchObject({ nodes: { b: { type: 'x/other' } }, edges: [] });
    const kept = new Edits(small).replaceNode('b', { type: 'x/other', version: 1 }, { inputs: ['in'], outputs: [] });
    expect(applyPatch(small, kept).edges).toEqual(small.edges);
  });
});

/** Edges have no order, and neither have frames and notes here. */
function sorted(document: GraphDocument): unknown {
  const byKey = (items: readonly object[] = []): string[] => items.map((item) => JSON.stringify(item)).sort();
  const { frames, notes, ...layout } = document.layout ?? {};
  return { ...document, edges: byKey(document.edges), layout: { ...layout, frames: byKey(frames), notes: byKey(notes) } };
}
