import { describe, expect, it } from 'vitest';
import { detection } from '../../../plugins/evaluation/detection.ts';
import type { Sample, SinkReport } from '../../../plugins/sdk/index.ts';
import { paramsOf } from '../../support/infer-node.ts';

/** Scores of normal and of anomalous images, measured at a threshold that was learnt from so many images. */
function report(
  { normal = [], anomalous = [] }: { normal?: readonly number[]; anomalous?: readonly number[] },
  threshold: number,
  set: Record<string, unknown> = {},
  { images = 100, alarms = 1 } = {},
): SinkReport {
  const sink = detection.sink!(paramsOf(detection, set));
  const evaluation = sink.evaluate({ threshold: Float32Array.of(threshold), images: Float32Array.of(images), alarms: Float32Array.of(alarms) });
  const sample = (isAnomalous: boolean): Sample => ({
    file: 'a.png',
    defect: isAnomalous ? 'hole' : 'good',
    anomalous: isAnomalous,
    mask: null,
  });
  for (const value of normal) evaluation.add(sample(false), { shape: [], data: Float32Array.of(value) });
  for (const value of anomalous) evaluation.add(sample(true), { shape: [], data: Float32Array.of(value) });
  return evaluation.finish();
}

describe('a detection', () => {
  it('normal 1, 2, 3, 6 and anomalous 4, 5, 7 at the threshold 5', () => {
    const { metrics, notes } = report({ normal: [6, 1, 3, 2], anomalous: [4, 7, 5] }, 5);
    expect(metrics).toEqual({
      // Of 12 pairs, 6 stands above 4 and 5.
      imageAuroc: 10 / 12,
      // Found at 7, 5 and 4, with one false alarm among the second and the third.
      averagePrecision: expect.closeTo((1 + 2 / 3 + 3 / 4) / 3, 12) as number,
      // At 4: three of three, one false alarm.
      f1Max: expect.closeTo(6 / 7, 12) as number,
      f1MaxThreshold: 4,
      threshold: 5,
      truePositives: 2,
      falseNegatives: 1,
      falsePositives: 1,
      trueNegatives: 3,
    });
    expect(notes).toEqual([]);
  });

  it('a score at the threshold is called anomalous, one just below is not', () => {
    const below = 1 - 2 ** -24;
    expect(report({ normal: [1, below], anomalous: [1, below] }, 1).metrics).toMatchObject({
      truePositives: 1,
      falseNegatives: 1,
      falsePositives: 1,
      trueNegatives: 1,
    });
  });

  it('all scores tied: 1/2, the share of anomalous ones, and everything called so', () => {
    expect(report({ normal: [3, 3, 3], anomalous: [3] }, 3).metrics).toMatchObject({
      imageAuroc: 0.5,
      averagePrecision: 0.25,
      f1Max: expect.closeTo(2 / 5, 12) as number,
      f1MaxThreshold: 3,
    });
  });

  it('equally good thresholds: the lowest is the one of F1-max', () => {
    // At 9, 1 of 2 and no false alarm: 2/3. At 1, 2 of 2 and two false alarms: 2/3 again.
    expect(report({ normal: [5, 4], anomalous: [9, 1] }, 3).metrics).toMatchObject({
      f1Max: expect.closeTo(2 / 3, 12) as number,
      f1MaxThreshold: 1,
    });
  });

  it('gives curves from corner to corner', () => {
    const { curves } = report({ normal: [1, 3], anomalous: [2, 4] }, 3);
    expect(curves).toEqual([
      {
        name: 'ROC',
        x: { title: 'false-positive rate', values: [0, 0, 0.5, 0.5, 1] },
        y: { title: 'true-positive rate', values: [0, 0.5, 0.5, 1, 1] },
      },
      {
        name: 'precision and recall',
        x: { title: 'recall', values: [0, 0.5, 1] },
        y: { title: 'precision', values: [1, 1, 2 / 3] },
      },
    ]);
  });
});

describe('a detection without images of both kinds', () => {
  const undefinedMetrics = { imageAuroc: null, averagePrecision: null, f1Max: null, f1MaxThreshold: null };

  it('only good images: null, with the reason; false alarms are counted all the same', () => {
    const { metrics, notes, curves } = report({ normal: [1, 5] }, 5);
    expect(metrics).toEqual({
      ...undefinedMetrics,
      threshold: 5,
      truePositives: 0,
      falseNegatives: 0,
      falsePositives: 1,
      trueNegatives: 1,
    });
    expect(notes).toEqual(['imageAuroc, averagePrecision and f1Max are undefined: no anomalous test image']);
    expect(curves).toEqual([]);
  });

  it('only defective images: null, with the reason', () => {
    const { metrics, notes } = report({ anomalous: [1, 5] }, 5);
    expect(metrics).toMatchObject({ ...undefinedMetrics, truePositives: 1, falseNegatives: 1 });
    expect(notes).toEqual(['imageAuroc, averagePrecision and f1Max are undefined: no normal test image']);
  });

  it('no image at all: null', () => {
    expect(report({}, 5).metrics).toMatchObject({ ...undefinedMetrics, truePositives: 0, trueNegatives: 0 });
  });
});

