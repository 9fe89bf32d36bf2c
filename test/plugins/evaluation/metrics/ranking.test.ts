import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auroc } from '../../../../plugins/evaluation/metrics/auroc.ts';
import { averagePrecision } from '../../../../plugins/evaluation/metrics/average-precision.ts';
import { confusion, type Confusion } from '../../../../plugins/evaluation/metrics/confusion.ts';
import { prCurve, rocCurve, type Points } from '../../../../plugins/evaluation/metrics/curves.ts';
import { f1Max } from '../../../../plugins/evaluation/metrics/f1-max.ts';
import { rank, type Ranked } from '../../../../plugins/evaluation/metrics/ranked.ts';
import { createRandom } from '../../../../plugins/sdk/index.ts';
import { describeWith, needs } from '../../../support/needs.ts';

interface Case {
  /** In 1/64. */
  scores: number[];
  labels: number[];
  auroc: number;
  averagePrecision: number;
  f1Max: number;
  f1MaxThreshold: number;
  roc: Points;
  pr: Points;
  confusion: Confusion & { threshold: number };
}

const file = new URL('../../../fixtures/metrics/rankings.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Case>;

function ranked(scores: readonly number[], labels: readonly number[]): Ranked {
  return rank(Float32Array.from(scores), Uint8Array.from(labels));
}

function points({ x, y }: Points): string[] {
  return x.map((value, i) => `${value.toFixed(9)} ${y[i]!.toFixed(9)}`);
}

for (const [name, expected] of Object.entries(cases)) {
  describe(`scores that are ${name}, as scikit-learn measures them`, () => {
    const found = ranked(expected.scores.map((score) => score / 64), expected.labels);

    it('AUROC', () => expect(auroc(found)).toBeCloseTo(expected.auroc, 12));
    it('average precision', () => expect(averagePrecision(found)).toBeCloseTo(expected.averagePrecision, 12));
    it('F1-max and its threshold', () => {
      expect(f1Max(found)!.f1).toBeCloseTo(expected.f1Max, 12);
      expect(f1Max(found)!.threshold).toBe(expected.f1MaxThreshold);
    });
    it('confusion at the median score', () => {
      const { threshold, ...counts } = expected.confusion;
      expect(confusion(found, threshold)).toEqual(counts);
    });
    it('ROC, point by point', () => expect(points(rocCurve(found)!)).toEqual(points(expected.roc)));
    it('precision and recall: of each recall its highest precision', () => {
      const highest = new Map<number, number>();
      expected.pr.x.forEach((recall, i) => {
        highest.set(recall, Math.max(expected.pr.y[i]!, highest.get(recall) ?? 0));
      });
      const recalls = [...highest.keys()].sort((a, b) => a - b);
      const best = { x: recalls, y: recalls.map((recall) => highest.get(recall)!) };
      expect(points(prCurve(found)!)).toEqual(points(best));
    });
  });
}

describe('where a metric is undefined', () => {
  for (const [what, labels] of [['normal', [0, 0]], ['anomalous', [1, 1]]] as const) {
    it(`only ${what} ones: null`, () => {
      const found = ranked([1, 2], labels);
      expect([auroc, averagePrecision, f1Max, rocCurve, prCurve].map((metric) => metric(found))).toEqual(
        Array<null>(5).fill(null),
      );
    });
  }
  it('confusion counts whatever there is', () => {
    const none = { truePositives: 0, falseNegatives: 0 };
    expect(confusion(ranked([1, 2], [0, 0]), 2)).toEqual({ ...none, falsePositives: 1, trueNegatives: 1 });
    expect(confusion(ranked([], []), 2)).toEqual({ ...none, falsePositives: 0, trueNegatives: 0 });
  });
});

describe('scores of every magnitude and sign', () => {
  it('0 and −0 are equal', () => expect(auroc(ranked([0, -0, -0, 0], [0, 1, 0, 1]))).toBe(0.5));
  it('tiny, huge, negative', () => {
    const scores = [-3e38, -1, -1e-40, 0, 1e-40, 1e-3, 1, 3e38];
    expect(auroc(ranked(scores, [0, 0, 0, 0, 1, 1, 1, 1]))).toBe(1);
    expect([...ranked(scores, Array<number>(8).fill(1)).positives]).toEqual([...Float32Array.from(scores)].reverse());
  });
});

describe('long curves', () => {
  const random = createRandom('curve');
  const scores = Array.from({ length: 20_000 }, () => random.normal());
  const found = ranked(scores, scores.map((score) => (score + random.normal() > 1.5 ? 1 : 0)));
  for (const [name, curve] of [['ROC', rocCurve], ['precision and recall', prCurve]] as const) {
    it(`${name}: at most about 500 points, ends included`, () => {
      const { x } = curve(found, 500)!;
      expect(x.length).toBeLessThanOrEqual(502);
      expect(x.length).toBeGreaterThan(200);
      expect([x[0], x.at(-1)]).toEqual([0, 1]);
    });
  }
});

describeWith(needs.python('sklearn'), 'against the scikit-learn at hand', () => {
  it('5000 scores, a third of them tied, agree', () => {
    const random = createRandom('live');
    const labels = Array.from({ length: 5000 }, () => (random.uniform() < 0.1 ? 1 : 0));
    const scores = labels.map((label, i) => {
      const score = random.normal() + label;
      return Math.fround(i % 3 ? score : Math.round(score));
    });
    const script = [
      'import json, sys',
      'from sklearn.metrics import roc_auc_score, average_precision_score',
      'scores, labels = json.load(sys.stdin)',
      'print(json.dumps([roc_auc_score(labels, scores), average_precision_score(labels, scores)]))',
    ].join('\n');
    const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify([scores, labels]), encoding: 'utf8' });
    const [area, precision] = JSON.parse(stdout) as [number, number];
    const found = ranked(scores, labels);
    expect(auroc(found)).toBeCloseTo(area, 12);
    expect(averagePrecision(found)).toBeCloseTo(precision, 12);
  });
});
