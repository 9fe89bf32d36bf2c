import * as Plot from '@observablehq/plot';
import type { ScoredImage } from '../run-record.ts';
import { chart, colour } from './chart.ts';
import { figure } from './figures.ts';
import type { Html } from './html.ts';

const bins = 26;

interface Bin {
  from: number;
  to: number;
  /** Images; those below the axis are negative. */
  images: number;
}

/** Scores of good images above the axis, of anomalous ones below it, and the threshold between verdicts. */
export function scoreHistogram(title: string, images: readonly ScoredImage[], result: string, threshold: number | null): Html {
  const known = images.filter(({ scores }) => Number.isFinite(scores[result]));
  const scores = known.map((image) => image.scores[result]!);
  const ends = threshold === null ? scores : [...scores, threshold];
  const scale = scaleOf(ends);
  const good = binned(known, result, false, scale);
  const anomalous = binned(known, result, true, scale);
  const isRight = threshold !== null && scale.at(threshold) > 0.6;
  return chart(title, {
    marginTop: 28,
    x: { label: `score${scale.isLog ? ' (log)' : ''}`, type: scale.isLog ? 'log' : 'linear', domain: [scale.low, scale.high], ticks: 5, tickFormat: figure, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: 'images', grid: true, tickFormat: (n: number) => (Number.isInteger(n) ? String(Math.abs(n)) : ''), labelArrow: 'none', ticks: 6 },
    marks: [
      Plot.rect(good, { x1: 'from', x2: 'to', y1: 0, y2: 'images', fill: colour.normal, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.rect(anomalous, { x1: 'from', x2: 'to', y1: 0, y2: 'images', fill: colour.anomalous, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleY([0], { stroke: colour.text }),
      ...(threshold === null
        ? []
        : [
            Plot.ruleX([threshold], { stroke: colour.text, strokeWidth: 1.5, strokeDasharray: '4 3' }),
            Plot.text([threshold], {
              x: (value: number) => value,
              frameAnchor: 'top',
              text: (value: number) => `threshold ${figure(value)}`,
              dy: -14,
              dx: isRight ? 2 : -2,
              textAnchor: isRight ? 'end' : 'start',
              fill: colour.text,
            }),
          ]),
    ],
  });
}

interface Scale {
  low: number;
  high: number;
  isLog: boolean;
  /** Place of a score, 0–1. */
  at(score: number): number;
  /** Score at a place. */
  of(place: number): number;
}

/** A few scores far above the rest would press these into one bar: then the axis is logarithmic. */
function scaleOf(values: readonly number[]): Scale {
  const ascending = [...values].sort((a, b) => a - b);
  const [least = 0, most = 1] = [ascending[0], ascending.at(-1)];
  const middle = ascending[Math.floor(ascending.length / 2)] ?? 1;
  const isLog = least > 0 && most / middle > 20;
  const [way, back] = isLog ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const margin = (way(most) - way(least)) * 0.02 || Math.max(1e-6, Math.abs(least) * 0.05);
  const [low, high] = [way(least) - margin, way(most) + margin];
  return {
    low: back(low),
    high: back(high),
    isLog,
    at: (score) => (way(score) - low) / (high - low),
    of: (place) => back(low + place * (high - low)),
  };
}

function binned(images: readonly ScoredImage[], result: string, anomalous: boolean, { at, of }: Scale): Bin[] {
  const counts = new Array<number>(bins).fill(0);
  for (const image of images) {
    if (image.anomalous === anomalous) counts[Math.min(bins - 1, Math.floor(at(image.scores[result]!) * bins))]!++;
  }
  return counts.flatMap((images, i) => (images ? [{ from: of(i / bins), to: of((i + 1) / bins), images: anomalous ? -images : images }] : []));
}
