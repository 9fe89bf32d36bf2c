import { describe, expect, it } from 'vitest';
import { placesOfUnplaced } from '../../../client/editor/unplaced.ts';
import type { Wiring } from '../../../server/graph/document.ts';

const wiring = (edges: string[], layout: Record<string, { x: number; y: number }> = {}): Wiring => ({
  nodes: Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, { type: 'x/y', version: 1 }])),
  edges: edges.map((edge) => ({ from: `${edge[0]}.out`, to: `${edge[1]}.in` })),
  layout: { nodes: layout },
});

describe('where nodes stand that nobody has placed', () => {
  it('is in columns by the longest way that leads to them, none on another', () => {
    const places = placesOfUnplaced(wiring(['ab', 'bc', 'ac', 'ad']));
    expect([...places].map(([id, { x }]) => [id, x])).toEqual([['a', 0], ['b', 280], ['c', 560], ['d', 280]]);
    expect(places.get('b')!.y).not.toBe(places.get('d')!.y);
    expect(new Set([...places.values()].map((place) => JSON.stringify(place))).size).toBe(4);
  });

  it('is below what is placed', () => {
    const places = placesOfUnplaced(wiring(['ab', 'bc', 'cd'], { a: { x: 0, y: 0 }, b: { x: 400, y: 900 } }));
    expect([...places.keys()]).toEqual(['c', 'd']);
    for (const { y } of places.values()) expect(y).toBeGreaterThan(900);
  });

  it('is found in a circle of wires too', () => {
    expect(placesOfUnplaced(wiring(['ab', 'bc', 'ca'])).size).toBe(4);
  });

  it('is nowhere where all are placed', () => {
    expect(placesOfUnplaced(wiring(['ab'], { a: { x: 0, y: 0 }, b: { x: 1, y: 0 }, c: { x: 2, y: 0 }, d: { x: 3, y: 0 } })).size).toBe(0);
  });
});
