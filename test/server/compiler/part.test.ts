import { describe, expect, it } from 'vitest';
import { ancestorsOf, partFor } from '../../../server/compiler/part.ts';
import { refName, type Part, type PlanNode, type ValueRef } from '../../../server/compiler/plan.ts';
import { segmentsOf } from '../../../server/compiler/segments.ts';

const ref = (name: string): ValueRef => ({ node: name.split('.')[0]!, socket: name.split('.')[1] ?? 'out' });

/** Nodes in the order given: `{ c: 'a b' }` takes `a.out` and `b.out`. Those named `image…` have no tensors, `look…` are eager. */
function graph(given: Record<string, string>): Map<string, PlanNode> {
  return new Map(
    Object.entries(given).map(([id, inputs]) => [
      id,
      {
        id,
        definition: {
          ...(id.startsWith('image') ? {} : { build: () => () => ({}) }),
          ...(id.startsWith('look') ? { eager: true } : {}),
        },
        params: {},
        inputs: Object.fromEntries(inputs.split(' ').filter(Boolean).map((name, i) => [`in${i}`, ref(name)])),
        inputSignals: {},
        outputSignals: {},
        weights: [],
      } as unknown as PlanNode,
    ]),
  );
}

const ids = (nodes: readonly PlanNode[]): string => nodes.map(({ id }) => id).join(' ');
const names = (refs: readonly ValueRef[]): string => refs.map(refName).join(' ');
const text = ({ inputs, nodes, outputs }: Part): string => `${names(inputs)} | ${ids(nodes)} | ${names(outputs)}`;

const nodes = graph({ image: '', base: 'image', left: 'base.a', right: 'base.b', apart: 'image', both: 'left right' });

describe('what values depend on', () => {
  it.each([
    ['both', 'image base left right both'],
    ['right left', 'image base left right'],
    ['image', 'image'],
    ['apart base', 'image base apart'],
  ])('%s: %s, in the order they run', (values, expected) => {
    expect(ids(ancestorsOf(nodes, values.split(' ').map(ref)))).toBe(expected);
  });
});

describe('what must run for values', () => {
  it.each<[string, string, readonly string[], string]>([
    ['back to where there are tensors', 'both', [], 'image.out | base left right both | both.out'],
    ['back to what is given', 'both', ['left', 'right'], 'left.out right.out | both | both.out'],
    ['a given node may be needed by one way only', 'both', ['left'], 'image.out left.out | base right both | both.out'],
    ['each value of a given node that is used', 'both', ['base'], 'base.a base.b | left right both | both.out'],
    ['nothing, where what is wanted is given', 'left', ['left'], 'left.out |  | left.out'],
    ['outputs keep their order', 'right left', [], 'image.out | base left right | right.out left.out'],
  ])('%s', (_, outputs, given, expected) => {
    expect(text(partFor(nodes, outputs.split(' ').map(ref), ({ id }) => given.includes(id)))).toBe(expected);
  });
});

describe('where a part is cut for nodes that look at values', () => {
  const segments = (given: Record<string, string>, outputs: string): string[] =>
    segmentsOf(partFor(graph(given), outputs.split(' ').map(ref))).map((s) => `${s.eager ? 'eager' : 'native'}: ${text(s)}`);

  it('nowhere without any', () => {
    expect(segments({ image: '', a: 'image', b: 'a' }, 'b')).toEqual(['native: image.out | a b | b.out']);
  });

  it('before and after one', () => {
    expect(segments({ image: '', a: 'image', look: 'a', b: 'look' }, 'b')).toEqual([
      'native: image.out | a | a.out',
      'eager: a.out | look | look.out',
      'native: look.out | b | b.out',
    ]);
  });

  it('before and after two at once, whatever their order', () => {
    expect(segments({ image: '', a: 'image', look1: 'a', b: 'image', look2: 'b', c: 'look1 look2' }, 'c')).toEqual([
      'native: image.out | a b | a.out b.out',
      'eager: a.out b.out | look1 look2 | look1.out look2.out',
      'native: look1.out look2.out | c | c.out',
    ]);
  });

  it('a chain of them is one piece', () => {
    expect(segments({ image: '', look1: 'image', look2: 'look1' }, 'look2')).toEqual(['eager: image.out | look1 look2 | look2.out']);
  });

  it('what is wanted of an early piece comes out of it, and passes a later one by', () => {
    expect(segments({ image: '', a: 'image', look: 'a', b: 'a look' }, 'b a')).toEqual([
      'native: image.out | a | a.out',
      'eager: a.out | look | look.out',
      'native: a.out look.out | b | b.out',
    ]);
  });

  it('native nodes run as early as they may: one cut fewer', () => {
    expect(segments({ image: '', look: 'image', a: 'look', b: 'image' }, 'a b')).toEqual([
      'native: image.out | b | b.out',
      'eager: image.out | look | look.out',
      'native: look.out | a | a.out',
    ]);
  });
});
