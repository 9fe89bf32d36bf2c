import { describe, expect, it } from 'vitest';
import type { SinkPlan } from '../../../server/compiler/plan.ts';
import { atSize, mapSize } from '../../../server/runs/at-size.ts';

describe('values at another size', () => {
  it('are those of the nearest pixels', () => {
    expect(atSize(Uint8Array.of(1, 2, 3, 4), [2, 2], [4, 4])).toEqual(Uint8Array.of(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4));
    // Centres of 2 in 4 pixels lie between two; the latter is taken.
    expect(atSize(Float32Array.of(1, 2, 3, 4), [1, 4], [1, 2])).toEqual(Float32Array.of(2, 4));
    expect(atSize(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], [1, 1])).toEqual(Float32Array.of(5));
  });

  it('are themselves at their own size', () => {
    const values = Float32Array.of(1, 2);
    expect(atSize(values, [1, 2], [1, 2])).toBe(values);
  });
});

describe('the size of what a sink is given', () => {
  const source = { geometry: { mode: 'crop', resize: [20, 20], size: [16, 12] } };
  const sink = (inputSignals: object): SinkPlan => ({ node: { inputSignals }, source }) as unknown as SinkPlan;

  it('is that of its map, or of the images where it is a score', () => {
    expect(mapSize(sink({ map: { type: 'map', shape: [8, 6, 1] } }))).toEqual([8, 6]);
    expect(mapSize(sink({ score: { type: 'score', shape: [] } }))).toEqual([16, 12]);
  });
});
