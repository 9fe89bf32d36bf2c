import { describe, expect, it } from 'vitest';
import { broken } from '../../../client/canvas/draw-cards.ts';

/** As if every letter were one wide. */
const within = (width: number) => (text: string): boolean => [...text].length <= width;

describe('titles on the picture of a graph', () => {
  it('stay in one line where they fit', () => {
    expect(broken('Combine maps', within(12))).toEqual(['Combine maps']);
  });

  it('are broken between words into two lines, the first as full as can be', () => {
    expect(broken('Combine all maps', within(11))).toEqual(['Combine all', 'maps']);
  });

  it('are cut where two lines do not hold them', () => {
    expect(broken('Combine all maps of both', within(8))).toEqual(['Combine', 'all map…']);
    expect(broken('one two three', within(4))).toEqual(['one', 'two…']);
    expect(broken('Upsampling', within(5))).toEqual(['Upsa…']);
  });

  it('are nothing where there is nothing to say', () => {
    expect(broken('', within(5))).toEqual(['']);
  });
});
