import { describe, expect, it } from 'vitest';
import { ALTERED_FROM, alteredMask } from '../../../../server/data/demo/mask.ts';

const SIDE = 24;

/** Two exposures of a grey surface; each change is [x, y, levels] in the green channel. */
function maskOf(changes: readonly (readonly [x: number, y: number, levels: number])[]): (x: number, y: number) => boolean {
  const sound = new Float32Array(SIDE * SIDE * 3).fill(100);
  const altered = sound.slice();
  for (const [x, y, levels] of changes) altered[(y * SIDE + x) * 3 + 1]! += levels;
  const mask = alteredMask(sound, altered, SIDE, SIDE);
  return (x, y) => mask[y * SIDE + x] === 255;
}

function square(left: number, top: number, side: number, levels: number): [number, number, number][] {
  return Array.from({ length: side * side }, (_, i) => [left + (i % side), top + Math.floor(i / side), levels]);
}

describe('the mask of what was altered', () => {
  it(`has a change of ${ALTERED_FROM} levels in one channel, brighter or darker, and none below that`, () => {
    expect(maskOf(square(8, 8, 5, ALTERED_FROM))(10, 10)).toBe(true);
    expect(maskOf(square(8, 8, 5, -ALTERED_FROM))(10, 10)).toBe(true);
    expect(maskOf(square(8, 8, 5, ALTERED_FROM - 0.1))(10, 10)).toBe(false);
  });

  it('has a 5×5 square exactly as it is', () => {
    const isAltered = maskOf(square(8, 8, 5, 50));
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) expect(isAltered(x, y)).toBe(x >= 8 && x < 13 && y >= 8 && y < 13);
    }
  });

  it('fills a gap of one thread between two altered strips, and not one of ten px', () => {
    const strip = (left: number) => square(left, 4, 5, 50);
    expect(maskOf([...strip(4), ...strip(11)])(10, 6)).toBe(true);
    expect(maskOf([...strip(2), ...strip(17)])(12, 6)).toBe(false);
  });

  it('leaves out a lone speck', () => {
    expect(maskOf(square(8, 8, 2, 50))(8, 8)).toBe(false);
  });
});
