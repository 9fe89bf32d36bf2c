import { describe, expect, it } from 'vitest';
import { ledAt, pointsBetween, withMiddle } from '../../../../client/editor/edits/wire-points.ts';
import { chain } from './documents.ts';

const led = { ...chain, layout: { ...chain.layout, wires: { 'filter.in': [{ x: 200, y: 50 }, { x: 250, y: 60 }], 'sink.in': [{ x: 450, y: 10 }] } } };

describe('points of wires', () => {
  it('move with nodes where both ends do', () => {
    expect(pointsBetween(led, new Set(['source', 'filter']), { x: 10.4, y: -5 })).toEqual({ 'filter.in': [{ x: 210, y: 45 }, { x: 260, y: 55 }] });
    expect(pointsBetween(led, new Set(['filter']), { x: 10, y: 0 })).toEqual({});
  });

  it('are found at either end', () => {
    expect(ledAt(led, new Set(['filter']))).toEqual(['filter.in', 'sink.in']);
    expect(ledAt(led, new Set(['other']))).toEqual([]);
  });

  it('come into the middle of the longest line', () => {
    expect(withMiddle({ x: 0, y: 0 }, [], { x: 101, y: 50 })).toEqual({ points: [{ x: 51, y: 25 }], point: 0 });
    expect(withMiddle({ x: 0, y: 0 }, [{ x: 10, y: 0 }], { x: 100, y: 0 })).toEqual({ points: [{ x: 10, y: 0 }, { x: 55, y: 0 }], point: 1 });
  });
});
