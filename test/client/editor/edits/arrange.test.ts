import { describe, expect, it } from 'vitest';
import { align, distribute } from '../../../../client/editor/edits/arrange.ts';
import { arrangeByWires } from '../../../../client/editor/edits/auto-layout.ts';

const boxes = { a: { x: 0, y: 0, width: 100, height: 40 }, b: { x: 50, y: 100, width: 60, height: 80 }, c: { x: 400, y: 30, width: 100, height: 40 } };

describe('aligning', () => {
  it.each([
    ['left', { a: 0, b: 0, c: 0 }],
    ['right', { a: 400, b: 440, c: 400 }],
    ['centre', { a: 200, b: 220, c: 200 }],
  ] as const)('%s brings sides or middles onto one line', (how, xs) => {
    expect(Object.fromEntries(Object.entries(align(boxes, how)).map(([id, { x }]) => [id, x]))).toEqual(xs);
  });

  it.each([
    ['top', { a: 0, b: 0, c: 0 }],
    ['bottom', { a: 140, b: 100, c: 140 }],
    ['middle', { a: 70, b: 50, c: 70 }],
  ] as const)('%s leaves the other axis alone', (how, ys) => {
    const places = align(boxes, how);
    expect(Object.fromEntries(Object.entries(places).map(([id, { y }]) => [id, y]))).toEqual(ys);
    expect(places['b']!.x).toBe(50);
  });
});

it('distributes with equal gaps between boxes of different width, and keeps the outermost', () => {
  const places = distribute(boxes, 'x');
  expect(places['a']!.x).toBe(0);
  expect(places['c']!.x).toBe(400);
  expect(places['b']!.x - 100).toBe(400 - (places['b']!.x + 60));
});

describe('arranging by wires', () => {
  const edges = [
    { from: 'a.out', to: 'b.in' },
    { from: 'b.out', to: 'c.in' },
    { from: 'elsewhere.out', to: 'a.in' },
  ];

  it('puts each node right of those that feed it, where they do not meet, and keeps the middle', async () => {
    const { places } = await arrangeByWires({ boxes: { c: boxes.a, b: boxes.b, a: boxes.c }, edges, frames: [] });
    expect(places['a']!.x + 100).toBeLessThan(places['b']!.x);
    expect(places['b']!.x + 60).toBeLessThan(places['c']!.x);
    expect((places['a']!.x + places['c']!.x + 100) / 2).toBeCloseTo(250, -1);
  });

  it('keeps the nodes of a frame together and draws it anew round them', async () => {
    const frame = { id: 'group', title: 'Group', x: -10, y: -40, width: 200, height: 300 };
    const { places, frames } = await arrangeByWires({ boxes, edges, frames: [frame] });
    const [drawn] = frames;
    for (const id of ['a', 'b'] as const) {
      expect(places[id]!.x).toBeGreaterThan(drawn!.x);
      expect(places[id]!.x + boxes[id].width).toBeLessThan(drawn!.x + drawn!.width);
      expect(places[id]!.y).toBeGreaterThan(drawn!.y);
    }
    expect(drawn).toMatchObject({ id: 'group', title: 'Group' });
    const isOutside = places['c']!.x > drawn!.x + drawn!.width || places['c']!.x + 100 < drawn!.x;
    expect(isOutside).toBe(true);
  });

  it('has nothing to do with nothing', async () => {
    expect(await arrangeByWires({ boxes: {}, edges: [], frames: [] })).toEqual({ places: {}, frames: [] });
  });
});
