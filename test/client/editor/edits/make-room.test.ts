import { describe, expect, it } from 'vitest';
import { makeRoom } from '../../../../client/editor/edits/make-room.ts';
import { EditSequence } from '../../../../client/editor/edits/sequence.ts';
import { meets, type Box } from '../../../../client/canvas/geometry.ts';
import type { GraphDocument } from '../../../../server/graph/document.ts';

/** Three nodes in a row, 74 px apart, one below, and what lies round them. */
const row: GraphDocument = {
  stillroom: 1,
  name: 'row',
  nodes: Object.fromEntries(['a', 'b', 'c', 'below', 'new'].map((id) => [id, { type: 'x/any', version: 1 }])),
  edges: [{ from: 'b.out', to: 'c.in' }],
  layout: {
    nodes: { a: { x: 0, y: 0 }, b: { x: 290, y: 0 }, c: { x: 580, y: 0 }, below: { x: 0, y: 300 }, new: { x: 500, y: 10 } },
    frames: [
      { id: 'all', title: 'All', x: -40, y: -60, width: 880, height: 200 },
      { id: 'right', title: 'Right', x: 570, y: -50, width: 240, height: 180 },
    ],
    notes: [{ id: 'far', text: 'far', x: 900, y: 0 }],
    wires: { 'c.in': [{ x: 600, y: -20 }, { x: 100, y: -20 }] },
  },
};
const size = { width: 216, height: 68 };
const boxesOf = ({ layout }: GraphDocument, ...ids: string[]): Record<string, Box> => Object.fromEntries(ids.map((id) => [id, { ...layout!.nodes![id]!, ...size }]));

function inserted(box: Box, ends = { start: { x: 506, y: 51 }, end: { x: 580, y: 51 } }): GraphDocument {
  const steps = new EditSequence(row, []);
  makeRoom(steps, { id: 'new', box, ...ends, others: boxesOf(row, 'a', 'b', 'c', 'below') });
  return steps.document;
}

describe('room for a node on a wire', () => {
  it('is made where it would lie on its neighbours: what is right of it moves on, and frames with it', () => {
    const after = inserted({ x: 500, y: 10, ...size });
    const { new: put, ...others } = boxesOf(after, 'a', 'b', 'c', 'below', 'new');
    expect(Object.values(others).some((other) => meets(other, put!))).toBe(false);
    const by = after.layout!.nodes!['c']!.x - 580;
    expect(by).toBeGreaterThanOrEqual(216 + 2 * 72 - 74);
    expect([after.layout!.nodes!['a']!.x, after.layout!.nodes!['b']!.x, after.layout!.nodes!['below']!.x]).toEqual([0, 290, 0]);
    expect(after.layout!.frames!.map(({ x, width }) => [x, width])).toEqual([[-40, 880 + by], [570, 240 + by]]);
    expect(after.layout!.notes![0]!.x).toBe(900 + by);
    expect(after.layout!.wires!['c.in']!.map(({ x }) => x)).toEqual([600 + by, 100]);
  });

  it('is not made where it lies free', () => {
    expect(inserted({ x: 450, y: 120, ...size })).toEqual(row);
  });

  it('is found between the ends where that is wide enough', () => {
    const after = inserted({ x: 480, y: 0, ...size }, { start: { x: 216, y: 51 }, end: { x: 1000, y: 51 } });
    expect(after.layout!.nodes!['new']).toEqual({ x: 500, y: 0 });
    expect(after.layout!.nodes!['c']).toEqual(row.layout!.nodes!['c']);
  });
});
