import { StillroomError, type Curve, type Sink, type SinkReport } from '../sdk/index.ts';
import { auroc } from './metrics/auroc.ts';
import { averagePrecision } from './metrics/average-precision.ts';
import { confusion } from './metrics/confusion.ts';
import { prCurve, rocCurve } from './metrics/curves.ts';
import { f1Max } from './metrics/f1-max.ts';
import { rank, type Ranked } from './metrics/ranked.ts';
import { lowestFalseAlarmRate, observedRate, promisedRate, ruleInWords, type ThresholdSettings } from './threshold.ts';

const mostPoints = 500;

/** Measures image scores. An image is called anomalous at or above the calibrated threshold. */
export function detectionSink(settings: ThresholdSettings & { name: string }): Sink {
  return {
    name: settings.name,
    kind: 'score',
    evaluate({ threshold, images, alarms }) {
      const scores: number[] = [];
      const labels: number[] = [];
      return {
        add({ file, anomalous }, { data }) {
          const value = data[0]!;
          if (!Number.isFinite(value)) {
            throw new StillroomError('score-not-finite', `expected a finite score, found ${value}`, {
              file,
              socket: 'score',
              hint: 'check what feeds the score: a value is divided by zero or grows without bounds',
            });
          }
          scores.push(value);
          labels.push(anomalous ? 1 : 0);
        },
        finish() {
          const ranked = rank(Float32Array.from(scores), Uint8Array.from(labels));
          const report = measure(ranked, threshold![0]!);
          return {
            ...report,
            notes: [...report.notes, ...promiseNotes(settings, images![0]!)],
            threshold: {
              value: threshold![0]!,
              rule: ruleInWords(settings),
              images: images![0]!,
              promised: promisedRate(alarms![0]!, images![0]!),
              observed: observedRate(report.metrics['falsePositives']!, ranked.negatives.length),
            },
          };
        },
      };
    },
  };
}

function measure(ranked: Ranked, threshold: number): SinkReport {
  const best = f1Max(ranked);
  const roc = rocCurve(ranked, mostPoints);
  const pr = prCurve(ranked, mostPoints);
  const curves: Curve[] = [];
  if (roc) curves.push(curve('ROC', 'false-positive rate', roc.x, 'true-positive rate', roc.y));
  if (pr) curves.push(curve('precision and recall', 'recall', pr.x, 'precision', pr.y));
  return {
    metrics: {
      imageAuroc: auroc(ranked),
      averagePrecision: averagePrecision(ranked),
      f1Max: best?.f1 ?? null,
      f1MaxThreshold: best?.threshold ?? null,
      threshold,
      ...confusion(ranked, threshold),
    },
    notes: undefinedNotes(ranked),
    curves,
  };
}

function curve(name: string, x: string, xs: readonly number[], y: string, ys: readonly number[]): Curve {
  return { name, x: { title: x, values: xs }, y: { title: y, values: ys } };
}

function undefinedNotes({ positives, negatives }: Ranked): string[] {
  const missing = positives.length === 0 ? 'anomalous' : negatives.length === 0 ? 'normal' : undefined;
  if (!missing) return [];
  return [`imageAuroc, averagePrecision and f1Max are undefined: no ${missing} test image`];
}

/** That there are too few validation images for what the rule asks of them. */
function promiseNotes({ rule, quantile, falseAlarmRate }: ThresholdSettings, images: number): string[] {
  const lowest = lowestFalseAlarmRate(images);
  const promise = `${images} validation ${images === 1 ? 'image' : 'images'} can promise a false-alarm rate of ${percent(lowest)} at best`;
  if (rule === 'false-alarm-rate') {
    return falseAlarmRate >= lowest ? [] : [`${promise}, not ${percent(falseAlarmRate)}: the threshold lies just above their highest score`];
  }
  // The highest score is asked for as such, or 1 − 0.9 is rounded to below 1 / 10.
  if (quantile === 1 || 1 - quantile >= lowest - 1e-9) return [];
  return [`${promise}: too few to know the ${quantile} quantile by, so the threshold follows their highest scores`];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
