import { quantile, StillroomError, type CalibrationPass } from '../sdk/index.ts';

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

/** Learns `threshold`, and `images`, how many it was learnt from, from the input `score`. */
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
          const threshold = thresholdFrom(Float32Array.from(scores).sort(), settings);
          return { threshold: Float32Array.of(threshold), images: Float32Array.of(scores.length) };
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
