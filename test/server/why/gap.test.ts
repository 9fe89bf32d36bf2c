import { describe, expect, it } from 'vitest';
import { gapOf } from '../../../server/why/gap.ts';
import { nearestPatches } from '../../../server/why/nearest.ts';

describe('the gap of two features', () => {
  it('is that of their directions and of their lengths', () => {
    // (3, 4) and (0, 2): unit vectors (0.6, 0.8) and (0, 1), whose difference is (0.6, −0.2).
    const gap = gapOf(Float32Array.of(3, 4), Float32Array.of(0, 2));
    expect(gap).toMatchObject({ teacherNorm: 5, studentNorm: 2 });
    expect(gap.cosine).toBeCloseTo(0.8, 12);
    expect(gap.distance).toBeCloseTo(0.2, 12);
    expect(gap.euclidean).toBeCloseTo(Math.sqrt(13), 6);
    expect(gap.channels.map(({ channel }) => channel)).toEqual([0, 1]);
    expect(gap.channels.map(({ share }) => share)).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)]);
  });

  it('is none of equal directions, and has no direction where a feature is zero', () => {
    expect(gapOf(Float32Array.of(1, 2), Float32Array.of(2, 4)).distance).toBeCloseTo(0, 12);
    expect(gapOf(Float32Array.of(0, 0), Float32Array.of(1, 0))).toMatchObject({ teacherNorm: 0, cosine: 0, distance: 0.5 });
    expect(gapOf(Float32Array.of(0), Float32Array.of(0)).channels).toEqual([{ channel: 0, teacher: 0, student: 0, share: 0 }]);
  });
});

describe('the nearest patches', () => {
  const patches = { grid: [1, 2] as const, channels: 2, total: 6, views: Float32Array.of(0, 0, 1, 2), cells: Float32Array.of(0, 1, 0, 1), vectors: Float32Array.of(1, 0, 0.8, 0.6, 0, 1, -1, 0) };

  it('are those of the smallest angle, one of each view', () => {
    const found = nearestPatches(patches, Float32Array.of(4, 3), 2);
    expect(found.map(({ index }) => index)).toEqual([1, 2]);
    expect(found.map(({ distance }) => distance)).toEqual([expect.closeTo(0, 6), expect.closeTo(0.4, 6)]);
  });

  it('are no more than there are', () => expect(nearestPatches(patches, Float32Array.of(1, 0), 9)).toHaveLength(3));
});
