import { describe, expect, it } from 'vitest';
import { timesThatHold } from '../../../client/editor/times-that-hold.ts';
import type { Check } from '../../../client/state/types.ts';

type Node = Check['nodes'][string];
const node = (change: Partial<Node> = {}): Node => ({
  type: 'x/filter',
  title: 'Filter',
  params: { size: 3, kind: 'box' },
  cost: { parameters: 0, multiplyAdds: 900, activationBytes: 400 },
  outputs: { out: { shape: [10, 10, 1], stride: 1 } },
  ...change,
});
const checked = (nodes: Check['nodes']): Check => ({ ok: true, identity: '', problems: [], nodes, edges: [], sockets: {}, total: { parameters: 0, multiplyAdds: 0, activationBytes: 0 } });
const measured = { a: 2, 'group/b': 5 };
const then = checked({ a: node(), 'group/b': node() });

describe('what a run has measured', () => {
  it('holds of nodes that are what they were, whatever they are called and in which order their parameters are told', () => {
    expect(timesThatHold(measured, checked({ a: node({ title: 'Mine', params: { kind: 'box', size: 3 } }), 'group/b': node(), c: node() }), then)).toEqual({ a: 2, 'group/b': 5 });
  });

  it.each([
    ['another type stands in its place', node({ type: 'x/other' })],
    ['a parameter is another', node({ params: { size: 5, kind: 'box' } })],
    ['it is given images of another size', node({ cost: { parameters: 0, multiplyAdds: 3600, activationBytes: 1600 }, outputs: { out: { shape: [20, 20, 1], stride: 1 } } })],
  ])('does not hold of a node where %s', (_, now) => {
    expect(timesThatHold(measured, checked({ a: now, 'group/b': node() }), then)).toEqual({ 'group/b': 5 });
  });

  it('does not hold of a node that is gone, nor of any while it is not known what was run', () => {
    expect(timesThatHold(measured, checked({ a: node() }), then)).toEqual({ a: 2 });
    expect(timesThatHold(measured, then, null)).toEqual({});
  });
});
