import type { CategoryMetrics } from '../runs/category-metrics.ts';
import { figure, share } from '../runs/report/figures.ts';
import { table } from './table.ts';

/** The result whose verdicts are the graph's own. */
const own = 'detection';

const whatIsPromised =
  'promised: expected at most, on average over all draws of validation images; in brackets what holds the rate of this very threshold with 95 % confidence';

/**
 * By category: the threshold of the graph's own verdicts, the false alarms that it promises and gave, the defects it
 * found; below it how it was chosen. Empty where the graph gives no verdicts.
 */
export function verdictTable(metrics: Readonly<Record<string, CategoryMetrics>>): string {
  const rules = new Set<string>();
  const rows = Object.entries(metrics).flatMap(([category, { thresholds, results }]) => {
    const [threshold, counted] = [thresholds[own], results[own]];
    if (!threshold || !counted) return [];
    const { value, rule, images, promised } = threshold;
    rules.add(rule);
    const count = (metric: string): number => counted[metric] ?? 0;
    const of = (hits: string, others: string): string => `${count(hits)} of ${count(hits) + count(others)}`;
    const interval = `${share(promised.low)} to ${share(promised.high)}`;
    return [[
      category, figure(value), String(images), `${share(promised.rate)} expected (${interval})`,
      of('falsePositives', 'trueNegatives'), of('truePositives', 'falseNegatives'),
    ]];
  });
  if (rows.length === 0) return '';
  const headings = ['category', 'threshold', 'from images', 'false alarms promised', 'false alarms', 'defects found'];
  return [table(headings, rows, [1, 2, 4, 5]), `threshold: ${[...rules].join('; ')}`, whatIsPromised].join('\n');
}
