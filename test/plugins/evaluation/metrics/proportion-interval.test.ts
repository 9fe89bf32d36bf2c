import { describe, expect, it } from 'vitest';
import { proportionInterval } from '../../../../plugins/evaluation/metrics/proportion-interval.ts';

describe('the exact 95 % interval of a share', () => {
  // scipy.stats.binomtest(hits, trials).proportion_ci(0.95, 'exact') of SciPy 1.15
  it.each([
    [0, 14, 0.0, 0.23163576165011449],
    [1, 14, 0.001806780659127629, 0.3386844899318212],
    [3, 14, 0.046579287889786686, 0.5079756770484717],
    [14, 14, 0.7683642383498855, 1.0],
    [0, 99, 0.0, 0.036575744983513646],
    [1, 99, 0.0002557027363750126, 0.05499682319943014],
    [5, 100, 0.016431879181728278, 0.11283491110546288],
    [37, 2000, 0.013058315418338575, 0.025410378996541763],
    [0, 1, 0.0, 0.975],
    [1, 1, 0.025, 1.0],
  ])('%d of %d: %d to %d', (hits, trials, low, high) => {
    const interval = proportionInterval(hits, trials);
    expect(interval.low).toBeCloseTo(low, 11);
    expect(interval.high).toBeCloseTo(high, 11);
  });

  it('0 of 0: anything', () => expect(proportionInterval(0, 0)).toEqual({ low: 0, high: 1 }));
});
