import { describe, expect, it } from 'vitest';
import { inspectionOf } from '../../../server/data/inspection.ts';
import { boxOf, cellAt, placeOf, valueAt } from '../../../server/why/place.ts';

describe('the place of a pixel', () => {
  // 200×400 px, resized to 256², of which the middle 224² is seen: from 16 on in both directions.
  const crop = inspectionOf([200, 400], { mode: 'crop', resize: [256, 256], size: [224, 224] });

  it('lies in the view at the place of the middle of the pixel', () => {
    const { view, down, across } = placeOf(crop, [200, 400], { x: 100, y: 50 });
    expect(view).toBe(0);
    expect(down).toBeCloseTo(((50.5 * 256) / 200 - 16) / 224, 12);
    expect(across).toBeCloseTo(((100.5 * 256) / 400 - 16) / 224, 12);
  });

  it('is refused beyond the image and beyond what is inspected', () => {
    const code = (x: number, y: number): string => {
      try {
        return String(placeOf(crop, [200, 400], { x, y }).view);
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code(400, 0)).toBe('outside-image');
    expect(code(0, 200)).toBe('outside-image');
    expect(code(24, 100)).toBe('not-inspected');
    // 25.5 × 0.64 = 16.3 px, the first column that is seen.
    expect(code(25, 100)).toBe('0');
    expect(code(374, 100)).toBe('0');
    expect(code(375, 100)).toBe('not-inspected');
  });

  it('is, of tiles that overlap, in the one whose border is furthest', () => {
    const tiles = inspectionOf([100, 150], { mode: 'tiles', size: [100, 100], scale: 1, overlap: 0.5, fill: 0 });
    expect(tiles.windows.map(({ left }) => left)).toEqual([0, 50]);
    expect([40, 74, 75, 120].map((x) => placeOf(tiles, [100, 150], { x, y: 50 }).view)).toEqual([0, 0, 1, 1]);
  });

  it('has a cell in a grid, which stands for a box of the image', () => {
    const place = placeOf(crop, [200, 400], { x: 100, y: 50 });
    const cell = cellAt(place, [7, 7]);
    expect(cell).toEqual({ row: Math.floor(((50.5 * 1.28 - 16) / 224) * 7), column: Math.floor(((100.5 * 0.64 - 16) / 224) * 7) });
    // 32 px of the resized image.
    expect(boxOf(cell, [7, 7], crop, 0, [200, 400])).toEqual({ top: (16 + 32 * cell.row) / 1.28, left: (16 + 32 * cell.column) / 0.64, height: 25, width: 50 });
  });

  it('has a value between the positions of a map', () => {
    const map = { data: Float32Array.of(0, 1, 2, 3), size: [2, 2] as const };
    expect(valueAt(map, { down: 0.5, across: 0.5 })).toBe(1.5);
    expect(valueAt(map, { down: 0.25, across: 0.25 })).toBe(0);
    expect(valueAt(map, { down: 0, across: 1 })).toBe(1);
    expect(valueAt(map, { down: 0.375, across: 0.25 })).toBe(0.5);
  });
});
