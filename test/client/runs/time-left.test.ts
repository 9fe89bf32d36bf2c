import { describe, expect, it } from 'vitest';
import { TimeLeft } from '../../../client/runs/time-left.ts';

describe('the time that is left', () => {
  it('is told from five seconds on, by what was done in them', () => {
    const left = new TimeLeft();
    expect(left.mark(0, 0.2)).toBeNull();
    expect(left.mark(4_000, 0.24)).toBeNull();
    // A hundredth a second, seven tenths to go.
    expect(left.mark(10_000, 0.3)).toBeCloseTo(70, 9);
  });

  it('goes by the last minute where it went faster before', () => {
    const left = new TimeLeft();
    left.mark(0, 0);
    left.mark(10_000, 0.5);
    for (let second = 20; second < 70; second += 10) left.mark(second * 1000, 0.5 + (second - 10) * 0.001);
    // A thousandth a second since then.
    expect(left.mark(70_000, 0.56)).toBeCloseTo(440, 9);
  });

  it('is not told while nothing moves, and begins anew where something else is measured', () => {
    const left = new TimeLeft();
    left.mark(0, 0.5);
    expect(left.mark(20_000, 0.5)).toBeNull();
    expect(left.mark(21_000, 0.1)).toBeNull();
    expect(left.mark(31_000, 0.2)).toBeCloseTo(80, 9);
  });
});
