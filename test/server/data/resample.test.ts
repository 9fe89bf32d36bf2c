import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { resizeBilinear, resizeNearest, type Pixels, type Window } from '../../../server/data/resample.ts';
import reference from '../../fixtures/pil/reference.json' with { type: 'json' };

type Size = [height: number, width: number];

/** The image that the fixture's script makes by the same formula. */
function formula([height, width]: Size): Pixels {
  const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * i * 31 + i * 7) % 251);
  return { data, height, width, channels: 3 };
}

function whole([height, width]: Size): Window {
  return { top: 0, left: 0, height, width };
}

describe('resizeBilinear', () => {
  it(`equals Pillow ${reference.pillow} in every bit for ${reference.resized.length} pairs of sizes`, () => {
    for (const { from, to, sha256 } of reference.resized) {
      const [height, width] = to as Size;
      const resized = resizeBilinear(formula(from as Size), height, width, whole([height, width]));
      expect(createHash('sha256').update(resized).digest('hex'), `${from.join('×')} to ${to.join('×')}`).toBe(sha256);
    }
  });

  it('1×4 to 1×2 weighs neighbours 3 : 3 : 1 at the border', () => {
    // Centre 1, support 2: distances 0.5, 0.5, 1.5 give (3·0 + 3·70 + 1·140) / 7 = 50.
    const grey = [0, 70, 140, 210].flatMap((v) => [v, v, v]);
    const resized = resizeBilinear({ data: Uint8Array.from(grey), height: 1, width: 4, channels: 3 }, 1, 2, whole([1, 2]));
    expect([...resized]).toEqual([50, 50, 50, 160, 160, 160]);
  });

  it('gives a window as if it had been cut from the whole result', () => {
    const image = formula([23, 31]);
    const [height, width] = [17, 40];
    const all = resizeBilinear(image, height, width, whole([height, width]));
    const window = { top: 3, left: 5, height: 9, width: 20 };
    const cut = resizeBilinear(image, height, width, window);
    for (let y = 0; y < window.height; y++) {
      const from = ((window.top + y) * width + window.left) * 3;
      const row = all.subarray(from, from + window.width * 3);
      expect(cut.subarray(y * window.width * 3, (y + 1) * window.width * 3)).toEqual(row);
    }
  });

  it('leaves an image of the wanted size as it is', () => {
    const image = formula([9, 11]);
    expect(resizeBilinear(image, 9, 11, whole([9, 11]))).toEqual(image.data);
  });
});

describe('resizeNearest', () => {
  it(`takes the pixels that Pillow takes for ${reference.nearest.length} pairs of lengths`, () => {
    for (const { from, to, indices } of reference.nearest) {
      const ramp = { data: Uint8Array.from({ length: from }, (_, i) => i), channels: 1 };
      expect([...resizeNearest({ ...ramp, height: 1, width: from }, 1, to, whole([1, to]))]).toEqual(indices);
      expect([...resizeNearest({ ...ramp, height: from, width: 1 }, to, 1, whole([to, 1]))]).toEqual(indices);
    }
  });

  it('3×3 to 6×6, the window of the middle 2×2 is the middle pixel', () => {
    const data = Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    const cut = resizeNearest({ data, height: 3, width: 3, channels: 1 }, 6, 6, { top: 2, left: 2, height: 2, width: 2 });
    expect([...cut]).toEqual([1, 1, 1, 1]);
  });
});
