import * as Plot from '@observablehq/plot';
import type { Curve } from '../../../plugins/sdk/index.ts';
import { chart, colour } from './chart.ts';
import type { Html } from './html.ts';

/** A curve in the unit square, or in the range of its own values where it `isFree`. `diagonal` is what chance gives. */
export function curveChart(title: string, { x, y }: Curve, { diagonal = false, limit = 1, isFree = false } = {}): Html {
  const points = x.values.map((value, i) => ({ x: value, y: y.values[i]! }));
  return chart(title, {
    grid: true,
    x: { ...(isFree ? {} : { domain: [0, limit] }), label: x.title, ticks: 5, labelAnchor: 'center', labelArrow: 'none' },
    y: { ...(isFree ? { nice: true } : { domain: [0, 1] }), label: y.title, ticks: 5, labelArrow: 'none' },
    marks: [
      ...(diagonal ? [Plot.line([[0, 0], [1, 1]], { stroke: colour.quiet, strokeDasharray: '3 3' })] : []),
      ...(isFree ? [] : [Plot.areaY(points, { x: 'x', y1: 0, y2: 'y', fill: colour.normal, fillOpacity: 0.1 })]),
      Plot.line(points, { x: 'x', y: 'y', stroke: colour.normal, strokeWidth: 2, strokeLinejoin: 'round' }),
    ],
  });
}
