import { describe, expect, it } from 'vitest';
import { leadPast, putOntoWire, throughOf } from '../../../../client/editor/edits/leading-past.ts';
import { asType, replaceKeepingWires } from '../../../../client/editor/edits/replacement.ts';
import { EditSequence } from '../../../../client/editor/edits/sequence.ts';
import type { NodeType } from '../../../../client/state/types.ts';
import { chain, filterSockets } from './documents.ts';

const type = (name: string, params: NodeType['params'], sockets: Partial<NodeType> = {}): NodeType => ({ type: name, version: 2, title: name, summary: '', category: 'x', pack: 'x', movingSockets: false, params, inputs: {}, outputs: {}, ...sockets });
const stages = (...values: string[]): NodeType['params'][string] => ({ default: values.slice(-1), control: { kind: 'stages', options: values.map((value) => ({ value, title: value })) } });

describe('leading wires past a node', () => {
  it('gives who took its output what flows into its input of that type', () => {
    const steps = new EditSequence(chain, []);
    leadPast(steps, 'filter', filterSockets);
    expect(steps.document.edges.find(({ to }) => to === 'sink.in')!.from).toBe('source.out');
  });

  it('leaves a wire alone for which there is no such input', () => {
    const steps = new EditSequence(chain, []);
    leadPast(steps, 'filter', { ...filterSockets, outputs: { out: { type: 'score' } } });
    expect(steps.patch).toEqual([]);
  });
});

it('puts a node onto a wire', () => {
  const steps = new EditSequence(chain, []);
  const id = steps.add({ type: 'x/filter', version: 1 }, { x: 0, y: 0 });
  putOntoWire(steps, id, 'sink.in', throughOf(filterSockets, 'map')!);
  expect(steps.document.edges).toEqual(expect.arrayContaining([{ from: 'filter.out', to: 'filter-2.in' }, { from: 'filter-2.out', to: 'sink.in' }]));
  expect(throughOf(filterSockets, 'features')).toBeNull();
});

describe('putting another node in the place of one', () => {
  it('keeps wires by name, and else by type and order; others go', () => {
    const steps = new EditSequence(chain, []);
    const after = { inputs: { map: { type: 'map' as const }, extra: { type: 'score' as const } }, outputs: { out: { type: 'map' as const } } };
    replaceKeepingWires(steps, 'filter', { type: 'x/new', version: 1 }, filterSockets, after);
    expect(steps.document.nodes['filter']).toEqual({ type: 'x/new', version: 1 });
    expect(steps.document.edges).toEqual(expect.arrayContaining([{ from: 'source.out', to: 'filter.map' }, { from: 'filter.out', to: 'sink.in' }]));
    expect(steps.document.edges).toHaveLength(2);
  });

  it('keeps values that the new type can have, and as many stages, as deep', () => {
    const old = type('x/old', { depth: { default: 1, control: { kind: 'number', integer: true } }, stages: stages('a', 'b', 'c', 'd', 'e'), weights: { default: '', control: { kind: 'weights', architecture: 'old' } } });
    const now = type('x/new', { depth: { default: 2, control: { kind: 'number', integer: true, max: 4 } }, stages: stages('s1', 's2', 's3'), weights: { default: '', control: { kind: 'weights', architecture: 'new' } } });
    const node = { type: 'x/old', version: 1, title: 'Mine', params: { depth: 3, stages: ['a', 'c'], weights: 'w' } };
    expect(asType(node, old, now)).toEqual({ type: 'x/new', version: 2, title: 'Mine', params: { depth: 3, stages: ['s1', 's2'] } });
    expect(asType({ ...node, params: { depth: 9 } }, old, now).params).toBeUndefined();
  });
});
