import { describe, expect, it, vi } from 'vitest';
import { CanvasNodes, type Level } from '../../../client/editor/canvas-nodes.ts';
import type { Check, NodeType } from '../../../client/state/types.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { chain, filterSockets } from './edits/documents.ts';

const types: Record<string, Partial<NodeType>> = {
  'x/source': { title: 'Source', category: 'data', summary: 'Gives.', inputs: {}, outputs: { out: { type: 'map' } }, params: {} },
  'x/filter': { title: 'Filter', category: 'scoring', summary: 'Filters.', cite: 'Somebody 2024', ...filterSockets, params: {} },
};
vi.mock('../../../client/state/catalogue.svelte.ts', () => ({ catalogue: { get: (type: string) => types[type] } }));

const top: Level = { path: [], prefix: '' };
const checked = (part: Partial<Check>): Check => ({ ok: true, identity: '', problems: [], nodes: {}, edges: [], sockets: {}, total: { parameters: 0, multiplyAdds: 0, activationBytes: 0 }, ...part });

describe('what is drawn of a document', () => {
  it('are its nodes with the looks of their types, where the layout has them, and its wires', () => {
    const { nodes, wires } = new CanvasNodes().update(chain, top, null);
    const filter = nodes.find(({ id }) => id === 'filter')!;
    expect(filter).toMatchObject({ title: 'Filter', category: 'scoring', place: { x: 300, y: 0 }, isKnown: true, isMuted: false });
    expect(filter.help).toContain('Source: Somebody 2024');
    expect(filter.inputs.map(({ name, type }) => `${name}: ${type}`)).toEqual(['in: map', 'extra: features']);
    expect(wires.map(({ to, type }) => `${to}: ${type}`)).toEqual(['filter.in: map', 'filter.extra: map', 'sink.in: map']);
  });

  it('leads wires through their points', () => {
    const { wires } = new CanvasNodes().update({ ...chain, layout: { ...chain.layout, wires: { 'sink.in': [{ x: 1, y: 2 }], 'gone.in': [] } } }, top, null);
    expect(wires.map(({ to, through }) => [to, through])).toEqual([['filter.in', []], ['filter.extra', []], ['sink.in', [{ x: 1, y: 2 }]]]);
  });

  it('keeps a node of a type that nobody knows, with the sockets that its wires name, of the types at their other ends', () => {
    const beyond: GraphDocument = { ...chain, nodes: { ...chain.nodes, far: { type: '@acme/nets/far', version: 1 } }, edges: [...chain.edges, { from: 'sink.more', to: 'far.in' }, { from: 'sink.back', to: 'filter.third' }] };
    const { nodes, wires } = new CanvasNodes().update(beyond, top, null);
    const sink = nodes.find(({ id }) => id === 'sink')!;
    expect(sink).toMatchObject({ isKnown: false, title: 'sink' });
    expect(sink.help).toContain('A node of the plugin x that is not here');
    expect(sink.inputs).toMatchObject([{ name: 'in', title: 'in', type: 'map' }]);
    expect(sink.outputs).toMatchObject([{ name: 'more', type: 'other' }, { name: 'back', type: 'other' }]);
    expect(nodes.find(({ id }) => id === 'far')).toMatchObject({ title: 'far', inputs: [{ name: 'in', type: 'other' }] });
    expect(wires.map(({ to, type }) => `${to}: ${type}`)).toContain('far.in: other');
  });

  it('says what flows on wires, and what is wrong at nodes and at sockets', () => {
    const { nodes, wires } = new CanvasNodes().update(
      chain,
      top,
      checked({
        edges: [{ from: 'source.out', to: 'filter.in', via: [], type: 'map', shape: [4, 4, 1], text: '4×4×1' }],
        problems: [
          { code: 'a', severity: 'warning', node: 'filter', message: 'a bit' },
          { code: 'b', severity: 'error', node: 'filter', socket: 'extra', message: 'wrong', hint: 'do this' },
        ],
      }),
    );
    const filter = nodes.find(({ id }) => id === 'filter')!;
    expect(filter.problem).toEqual({ severity: 'error', text: 'a bit\nwrong (do this)' });
    expect([...filter.badSockets]).toEqual([['extra', 'wrong (do this)']]);
    expect(wires.map(({ text, isBad }) => [text, isBad])).toEqual([['4×4×1', false], ['', true], ['', false]]);
  });

  it('keeps each node from one picture to the next, and what of it has not changed', () => {
    const drawn = new CanvasNodes();
    const before = drawn.update(chain, top, null).nodes.find(({ id }) => id === 'filter')!;
    const { inputs } = before;
    const { sink: _, ...rest } = chain.nodes;
    const after = drawn.update({ ...chain, nodes: rest, edges: chain.edges.slice(0, 2) }, top, checked({})).nodes;
    expect(after.find(({ id }) => id === 'filter')).toBe(before);
    expect(before.inputs).toBe(inputs);
    expect(after.map(({ id }) => id)).not.toContain('sink');
  });

  it('leaves a node that is dragged where the pointer has it', () => {
    const drawn = new CanvasNodes();
    const [node] = drawn.update(chain, top, null).nodes;
    Object.assign(node!, { isHeld: true, place: { x: 7, y: 7 } });
    drawn.update(chain, top, checked({}));
    expect(node!.place).toEqual({ x: 7, y: 7 });
  });

  it('shows the inside of an instance with its ends, and what flows through them', () => {
    const outer: GraphDocument = {
      stillroom: 1,
      name: 'outer',
      nodes: { source: chain.nodes['source']!, one: { type: 'subgraph', of: 'part' } },
      edges: [{ from: 'source.out', to: 'one.map' }],
      subgraphs: { part: { title: 'Part', inputs: { map: { type: 'map' } }, outputs: { out: { type: 'map' } }, nodes: { filter: chain.nodes['filter']! }, edges: [{ from: '$in.map', to: 'filter.in' }, { from: 'filter.out', to: '$out.out' }] } },
    };
    const check = checked({
      edges: [{ from: 'source.out', to: 'one/filter.in', via: ['one.map'], type: 'map', shape: [4, 4, 1], text: '4×4×1' }],
      problems: [{ code: 'a', severity: 'error', node: 'one/filter', message: 'wrong' }],
    });
    const drawn = new CanvasNodes();
    const above = drawn.update(outer, top, check);
    expect(above.nodes.find(({ id }) => id === 'one')).toMatchObject({ title: 'Part', category: 'sub-graph', problem: { severity: 'error' } });
    expect(above.wires[0]!.text).toBe('4×4×1');
    const inside = drawn.update(outer, { path: ['subgraphs', 'part'], prefix: 'one/' }, check);
    expect(inside.nodes.map(({ id }) => id).sort()).toEqual(['$in', '$out', 'filter']);
    expect(inside.nodes.find(({ id }) => id === 'filter')!.problem!.text).toBe('wrong');
    expect(inside.wires).toMatchObject([{ from: '$in.map', type: 'map', text: '4×4×1' }, { from: 'filter.out', to: '$out.out' }]);
  });

  it('tells what comes into a sub-graph from what leaves it, where both have one name', () => {
    const outer: GraphDocument = {
      stillroom: 1,
      name: 'outer',
      nodes: { source: chain.nodes['source']!, one: { type: 'subgraph', of: 'part' }, sink: chain.nodes['filter']! },
      edges: [{ from: 'source.out', to: 'one.map' }, { from: 'source.out', to: 'one.past' }, { from: 'one.map', to: 'sink.in' }, { from: 'one.past', to: 'sink.extra' }],
      subgraphs: {
        part: {
          inputs: { map: { type: 'map' }, past: { type: 'map' } },
          outputs: { map: { type: 'map' }, past: { type: 'map' } },
          nodes: { filter: chain.nodes['filter']! },
          edges: [{ from: '$in.map', to: 'filter.in' }, { from: 'filter.out', to: '$out.map' }, { from: '$in.past', to: '$out.past' }],
        },
      },
    };
    const flow = (from: string, to: string, via: string[], text: string): Check['edges'][number] => ({ from, to, via, type: 'map', shape: [1, 1, 1], text });
    const edges = [
      flow('one/filter.out', 'sink.in', ['one.map'], 'small'),
      flow('source.out', 'one/filter.in', ['one.map'], 'large'),
      flow('source.out', 'sink.extra', ['one.past', 'one.past'], 'past'),
    ];
    const textsAt = (level: Level, known: Check['edges']): Record<string, string> => Object.fromEntries(new CanvasNodes().update(outer, level, checked({ edges: known })).wires.map(({ to, text }) => [to, text]));
    for (const known of [edges, edges.toReversed()]) {
      expect(textsAt(top, known)).toEqual({ 'one.map': 'large', 'one.past': 'past', 'sink.in': 'small', 'sink.extra': 'past' });
      expect(textsAt({ path: ['subgraphs', 'part'], prefix: 'one/' }, known)).toEqual({ 'filter.in': 'large', '$out.map': 'small', '$out.past': 'past' });
    }
  });
});
