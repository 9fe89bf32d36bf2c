import { describe, expect, it } from 'vitest';
import { boundsOf, boxBetween, contains, grown, holds, meets, nodeHeight, snapped, socketOffset } from '../../../client/canvas/geometry.ts';

const box = (x: number, y: number, width: number, height: number): { x: number; y: number; width: number; height: number } => ({ x, y, width, height });

describe('the geometry of nodes', () => {
  it('places sockets within the node, row by row, inputs on the left and outputs on the right', () => {
    expect(socketOffset('in', 0, 216).x).toBe(0);
    expect(socketOffset('out', 0, 216).x).toBe(216);
    expect(socketOffset('in', 3, 216).y - socketOffset('in', 2, 216).y).toBe(22);
    expect(socketOffset('in', 3, 216).y).toBeLessThan(nodeHeight(4, 1));
    expect(nodeHeight(4, 1)).toBe(nodeHeight(1, 4));
    expect(nodeHeight(0, 0)).toBe(nodeHeight(1, 0));
  });

  it('lets a node grow at its end, so that sockets stay, where there is more to say', () => {
    expect(nodeHeight(2, 1, 1)).toBeGreaterThan(nodeHeight(2, 1));
  });

  it('knows what is round, within and across boxes', () => {
    expect(boundsOf([box(0, 0, 10, 10), box(20, -5, 10, 10)])).toEqual(box(0, -5, 30, 15));
    expect(boundsOf([])).toBeNull();
    expect(contains(box(0, 0, 10, 10), { x: 10, y: 0 })).toBe(true);
    expect(holds(box(0, 0, 10, 10), box(1, 1, 8, 8))).toBe(true);
    expect(holds(box(0, 0, 10, 10), box(5, 5, 8, 8))).toBe(false);
    expect(meets(box(0, 0, 10, 10), box(5, 5, 8, 8))).toBe(true);
    expect(meets(box(0, 0, 10, 10), box(11, 0, 8, 8))).toBe(false);
    expect(grown(box(10, 20, 100, 40), 0.25)).toEqual(box(-15, 10, 150, 60));
    expect(boxBetween({ x: 5, y: 9 }, { x: 1, y: 2 })).toEqual(box(1, 2, 4, 7));
  });

  it('snaps to the grid', () => {
    expect(snapped({ x: 5, y: 7 })).toEqual({ x: 0, y: 12 });
  });
});
