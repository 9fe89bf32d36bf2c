import { describe, expect, it } from 'vitest';
import { verdictTable } from '../../../server/cli/verdict-table.ts';
import type { CategoryMetrics } from '../../../server/runs/category-metrics.ts';

const measured = (value: number, [tp, fn, fp, tn]: readonly [number, number, number, number]): CategoryMetrics => ({
  imageAuroc: null,
  pixelAuroc: null,
  aupro: null,
  results: { detection: { truePositives: tp, falseNegatives: fn, falsePositives: fp, trueNegatives: tn } },
  thresholds: {
    detection: {
      value,
      rule: '0.99 quantile of the validation scores',
      images: 53,
      promised: { rate: 2 / 54, low: 0.00047758, high: 0.1007 },
      observed: null,
    },
  },
  notes: [],
});

describe('the table of verdicts', () => {
  it('gives threshold, promise, false alarms and finds of each category, and once how thresholds were chosen', () => {
    expect(verdictTable({ road: measured(1.02947, [3, 64, 2, 43]), grid: measured(12.5, [10, 0, 0, 8]) }).split('\n')).toEqual([
      'category  threshold  from images  false alarms promised            false alarms  defects found',
      'road          1.029           53  3.7 % expected (0.05 % to 10 %)       2 of 45        3 of 67',
      'grid           12.5           53  3.7 % expected (0.05 % to 10 %)        0 of 8       10 of 10',
      'threshold: 0.99 quantile of the validation scores',
      'promised: expected at most, on average over all draws of validation images; in brackets what holds the rate of this very threshold with 95 % confidence',
    ]);
  });

  it('leaves out categories without verdicts; without any it is empty', () => {
    const none = { ...measured(1, [0, 0, 0, 0]), thresholds: {} };
    expect(verdictTable({ road: none })).toBe('');
    expect(verdictTable({ road: none, grid: measured(1, [1, 0, 0, 1]) })).not.toContain('road');
  });
});
