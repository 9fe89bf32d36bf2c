import { describe, expect, it } from 'vitest';
import { EditSequence } from '../../../../client/editor/edits/sequence.ts';
import { collapse, dissolve } from '../../../../client/editor/edits/subgraphs.ts';
import type { GraphDocument } from '../../../../server/graph/document.ts';
import { expand } from '../../../../server/graph/expand.ts';
import { applyPatch, invert } from '../../../../server/graph/patch.ts';
import { chain } from './documents.ts';

const typeOf = (from: string): string => (from === 'other.out' ? 'features' : 'map');
const named = (document: GraphDocument): string[] =>
  expand(document).edges.map(({ from, to }) => `${from.node}.${from.socket} ${to.node}.${to.socket}`).sort();

const byTarget = ({ edges }: GraphDocument): unknown => [...edges].sort((a, b) => a.to.localeCompare(b.to));

function collapsed(): { steps: EditSequence; instance: string } {
  const steps = new EditSequence(chain, []);
  const instance = collapse(steps, ['other', 'filter'], 'My part', { x: 100, y: 100 }, typeOf);
  return { steps, instance };
}

describe('collapsing nodes into a sub-graph', () => {
  it('puts an instance in their place that is wired as they were', () => {
    const { steps, instance } = collapsed();
    expect(instance).toBe('my-part');
    expect(steps.document.nodes[instance]).toEqual({ type: 'subgraph', of: 'my-part', title: 'My part' });
    expect(steps.document.subgraphs!['my-part']).toMatchObject({ inputs: { in: { type: 'map' } }, outputs: { out: { type: 'map' } } });
    expect(expand(steps.document).problems).toEqual([]);
    expect(named(steps.document)).toEqual(['my-part/filter.out sink.in', 'my-part/other.out my-part/filter.extra', 'source.out my-part/filter.in']);
  });

  it('is undone as one, without a trace', () => {
    const { steps } = collapsed();
    const undone = applyPatch(steps.document, invert(steps.patch));
    expect({ ...undone, edges: byTarget(undone) }).toEqual({ ...chain, edges: byTarget(chain) });
    const made = applyPatch(chain, steps.patch);
    expect({ ...made, edges: byTarget(made) }).toEqual({ ...steps.document, edges: byTarget(steps.document) });
  });

  it('takes the points of the wires that it rewires away', () => {
    const led: GraphDocument = { ...chain, layout: { ...chain.layout, wires: { 'filter.in': [{ x: 1, y: 1 }], 'filter.extra': [{ x: 2, y: 2 }], 'sink.in': [{ x: 3, y: 3 }] } } };
    const steps = new EditSequence(led, []);
    const instance = collapse(steps, ['other', 'filter'], 'My part', { x: 0, y: 0 }, typeOf);
    expect(steps.document.layout!.wires).toBeUndefined();
    expect(steps.document.subgraphs!['my-part']!.layout).not.toHaveProperty('wires');
    dissolve(steps, instance);
    expect(steps.document.layout!.wires).toBeUndefined();
    expect(applyPatch(steps.document, invert(steps.patch)).layout).toEqual(led.layout);
  });

  it('gives a value that several nodes inside take, or several outside, one port', () => {
    const forked: GraphDocument = { ...chain, edges: [...chain.edges, { from: 'source.out', to: 'filter.third' }, { from: 'filter.out', to: 'sink.second' }] };
    const steps = new EditSequence(forked, []);
    collapse(steps, ['filter', 'other'], 'Part', { x: 0, y: 0 }, typeOf);
    const { inputs, outputs } = steps.document.subgraphs!['part']!;
    expect(Object.keys(inputs)).toEqual(['in']);
    expect(Object.keys(outputs)).toEqual(['out']);
    expect(named(steps.document)).toHaveLength(5);
  });
});

describe('the ports of a sub-graph', () => {
  const pools: GraphDocument = {
    stillroom: 1,
    name: 'pools',
    nodes: Object.fromEntries(['teacher', 'pool1', 'pool2', 'loss'].map((id) => [id, { type: `x/${id}`, version: 1 }])),
    edges: [
      { from: 'teacher.layer1', to: 'pool1.features' },
      { from: 'teacher.layer2', to: 'pool2.features' },
      { from: 'pool1.features', to: 'loss.a' },
      { from: 'pool2.features', to: 'loss.b' },
    ],
    layout: { nodes: { teacher: { x: 0, y: 0 }, pool1: { x: 300, y: 0 }, pool2: { x: 300, y: 200 }, loss: { x: 600, y: 0 } } },
  };
  const made = (document: GraphDocument, ids: readonly string[]) => {
    const steps = new EditSequence(document, []);
    collapse(steps, ids, 'Pools', { x: 0, y: 0 }, () => 'features');
    return steps;
  };

  it('are in the order in which the nodes inside stand, however their wires and the selection are ordered', () => {
    const first = made(pools, ['pool1', 'pool2']);
    const { edges } = first.document.subgraphs!['pools']!;
    expect(edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(['$in.features pool1.features', '$in.features2 pool2.features', 'pool1.features $out.features', 'pool2.features $out.features2']);
    const shuffled = made({ ...pools, edges: pools.edges.toReversed() }, ['pool2', 'pool1']).document;
    expect(byTarget({ ...shuffled, edges: shuffled.subgraphs!['pools']!.edges })).toEqual(byTarget({ ...shuffled, edges }));
    const undone = applyPatch(first.document, invert(first.patch));
    expect(made(undone, ['pool1', 'pool2']).document.subgraphs).toEqual(first.document.subgraphs);
  });
});

describe('dissolving an instance', () => {
  it('gives back the nodes, the wires, and what the instance had set', () => {
    const { steps, instance } = collapsed();
    steps.do((edits) => edits.setParam(instance, 'filter.size', 7));
    expect(dissolve(steps, instance)).toEqual(['other', 'filter']);
    expect(steps.document.nodes['filter']).toEqual({ type: 'x/filter', version: 1, params: { size: 7 } });
    expect(steps.document.subgraphs).toBeUndefined();
    expect(named(steps.document)).toEqual(named(chain));
  });

  it('keeps the sub-graph while another instance stands for it', () => {
    const { steps, instance } = collapsed();
    steps.add({ type: 'subgraph', of: 'my-part' }, { x: 0, y: 0 });
    dissolve(steps, instance);
    expect(Object.keys(steps.document.subgraphs!)).toEqual(['my-part']);
  });
});
