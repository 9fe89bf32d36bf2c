import { expect, it } from 'vitest';
import { neighbour } from '../../../client/editor/neighbour.ts';

const at = (id: string, x: number, y: number): { id: string; box: { x: number; y: number; width: number; height: number } } => ({ id, box: { x, y, width: 10, height: 10 } });
const all = [at('a', 0, 0), at('b', 100, 0), at('c', 90, 80), at('d', 300, 10)];

it('goes to the nearest in a direction, rather straight ahead, and begins at that side', () => {
  expect(neighbour(all, 'a', { x: 1, y: 0 })!.id).toBe('b');
  expect(neighbour(all, 'b', { x: 1, y: 0 })!.id).toBe('d');
  expect(neighbour(all, 'b', { x: 0, y: 1 })!.id).toBe('c');
  expect(neighbour(all, 'a', { x: -1, y: 0 })).toBeNull();
  expect(neighbour(all, null, { x: 1, y: 0 })!.id).toBe('a');
  expect(neighbour(all, null, { x: -1, y: 0 })!.id).toBe('d');
});
