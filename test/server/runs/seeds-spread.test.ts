import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../server/runs/seeds-spread.ts';

const run = (imageAuroc: number | null, threshold = 1) => ({ imageAuroc, pixelAuroc: 0.5, aupro: null, results: { detection: { imageAuroc, threshold } } });

describe('the spread of runs', () => {
  it('0.6, 0.8, 1.0: mean 0.8, sample standard deviation 0.2', () => {
    const { metrics, spread, runs } = spreadOf([{ a: run(0.6, 1) }, { a: run(0.8, 2) }, { a: run(1, 6) }]);
    expect(runs).toBe(3);
    expect(metrics['a']).toEqual({
      imageAuroc: expect.closeTo(0.8, 12) as number,
      pixelAuroc: 0.5,
      aupro: null,
      results: { detection: { imageAuroc: expect.closeTo(0.8, 12) as number, threshold: 3 } },
    });
    expect(spread['a']).toEqual({
      imageAuroc: expect.closeTo(0.2, 12) as number,
      pixelAuroc: 0,
      aupro: null,
      // √((4 + 1 + 9) / 2)
      results: { detection: { imageAuroc: expect.closeTo(0.2, 12) as number, threshold: expect.closeTo(Math.sqrt(7), 12) as number } },
    });
  });

  it('of the mean over categories: that of each run, then over the runs', () => {
    // Means 0.7 and 0.5: 0.6 and √(0.02); the spreads of the categories do not enter.
    const { overall } = spreadOf([{ a: run(0.9), b: run(0.5) }, { a: run(0.1), b: run(0.9) }]);
    expect(overall.metrics.imageAuroc).toBeCloseTo(0.6, 12);
    expect(overall.spread.imageAuroc).toBeCloseTo(Math.sqrt(0.02), 12);
  });

  it('one run has no spread', () => {
    const { metrics, spread, overall } = spreadOf([{ a: run(0.6) }]);
    expect(metrics['a']!.imageAuroc).toBe(0.6);
    expect([spread['a']!.imageAuroc, overall.spread.imageAuroc]).toEqual([null, null]);
  });

  it('what one run lacks is not told: a metric that is null, a category', () => {
    const { metrics, spread } = spreadOf([{ a: run(0.6), b: run(0.5) }, { a: run(null) }]);
    expect(metrics['a']!.imageAuroc).toBeNull();
    expect(spread['a']!.imageAuroc).toBeNull();
    expect(Object.keys(metrics)).toEqual(['a']);
  });
});
