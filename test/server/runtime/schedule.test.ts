import { describe, expect, it } from 'vitest';
import type { ScheduleSettings } from '../../../plugins/sdk/index.ts';
import { pack } from '../../../plugins/training/index.ts';
import { scheduleOf, type FitSchedule } from '../../../server/runtime/schedule.ts';

const known = (settings: ScheduleSettings): FitSchedule => scheduleOf(pack.schedules!.find(({ name }) => name === settings.kind)!, settings);

/** The rates of all steps of a schedule that needs no losses. */
function ratesOf(schedule: ScheduleSettings, base: number, steps: number): number[] {
  const { begin, rate } = known(schedule);
  return Array.from({ length: steps }, (_, step) => rate(begin(base), { base, step, steps }));
}

/** The rate of each epoch, and of the one that would follow, given the validation loss that each ends with. */
function epochRates(schedule: ScheduleSettings, base: number, losses: readonly number[]): number[] {
  const { begin, rate, afterEpoch } = known(schedule);
  let memory = begin(base);
  return [memory, ...losses.map((loss) => (memory = afterEpoch(memory, loss)))].map((after, epoch) =>
    rate(after, { base, step: epoch, steps: losses.length }),
  );
}

describe('constant', () => {
  it('is the base rate at every step, whatever the losses', () => {
    expect(ratesOf({ kind: 'constant' }, 0.02, 3)).toEqual([0.02, 0.02, 0.02]);
    expect(epochRates({ kind: 'constant' }, 0.02, [1, 2, 3])).toEqual([0.02, 0.02, 0.02, 0.02]);
  });
});

describe('reduce on plateau', () => {
  const plateau = (patience: number, minimum = 0): ScheduleSettings => ({ kind: 'plateau', factor: 0.5, patience, minimum });

  it('is reduced once more than `patience` epochs have brought nothing better', () => {
    expect(epochRates(plateau(2), 1, [5, 5, 6, 5])).toEqual([1, 1, 1, 1, 0.5]);
  });

  it('counts anew after each reduction', () => {
    expect(epochRates(plateau(1), 1, [5, 6, 6, 6, 6, 6])).toEqual([1, 1, 1, 0.5, 0.5, 0.25, 0.25]);
  });

  it('counts anew after each better loss', () => {
    expect(epochRates(plateau(1), 1, [5, 6, 4, 6, 6])).toEqual([1, 1, 1, 1, 1, 0.5]);
  });

  it('takes as better only what is lower by more than a ten-thousandth', () => {
    expect(epochRates(plateau(0), 1, [10_000, 9999.5])).toEqual([1, 1, 0.5]);
    expect(epochRates(plateau(0), 1, [10_000, 9998.5])).toEqual([1, 1, 1]);
  });

  it('compares with the best loss, not with the last one', () => {
    expect(epochRates(plateau(0), 1, [5, 9, 8])).toEqual([1, 1, 0.5, 0.25]);
  });

  it('does not go below the minimum', () => {
    expect(epochRates(plateau(0, 0.3), 1, [5, 5, 5, 5])).toEqual([1, 1, 0.5, 0.3, 0.3]);
  });
});

describe('one-cycle', () => {
  const oneCycle = (warmUp: number, peak = 10): ScheduleSettings => ({ kind: 'one-cycle', peak, warmUp });

  it('rises as a cosine from the base to the peak, then falls to a ten-thousandth of the base', () => {
    // 11 steps, of which a share of 3/11 rises: the peak is at step 2; quarters of the way down are at 4, 6 and 8.
    const rates = ratesOf(oneCycle(3 / 11), 0.1, 11);
    const down = (share: number): number => 1e-5 + (1 - 1e-5) * share;
    const expected = { 0: 0.1, 1: 0.55, 2: 1, 4: down((1 + Math.SQRT1_2) / 2), 6: down(0.5), 8: down((1 - Math.SQRT1_2) / 2), 10: 1e-5 };
    for (const [step, rate] of Object.entries(expected)) expect(rates[Number(step)], `step ${step}`).toBeCloseTo(rate, 12);
  });

  it('only falls without warm-up, and only rises where all of it is warm-up', () => {
    const falls = ratesOf(oneCycle(0), 0.1, 4);
    // As PyTorch has it, the peak lies one step before the first.
    expect(falls[1]).toBeCloseTo(1e-5 + (1 - 1e-5) / 2, 12);
    expect(falls[3]).toBeCloseTo(1e-5, 12);
    const rises = ratesOf(oneCycle(1), 0.1, 3);
    [0.1, 0.55, 1].forEach((rate, step) => expect(rises[step]).toBeCloseTo(rate, 12));
  });

  it('does not look at losses', () => {
    const { begin, afterEpoch } = known(oneCycle(0.3));
    const memory = begin(0.1);
    expect(afterEpoch(memory, 7)).toEqual(memory);
  });

  it('has finite rates where the whole fit is one step', () => {
    for (const warmUp of [0, 0.3, 1]) {
      const [rate] = ratesOf(oneCycle(warmUp), 0.1, 1);
      expect(rate).toBeGreaterThan(0);
      expect(rate).toBeLessThanOrEqual(1);
    }
  });
});