describe('a promised rate of false alarms', () => {
  const scores = { normal: [1], anomalous: [2] };
  const rule = { rule: 'false-alarm-rate', falseAlarmRate: 0.01 };

  it('that so many images can promise: nothing to say', () => {
    expect(report(scores, 1.5, rule, { images: 99 }).notes).toEqual([]);
  });

  it('that so few images cannot promise: a note', () => {
    expect(report(scores, 1.5, rule, { images: 9 }).notes).toEqual([
      '9 validation images can promise a false-alarm rate of 10 % at best, not 1 %: ' +
        'the threshold lies just above their highest score',
    ]);
  });

  it('that is not asked for: nothing to say, unless there are too few images for the quantile', () => {
    const notesAt = (quantile: number, images: number): readonly string[] => report(scores, 1.5, { falseAlarmRate: 0.01, quantile }, { images }).notes;
    expect(notesAt(0.9, 9)).toEqual([]);
    expect(notesAt(0.99, 99)).toEqual([]);
    expect(notesAt(1, 2)).toEqual([]);
    expect(notesAt(0.99, 2)).toEqual([
      '2 validation images can promise a false-alarm rate of 33 % at best: ' +
        'too few to know the 0.99 quantile by, so the threshold follows their highest scores',
    ]);
    expect(notesAt(0.9, 8)).toEqual([expect.stringContaining('11 % at best')]);
    expect(notesAt(0.99, 1)).toEqual([expect.stringMatching(/^1 validation image can promise a false-alarm rate of 50 %/)]);
  });
});

describe('the threshold of a detection', () => {
  const learnt = { images: 99, alarms: 1 };

  it('is stated with its rule, what it promises by the validation images, and what the good test images showed', () => {
    const { threshold } = report({ normal: [1, 2, 3, 6], anomalous: [4] }, 5, {}, learnt);
    expect(threshold).toEqual({
      value: 5,
      rule: '0.99 quantile of the validation scores',
      images: 99,
      // 2 of 100; the intervals are those of 1 of 99 and of 1 of 4 by `binomtest(…).proportion_ci(0.95, 'exact')` of SciPy.
      promised: { rate: 0.02, low: expect.closeTo(0.0002557027, 10) as number, high: expect.closeTo(0.0549968232, 10) as number },
      observed: { rate: 0.25, low: expect.closeTo(0.0063094632, 10) as number, high: expect.closeTo(0.8058795503, 10) as number },
    });
  });

  it('by a promised rate: that rule', () => {
    const { threshold } = report({ normal: [1] }, 5, { rule: 'false-alarm-rate', falseAlarmRate: 0.05 }, learnt);
    expect(threshold!.rule).toBe('lowest score that promises a false-alarm rate of 0.05');
  });

  it('without a good test image nothing is observed', () => {
    expect(report({ anomalous: [1] }, 5, {}, learnt).threshold!.observed).toBeNull();
  });
});

describe('scores are ranked as they are', () => {
  it('neighbouring floats far beyond any scale make no ties', () => {
    // Floats from 2¹⁰⁰ on lie 2⁷⁷ apart.
    const [low, high] = [2 ** 100, 2 ** 100 + 2 ** 77];
    expect(report({ normal: [low, -high], anomalous: [high, -low] }, 0).metrics['imageAuroc']).toBe(3 / 4);
    expect(report({ normal: [low], anomalous: [high] }, 0).metrics['imageAuroc']).toBe(1);
  });

  it.each([1e-30, 1, 1e6, 1e30])('times %d: the same metrics, and thresholds of that size', (factor) => {
    const times = (...scores: number[]): number[] => scores.map((score) => score * factor);
    const { metrics } = report({ normal: times(0.1, 0.9, 1.1, 7), anomalous: times(1, 8, 9) }, 1);
    expect(metrics['imageAuroc']).toBe(10 / 12);
    expect(metrics['f1MaxThreshold']).toBe(Math.fround(8 * factor));
  });

  it('ten thousand different scores, negative and positive, stay ten thousand', () => {
    const scores = Array.from({ length: 10_000 }, (_, i) => (i - 5000) / 1000 + (i % 2) * 1e-4);
    const { curves } = report({ normal: scores.filter((_, i) => i % 2 === 0), anomalous: scores.filter((_, i) => i % 2 === 1) }, 0);
    expect(new Set(scores.map(Math.fround)).size).toBe(10_000);
    expect(curves).toHaveLength(2);
    // Each anomalous one stands above the normal one of its pair and all before it.
    const metrics = report({ normal: scores.filter((_, i) => i % 2 === 0), anomalous: scores.filter((_, i) => i % 2 === 1) }, 0).metrics;
    expect(metrics['imageAuroc']).toBeCloseTo(5001 / 10_000, 12);
  });
});

describe('a score that is not finite', () => {
  it.each([NaN, Infinity])('%d is refused, with the image', (value) => {
    expect(() => report({ normal: [1, value] }, 1)).toThrow(
      expect.objectContaining({
        code: 'score-not-finite',
        place: { file: 'a.png', socket: 'score' },
        message: `expected a finite score, found ${value}`,
      }) as Error,
    );
  });
});
