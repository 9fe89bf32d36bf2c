import { quantile, StillroomError, type CalibrationPass, type FalseAlarmRate } from '../sdk/index.ts';
import { proportionInterval } from './metrics/proportion-interval.ts';

export interface ThresholdSettings {
  rule: 'quantile' | 'false-alarm-rate';
  /** 0–1 */
  quantile: number;
  /** 0–1, above 0. */
  falseAlarmRate: number;
}

/**
 * The score at or above which an image is called anomalous, from the scores of normal images (at least one, ascending).
 *
 * `quantile` takes that quantile. `false-alarm-rate` takes the lowest score that promises the rate: if new normal images
 * are like these n, each is called anomalous with at most that probability (split conformal prediction; Bates et al.
 * 2023). It lies just above the ⌈(n + 1)(1 − rate)⌉-th lowest score; where n is too small for the rate, above the highest.
 */
export function thresholdFrom(ascending: Float32Array, settings: ThresholdSettings): number {
  if (settings.rule === 'quantile') return quantile(ascending, settings.quantile);
  const n = ascending.length;
  // Rounding must not take a product that is whole, as 100 · 0.99, over the next whole number.
  const place = Math.ceil((n + 1) * (1 - settings.falseAlarmRate) - 1e-9);
  return nextUp(ascending[Math.min(Math.max(place, 1), n) - 1]!);
}

/** The lowest false-alarm rate that so many normal images can promise. */
export function lowestFalseAlarmRate(images: number): number {
  return 1 / (images + 1);
}

/**
 * What a threshold promises that lies at or below so many (`alarms`) of `images` scores of normal images. A further one
 * like them is called anomalous with at most (alarms + 1) / (images + 1), mean over all draws of validation images. What
 * these very ones permit one to say is the interval, which holds whatever the scores are distributed like: between two
 * neighbouring scores the rate is that of an order statistic, Beta-distributed, whose tails are those of Clopper and
 * Pearson's interval.
 */
export function promisedRate(alarms: number, images: number): FalseAlarmRate {
  return { rate: (alarms + 1) / (images + 1), ...proportionInterval(alarms, images) };
}

/** How often normal images were called anomalous; null where there are none. */
export function observedRate(alarms: number, images: number): FalseAlarmRate | null {
  return images === 0 ? null : { rate: alarms / images, ...proportionInterval(alarms, images) };
}

/** A rule in words: `0.99 quantile of the validation scores`. */
export function ruleInWords({ rule, quantile: share, falseAlarmRate }: ThresholdSettings): string {
  return rule === 'quantile'
    ? `${share} quantile of the validation scores`
    : `lowest score that promises a false-alarm rate of ${falseAlarmRate}`;
}

/**
 * Learns `threshold` from the input `score`, and what tells what it is worth: `images`, how many it was learnt from, and
 * `alarms`, how many of them it calls anomalous.
 */
export function thresholdCalibration(settings: ThresholdSettings): CalibrationPass {
  return {
    images: 'validation',
    begin() {
      const scores: number[] = [];
      return {
        add(inputs) {
          scores.push(...inputs['score']!.data);
        },
        finish() {
          if (scores.length === 0 || !scores.every(Number.isFinite)) {
            throw new StillroomError(
              'threshold-impossible',
              scores.length === 0
                ? 'expected scores of validation images, found no such image'
                : 'expected finite scores of the validation images, found one that is not',
              { socket: 'score', hint: 'check what feeds the score, and that the dataset has validation images' },
            );
          }
          // As a float32, since it is kept and compared as one.
          const threshold = Float32Array.of(thresholdFrom(Float32Array.from(scores).sort(), settings));
          const alarms = scores.filter((score) => score >= threshold[0]!).length;
          return { threshold, images: Float32Array.of(scores.length), alarms: Float32Array.of(alarms) };
        },
      };
    },
  };
}

/** The next larger float32. */
function nextUp(value: number): number {
  const float = Float32Array.of(value + 0);
  const bits = new Int32Array(float.buffer);
  bits[0]! += float[0]! < 0 ? -1 : 1;
  return float[0]!;
}
