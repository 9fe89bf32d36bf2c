import { expect, it } from 'vitest';
import { reachOf } from '../../../client/canvas/reach.ts';

const edges = [
  { from: 'a.x', to: 'b.x' },
  { from: 'b.x', to: 'c.x' },
  { from: 'c.x', to: 'b.y' },
  { from: 'z.x', to: 'c.y' },
];

it('tells what a node depends on and what depends on it, through rings too', () => {
  expect(reachOf(edges, 'b')).toEqual(new Set(['b', 'a', 'c', 'z']));
  expect(reachOf(edges, 'a', true)).toEqual(new Set(['a', 'b', 'c']));
  expect(reachOf(edges, 'a')).toEqual(new Set(['a']));
});
