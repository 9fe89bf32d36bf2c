import * as Plot from '@observablehq/plot';
import type { FitRecord } from '../run-record.ts';
import { chart, colour } from './chart.ts';
import { figure } from './figures.ts';
import type { Html } from './html.ts';

/** The epoch whose weights were kept as the best: the last that lowered the validation loss. */
export function bestEpoch({ epochs }: FitRecord): FitRecord['epochs'][number] | undefined {
  return epochs.findLast(({ isBest }) => isBest);
}

/** Losses of one fit over its epochs; on a log axis where they span a decade. */
export function lossChart(title: string, record: FitRecord): Html {
  const { epochs } = record;
  const best = bestEpoch(record);
  const losses = epochs.flatMap(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]);
  // A narrow range would be left without a tick.
  const isLog = losses.every((loss) => loss > 0) && Math.max(...losses) >= 10 * Math.min(...losses);
  const last = epochs.at(-1)!.epoch;
  const isLate = best !== undefined && best.epoch > last / 2;
  return chart(title, {
    grid: true,
    marginTop: 24,
    x: { label: 'epoch', domain: last === 1 ? [0, 2] : [1, last], ticks: Math.min(6, last), tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : ''), labelAnchor: 'center', labelArrow: 'none' },
    y: { label: `loss${isLog ? ' (log)' : ''}`, type: isLog ? 'log' : 'linear', ticks: 5, tickSize: 0, tickFormat: figure, labelArrow: 'none' },
    marks: [
      ...(best ? [Plot.ruleX([best.epoch], { stroke: colour.quiet, strokeDasharray: '3 3' })] : []),
      Plot.line(epochs, { x: 'epoch', y: 'trainLoss', stroke: colour.train, strokeWidth: 2, strokeDasharray: '5 3' }),
      Plot.line(epochs, { x: 'epoch', y: 'validationLoss', stroke: colour.validation, strokeWidth: 2 }),
      ...(epochs.length === 1 ? [Plot.dot(epochs, { x: 'epoch', y: 'trainLoss', stroke: colour.train, r: 4 })] : []),
      ...(best
        ? [
            Plot.dot([best], { x: 'epoch', y: 'validationLoss', fill: colour.validation, r: 4 }),
            Plot.text([best], {
              x: 'epoch',
              text: ({ epoch }: { epoch: number }) => `best: epoch ${epoch}`,
              frameAnchor: 'top',
              dy: -12,
              dx: isLate ? 2 : -2,
              textAnchor: isLate ? 'end' : 'start',
              fill: colour.text,
            }),
          ]
        : []),
    ],
  });
}
