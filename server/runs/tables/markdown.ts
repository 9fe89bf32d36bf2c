import { withoutControls } from '../../../plugins/sdk/problem.ts';
import { withSpread } from '../compare-page.ts';
import type { Comparison } from '../compare.ts';
import { ownMetrics } from '../seeds-spread.ts';
import { comparisonRows } from './rows.ts';
import { metricHeadings } from './headings.ts';

/** A comparison as a table of GitHub's Markdown, in percent; what must be known of it stands above. */
export function comparisonMarkdown(comparison: Comparison): string {
  const rows = comparisonRows(comparison);
  const notes = comparison.warnings.map(({ message }) => `> **Note:** ${escaped(message)}\n\n`);
  const cells = rows.map(({ category, run, seeds, figures, spread }, i) => [
    rows[i - 1]?.category === category ? '' : escaped(category ?? 'mean'),
    run === null ? 'mean' : escaped(run),
    seeds.join(', '),
    ...ownMetrics.map((metric) => withSpread(figures[metric], spread[metric])),
  ]);
  const head = ['category', 'run', 'seed', ...ownMetrics.map((metric) => metricHeadings[metric])];
  const rule = ['---', '---', ...['seed', ...ownMetrics].map(() => '---:')];
  return notes.join('') + [head, rule, ...cells].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/** Text that is shown as it is. */
function escaped(text: string): string {
  return withoutControls(text).replace(/[\\|`*_[\]<>~&$!]/g, '\\$&');
}
