import { describe, expect, it } from 'vitest';
import { sortTopologically } from '../../../server/compiler/order.ts';
import type { Wire } from '../../../server/compiler/wires.ts';

/** `{ c: 'a b' }`: c takes from a, then from b. */
function sort(ids: string, graph: Record<string, string>) {
  const wires = new Map<string, Wire[]>(
    Object.entries(graph).map(([to, from]) => [to, from.split(' ').map((node, i) => ({ from: { node, socket: 'out' }, socket: `in${i}` }))]),
  );
  const { order, rings } = sortTopologically(ids.split(' '), wires);
  return { order: order.join(' '), rings: rings.map((ring) => ring.join(' ')) };
}

describe('the order of nodes', () => {
  it.each([
    ['without edges: as they come', 'b a c', {}, 'b a c'],
    ['a chain, read backwards', 'c b a', { c: 'b', b: 'a' }, 'a b c'],
    ['a diamond: inputs in the order of their wires', 'd a b c', { d: 'c b', b: 'a', c: 'a' }, 'a c b d'],
    ['what is met first comes first', 'x d', { d: 'y', x: 'y' }, 'y x d'],
  ])('%s', (_, ids, graph, order) => {
    expect(sort(ids, graph)).toEqual({ order, rings: [] });
  });
});

describe('rings', () => {
  it.each([
    ['a node on itself', 'a', { a: 'a' }, ['a']],
    ['of three, from the least id on, in the direction of the edges', 'c a b', { b: 'a', c: 'b', a: 'c' }, ['a b c']],
    ['two that share a node', 'a b c', { a: 'b c', b: 'a', c: 'a' }, ['a b', 'a c']],
    ['one that is met on two ways: once', 'x y a b', { x: 'a', y: 'b', a: 'b', b: 'a' }, ['a b']],
  ])('%s', (_, ids, graph, rings) => {
    expect(sort(ids, graph).rings.sort()).toEqual(rings);
  });

  it('every node has its place all the same, once', () => {
    const { order } = sort('a b c d', { a: 'b', b: 'a', c: 'a', d: 'c' });
    expect(order.split(' ').sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});
