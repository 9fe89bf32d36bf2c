import { withoutControls } from '../../../plugins/sdk/problem.ts';
import type { Comparison } from '../compare.ts';
import { percent } from '../report/figures.ts';
import { ownMetrics } from '../seeds-spread.ts';
import { metricHeadings } from './headings.ts';
import { comparisonRows, type ComparisonRow } from './rows.ts';

/** A comparison as a `tabular` of the package booktabs, in percent; what must be known of it stands above as a comment. */
export function comparisonLatex(comparison: Comparison): string {
  const rows = comparisonRows(comparison);
  const lines = rows.flatMap((row, i) => {
    const isFirst = rows[i - 1]?.category !== row.category;
    return [...(isFirst && i > 0 ? ['\\midrule'] : []), line(row, isFirst)];
  });
  const head = ['category', 'run', 'seed', ...ownMetrics.map((metric) => metricHeadings[metric])];
  return [
    '% Needs \\usepackage{booktabs}. Figures are percent; runs that differ in their seed alone: mean and sample standard deviation.',
    ...comparison.warnings.map(({ message }) => `% Note: ${withoutControls(message)}`),
    `\\begin{tabular}{lll${'r'.repeat(ownMetrics.length)}}`,
    '\\toprule',
    `${head.join(' & ')} \\\\`,
    '\\midrule',
    ...lines,
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function line({ category, run, seeds, figures, spread }: ComparisonRow, isFirst: boolean): string {
  const cells = [isFirst ? latexText(category ?? 'mean') : '', run === null ? 'mean' : latexText(run), seeds.join(', ')];
  return `${[...cells, ...ownMetrics.map((metric) => number(figures[metric], spread[metric]))].join(' & ')} \\\\`;
}

function number(value: number | null, deviation: number | null): string {
  if (value === null) return '--';
  return deviation === null ? percent(value) : `$${percent(value)} \\pm ${percent(deviation)}$`;
}

const signs: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '`': '\\textasciigrave{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  // After the end of a row they would be its options.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
};

/** Text that is set as it is, wherever in a table it stands. */
export function latexText(text: string): string {
  // Two hyphens would become one dash.
  return withoutControls(text).replace(/-(?=-)|[\\~^`<>|"[\]*{}$&#_%]/g, (sign) => (sign === '-' ? '-{}' : (signs[sign] ?? `\\${sign}`)));
}
