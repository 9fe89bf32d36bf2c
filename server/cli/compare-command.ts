import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { writeFileAtomically } from '../atomic-file.ts';
import { comparisonPage, shortened, withSpread } from '../runs/compare-page.ts';
import { compareRuns, type Comparison } from '../runs/compare.ts';
import { ownMetrics } from '../runs/seeds-spread.ts';
import { tableFormats, tables, type TableFormat } from '../runs/tables/formats.ts';
import { metricHeadings } from '../runs/tables/headings.ts';
import { comparisonRows } from '../runs/tables/rows.ts';
import { printJson, writeProblem } from './output.ts';
import { packsHere } from './packs-here.ts';
import { perform } from './perform.ts';
import { table } from './table.ts';
import { oneOf } from './usage.ts';

/** `stillroom compare RUN…`. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Set finished runs beside one another: figures, and what is not the same in them')
    .argument('<runs...>', 'run folders, or folders of several seeds')
    .option('--html <file>', 'write the comparison as a page, too')
    .addOption(new Option('--format <format>', `write the table of figures as ${tableFormats.join(', ')} instead`).argParser(oneOf(tableFormats)).conflicts('json'))
    .option('--json', 'write one JSON document to standard output')
    .addHelpText('after', help)
    .action(execute);
}

const help = `
Figures are percent; differences are of settings, weights, data and every parameter of the
graphs. Runs that differ in their seed alone are also given as mean ± sample standard
deviation. Figures of runs on different images are not comparable: a warning says so.

  $ stillroom compare runs/shallow runs/deep
  $ stillroom compare runs/bottle-3-seeds --html comparison.html
  $ stillroom compare runs/* --format latex > table.tex
  $ stillroom compare runs/* --json | jq '.groups[].overall'`;

interface CompareOptions {
  json?: boolean;
  html?: string;
  format?: TableFormat;
}

async function execute(runs: string[], { json = false, html, format }: CompareOptions): Promise<void> {
  await perform(json, async () => {
    const { registry } = await packsHere();
    const comparison = await compareRuns(runs, registry);
    comparison.warnings.forEach(writeProblem);
    if (html !== undefined) await writeFileAtomically(resolve(html), (handle) => handle.writeFile(comparisonPage(comparison)));
    if (json) printJson(comparison);
    else if (format) process.stdout.write(tables[format].write(comparison));
    else print(comparison);
  });
}

function print(comparison: Comparison): void {
  const { runs, differences } = comparison;
  const rows = comparisonRows(comparison);
  const cells = rows.map(({ category, run, seeds, figures, spread }, i) => [
    rows[i - 1]?.category === category ? '' : (category ?? 'mean'),
    run ?? 'mean',
    seeds.join(', '),
    ...ownMetrics.map((metric) => withSpread(figures[metric], spread[metric])),
  ]);
  process.stdout.write(`${table(['category', 'run', 'seed', ...ownMetrics.map((metric) => metricHeadings[metric])], cells, [3, 4, 5])}\n\n`);
  if (runs.length < 2) return;
  if (differences.length === 0) process.stdout.write('no differences: the runs must have the same result\n');
  else {
    const cells = differences.map(({ what, values }) => [what, ...values.map((value) => shortened(value ?? '–'))]);
    process.stdout.write(`${table(['difference', ...runs.map(({ name }) => name)], cells)}\n`);
  }
}
