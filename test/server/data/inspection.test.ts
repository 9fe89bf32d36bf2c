import { describe, expect, it } from 'vitest';
import { createRandom, type Geometry, type Size } from '../../../plugins/sdk/index.ts';
import { inspectionOf, uninspectedOf, viewCount, withinImage } from '../../../server/data/inspection.ts';

const tiles = (size: Size, overlap = 0, scale = 1): Geometry => ({ mode: 'tiles', size, scale, overlap, fill: 0.5 });

describe('the middle', () => {
  const crop = (resize: Size, size: Size): Geometry => ({ mode: 'crop', resize, size });

  it('is where torchvision’s CenterCrop has it: half a pixel is rounded to the even side, as Python rounds', () => {
    expect(inspectionOf([900, 700], crop([256, 256], [224, 224]))).toEqual({
      scaled: [256, 256],
      windows: [{ top: 16, left: 16, height: 224, width: 224 }],
      inspected: { top: 16, left: 16, height: 224, width: 224 },
      fill: 0,
    });
    expect(inspectionOf([9, 9], crop([10, 12], [7, 7])).windows[0]).toMatchObject({ top: 2, left: 2 });
  });

  it('leaves 1 − 224² / 256² of the image uninspected, whatever the image', () => {
    for (const image of [[10, 10], [480, 1130]] as const) {
      expect(uninspectedOf(inspectionOf(image, crop([256, 256], [224, 224])))).toBeCloseTo(0.234375, 12);
    }
  });
});

describe('the whole image', () => {
  it('is one view, and all of it is inspected', () => {
    const inspection = inspectionOf([480, 1130], { mode: 'whole', size: [64, 96] });
    expect(inspection).toMatchObject({ scaled: [64, 96], windows: [{ top: 0, left: 0, height: 64, width: 96 }] });
    expect(uninspectedOf(inspection)).toBe(0);
  });
});

describe('a letterbox', () => {
  const box = (size: Size): Geometry => ({ mode: 'letterbox', size, fill: 0.5 });

  it('keeps the aspect, has the image in its middle, and inspects all of the image and nothing else', () => {
    const inspection = inspectionOf([400, 1000], box([200, 200]));
    expect(inspection).toEqual({
      scaled: [80, 200],
      windows: [{ top: -60, left: 0, height: 200, width: 200 }],
      inspected: { top: 0, left: 0, height: 80, width: 200 },
      fill: 128,
    });
    expect(uninspectedOf(inspection)).toBe(0);
    expect(inspectionOf([1000, 400], box([200, 200])).windows[0]).toMatchObject({ top: 0, left: -60 });
  });

  it('enlarges a small image, and has a pixel of the thinnest one', () => {
    expect(inspectionOf([10, 20], box([100, 100])).scaled).toEqual([50, 100]);
    expect(inspectionOf([1, 5000], box([64, 64])).scaled).toEqual([1, 64]);
  });

  it('fills nothing where the aspects agree', () => {
    expect(inspectionOf([300, 600], box([100, 200])).windows).toEqual([{ top: 0, left: 0, height: 100, width: 200 }]);
  });
});

describe('tiles', () => {
  const starts = (image: Size, geometry: Geometry): [number, number][] => inspectionOf(image, geometry).windows.map(({ top, left }) => [top, left]);

  it('stand side by side, row by row; the last ones are shifted inwards', () => {
    expect(starts([4, 8], tiles([4, 4]))).toEqual([[0, 0], [0, 4]]);
    expect(starts([6, 9], tiles([4, 4]))).toEqual([[0, 0], [0, 4], [0, 5], [2, 0], [2, 4], [2, 5]]);
  });

  it('overlap by a share of their side', () => {
    expect(starts([8, 20], tiles([8, 8], 0.25))).toEqual([[0, 0], [0, 6], [0, 12]]);
    expect(starts([8, 11], tiles([8, 8], 0.75))).toEqual([[0, 0], [0, 2], [0, 3]]);
  });

  it('are cut from the image at its own resolution, or a share of it', () => {
    expect(inspectionOf([480, 1130], tiles([224, 224], 0, 0.5))).toMatchObject({ scaled: [240, 565] });
    expect(viewCount([480, 1130], tiles([224, 224], 0, 0.5))).toBe(2 * 3);
    expect(viewCount([480, 1130], tiles([224, 224], 0, 1))).toBe(3 * 6);
  });

  it('have a smaller image in their middle', () => {
    expect(inspectionOf([3, 10], tiles([8, 8]))).toMatchObject({
      windows: [{ top: -2, left: 0, height: 8, width: 8 }, { top: -2, left: 2, height: 8, width: 8 }],
      inspected: { top: 0, left: 0, height: 3, width: 10 },
    });
  });

  it('show every pixel of any image, at any overlap, and lie within it where it is large enough', () => {
    const random = createRandom('tiles');
    for (let trial = 0; trial < 200; trial++) {
      const side = (most: number): number => 1 + random.integer(most);
      const [image, size] = [[side(60), side(60)], [side(24), side(24)]] as const;
      const { windows, scaled, inspected } = inspectionOf(image, tiles(size, random.uniform() * 0.75));
      const seen = new Uint8Array(image[0] * image[1]);
      for (const window of windows) {
        const { top, left, height, width } = withinImage(window, scaled);
        for (let y = top; y < top + height; y++) seen.fill(1, y * image[1] + left, y * image[1] + left + width);
        if (image[0] >= size[0]) expect([window.top >= 0, window.top + size[0] <= image[0]]).toEqual([true, true]);
      }
      expect(seen.every(Boolean), `${image.join('×')} in ${size.join('×')}`).toBe(true);
      expect(inspected).toEqual({ top: 0, left: 0, height: image[0], width: image[1] });
      expect(new Set(windows.map(({ top, left }) => `${top} ${left}`)).size).toBe(windows.length);
    }
  });

  it('that are too many to be meant are refused at once, with the file', () => {
    const tooMany = (image: Size, geometry: Geometry) => (): unknown => inspectionOf(image, geometry, 'large.png');
    const expected = { code: 'too-many-tiles', place: { file: 'large.png' } };
    expect(tooMany([8000, 16000], tiles([8, 8]))).toThrow(expect.objectContaining(expected) as Error);
    expect(tooMany([8000, 16000], tiles([224, 224], 0, 4))).toThrow(expect.objectContaining(expected) as Error);
    expect(tooMany([1, 2 ** 27], tiles([1, 1], 0.5))).toThrow(expect.objectContaining(expected) as Error);
    expect(viewCount([8000, 16000], tiles([224, 224]))).toBe(36 * 72);
  });
});
