import { describe, expect, it } from 'vitest';
import { lowestFalseAlarmRate, observedRate, promisedRate, thresholdCalibration, thresholdFrom, type ThresholdSettings } from '../../../plugins/evaluation/threshold.ts';
import { createRandom } from '../../../plugins/sdk/index.ts';

const settings = (set: Partial<ThresholdSettings>): ThresholdSettings => ({
  rule: 'quantile',
  quantile: 0.99,
  falseAlarmRate: 0.01,
  ...set,
});

/** The next float32 above a positive one. */
function above(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0]!++;
  return new Float32Array(bits.buffer)[0]!;
}

describe('the threshold by a quantile of the validation scores', () => {
  const scores = Float32Array.of(1, 2, 4, 8, 16);
  it.each([
    [0, 1],
    [0.5, 4],
    [0.625, 6],
    [0.75, 8],
    [1, 16],
  ])('1, 2, 4, 8, 16 at %d: %d', (quantile, expected) => {
    expect(thresholdFrom(scores, settings({ quantile }))).toBe(expected);
  });
  it('one score alone is every quantile', () => {
    expect(thresholdFrom(Float32Array.of(3), settings({ quantile: 0.3 }))).toBe(3);
  });
});

describe('the threshold by a promised rate of false alarms', () => {
  const scores = Float32Array.from({ length: 99 }, (_, i) => i + 1);
  const at = (falseAlarmRate: number, of = scores) => thresholdFrom(of, settings({ rule: 'false-alarm-rate', falseAlarmRate }));

  it.each([
    // ⌈100 · (1 − rate)⌉-th lowest score, and just above it.
    [0.01, 99],
    [0.05, 95],
    [0.055, 95],
    [0.1, 90],
    [0.5, 50],
    [0.99, 1],
    [1, 1],
  ])('99 scores 1…99 at %d: just above %d', (rate, place) => {
    expect(at(rate)).toBe(above(place));
  });

  it('too few scores for the rate: just above the highest', () => expect(at(0.001)).toBe(above(99)));

  it('just above a negative score, and above 0, is larger', () => {
    // Floats from 1 to 2 lie 2⁻²³ apart.
    expect(at(1, Float32Array.of(-2))).toBe(-2 + 2 ** -23);
    // 2⁻¹⁴⁹ is the least float32 above 0.
    expect(at(1, Float32Array.of(0))).toBe(2 ** -149);
    expect(at(1, Float32Array.of(-0))).toBe(2 ** -149);
  });

  it('keeps its promise: of 4000 draws of 19 scores and one more, at most 10 % of those are at or above it', () => {
    const random = createRandom('promise');
    let alarms = 0;
    for (let i = 0; i < 4000; i++) {
      const normal = Float32Array.from({ length: 19 }, random.normal).sort();
      if (Math.fround(random.normal()) >= at(0.1, normal)) alarms++;
    }
    // Exactly 10 % are expected; five standard errors of 0.47 % either way.
    expect(Math.abs(alarms / 4000 - 0.1)).toBeLessThan(0.024);
  });

  it.each([[1, 0.5], [9, 0.1], [99, 0.01]])('%d images can promise %d at best', (images, rate) => {
    expect(lowestFalseAlarmRate(images)).toBeCloseTo(rate, 12);
  });
});

describe('what a threshold promises', () => {
  it('14 validation images, none at or above it: 1 in 15, and at most 23 % with 95 % confidence', () => {
    expect(promisedRate(0, 14)).toEqual({ rate: 1 / 15, low: 0, high: expect.closeTo(0.2316357617, 9) as number });
  });

  it('the interval holds the true rate in 95 % of 2000 draws of 50 validation scores, at least', () => {
    const random = createRandom('interval');
    let held = 0;
    for (let i = 0; i < 2000; i++) {
      // Of scores spread evenly over 0–1 the true rate is 1 − threshold.
      const scores = Float32Array.from({ length: 50 }, random.uniform).sort();
      const threshold = thresholdFrom(scores, settings({ quantile: 0.9 }));
      const { low, high } = promisedRate(scores.filter((score) => score >= threshold).length, 50);
      if (low <= 1 - threshold && 1 - threshold <= high) held++;
    }
    // Five standard errors of 0.5 % below.
    expect(held / 2000).toBeGreaterThan(0.926);
  });

  it('observed: 3 of 14; nothing of none', () => {
    expect(observedRate(3, 14)).toEqual({ rate: 3 / 14, low: expect.closeTo(0.0465792879, 9) as number, high: expect.closeTo(0.5079756770, 9) as number });
    expect(observedRate(0, 0)).toBeNull();
  });
});

describe('calibration of a threshold', () => {
  const begin = () => thresholdCalibration(settings({ quantile: 0.5 })).begin();
  const batch = (...scores: number[]) => ({ score: { shape: [scores.length], data: Float32Array.from(scores) } });

  it('looks at the validation images', () => expect(thresholdCalibration(settings({})).images).toBe('validation'));

  it('of batches 5, 1 and 3 in any order: the median 3, from 3 images, 2 of which lie at or above it', () => {
    const pass = begin();
    pass.add(batch(5, 1));
    pass.add(batch(3));
    expect(pass.finish()).toEqual({ threshold: Float32Array.of(3), images: Float32Array.of(3), alarms: Float32Array.of(2) });
  });

  it.each([
    ['no image', [], 'expected scores of validation images, found no such image'],
    ['a score that is not finite', [1, NaN], 'expected finite scores of the validation images, found one that is not'],
    ['an infinite score', [-Infinity, 1], 'expected finite scores of the validation images, found one that is not'],
  ])('%s: none follows', (_, scores, message) => {
    const pass = begin();
    if (scores.length) pass.add(batch(...scores));
    expect(() => pass.finish()).toThrow(
      expect.objectContaining({ code: 'threshold-impossible', place: { socket: 'score' }, message }) as Error,
    );
  });
});
