import { withoutControls } from '../../../plugins/sdk/problem.ts';
import type { Comparison } from '../compare.ts';
import { csvLine } from '../csv.ts';
import { ownMetrics } from '../seeds-spread.ts';
import { comparisonRows } from './rows.ts';

/** A comparison for programs and spreadsheets: fractions in full, an empty field where nothing is known. */
export function comparisonCsv(comparison: Comparison): string {
  const head = ['category', 'run', 'graph', 'data', 'seeds', ...ownMetrics.flatMap((metric) => [metric, `${metric}Deviation`])];
  const rows = comparisonRows(comparison).map(({ category, run, graph, data, seeds, figures, spread }) => [
    cell(category ?? 'mean over categories'),
    cell(run ?? 'mean over seeds'),
    cell(graph),
    data,
    seeds.join(' '),
    ...ownMetrics.flatMap((metric) => [figures[metric], spread[metric]]),
  ]);
  return [head, ...rows].map(csvLine).join('');
}

/** Spreadsheets take what begins so for a formula, and run it; the quote before it makes it text. */
function cell(text: string): string {
  const plain = withoutControls(text);
  return /^\s*[=+\-@]/.test(plain) ? `'${plain}` : plain;
}
