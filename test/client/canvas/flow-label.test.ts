import { describe, expect, it } from 'vitest';
import { flowLines } from '../../../client/canvas/flow-label.ts';

/** As wide as a letter of a common font of 11 px. */
const widthOf = (text: string): number => 6 * text.length;
const text = '14×14×112 /16';
const at = (room: number, told = text) => flowLines(told, { x: 0, y: 0 }, { x: room, y: 40 }, widthOf);

describe('what flows, at the end of a wire', () => {
  it('is one line where it fits between the nodes', () => {
    expect(at(6 * 13 + 28)).toEqual({ above: text, below: '', size: 11 });
  });

  it('is shape above and stride below where the line does not fit, no larger than the room', () => {
    expect(at(80)).toEqual({ above: '14×14×112', below: '/16', size: 10 });
    const { above, size } = at(60)!;
    expect((widthOf(above) * size) / 11).toBeLessThanOrEqual(60 - 18);
  });

  it('is left to who asks for it where it could not be read', () => {
    expect(at(50)).toBeNull();
    expect(at(1)).toBeNull();
  });

  it('stands before a node that a wire leads back to', () => {
    expect(at(-300)).toEqual({ above: text, below: '', size: 11 });
  });

  it('needs no second line without a stride', () => {
    expect(at(40, 'loss')).toEqual({ above: 'loss', below: '', size: 10 });
  });
});
