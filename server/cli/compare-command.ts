import { resolve } from 'node:path';
import { Command } from 'commander';
import { writeFileAtomically } from '../atomic-file.ts';
import { createRegistry } from '../graph/registry.ts';
import { builtinPacks } from '../plugins/builtin.ts';
import { comparedOver, comparisonPage, figuresOf, groupsIn, shortened, withSpread } from '../runs/compare-page.ts';
import { compareRuns, type Comparison } from '../runs/compare.ts';
import { ownMetrics } from '../runs/seeds-spread.ts';
import { printJson, writeProblem } from './output.ts';
import { perform } from './perform.ts';
import { table } from './table.ts';

/** `stillroom compare RUN…`. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('Set finished runs beside one another: figures, and what is not the same in them')
    .argument('<runs...>', 'run folders, or folders of several seeds')
    .option('--html <file>', 'write the comparison as a page, too')
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
  $ stillroom compare runs/* --json | jq '.groups[].overall'`;

async function execute(runs: string[], { json = false, html }: { json?: boolean; html?: string }): Promise<void> {
  await perform(json, async () => {
    const comparison = await compareRuns(runs, createRegistry(builtinPacks));
    comparison.warnings.forEach(writeProblem);
    if (html !== undefined) await writeFileAtomically(resolve(html), (handle) => handle.writeFile(comparisonPage(comparison)));
    if (json) printJson(comparison);
    else print(comparison);
  });
}

function print(comparison: Comparison): void {
  const { runs, differences } = comparison;
  const rows: string[][] = [];
  for (const category of comparedOver(comparison)) {
    const first = category ?? 'mean';
    for (const [i, run] of runs.entries()) {
      const figures = category === null ? run.mean : run.metrics[category];
      rows.push([i === 0 ? first : '', run.name, String(run.seed), ...ownMetrics.map((metric) => withSpread(figures?.[metric], null))]);
    }
    for (const group of groupsIn(comparison, category)) {
      const [means, spread] = figuresOf(group, category);
      rows.push(['', 'mean', group.seeds.join(', '), ...ownMetrics.map((metric) => withSpread(means?.[metric], spread?.[metric]))]);
    }
  }
  process.stdout.write(`${table(['category', 'run', 'seed', 'image AUROC', 'pixel AUROC', 'AUPRO'], rows, [3, 4, 5])}\n\n`);
  if (runs.length < 2) return;
  if (differences.length === 0) process.stdout.write('no differences: the runs must have the same result\n');
  else {
    const cells = differences.map(({ what, values }) => [what, ...values.map((value) => shortened(value ?? '–'))]);
    process.stdout.write(`${table(['difference', ...runs.map(({ name }) => name)], cells)}\n`);
  }
}
