import { formatProblem } from '../../plugins/sdk/index.ts';
import type { CategoryMetrics } from '../runs/category-metrics.ts';
import type { Manifest } from '../runs/manifest.ts';
import type { RunResult } from '../runs/run.ts';
import { withSpread } from '../runs/compare-page.ts';
import type { SeedsResult } from '../runs/seeds.ts';
import { mean, percent, share } from '../runs/report/figures.ts';
import { ownMetrics, type OwnFigures } from '../runs/seeds-spread.ts';
import { coloursOf } from './colours.ts';
import { gatheredNotes } from './gathered-notes.ts';
import { table } from './table.ts';
import { verdictTable } from './verdict-table.ts';

/** What a run found, for a person. Metrics are in percent. */
export function printResult({ run, metrics, manifest }: RunResult): void {
  const { bold } = coloursOf(process.stdout);
  const tables = [metricTable(metrics), verdictTable(metrics)].filter(Boolean).join('\n\n');
  process.stdout.write(`\n${bold(manifest.graph.name)}\n\n${tables}\n\n`);
  for (const line of cautions(manifest, metrics)) process.stdout.write(`${line}\n`);
  process.stdout.write(`\n${run}\n`);
}

/** What runs with several seeds found, mean ± sample standard deviation; what must be known is told of the last. */
export function printSeeds({ run, graph, metrics, spread, overall, runs }: SeedsResult, { manifest, metrics: last }: RunResult): void {
  const { bold } = coloursOf(process.stdout);
  const cells = (means?: OwnFigures, deviations?: OwnFigures): string[] => ownMetrics.map((metric) => withSpread(means?.[metric], deviations?.[metric]));
  const rows = Object.keys(metrics).map((category) => [category, ...cells(metrics[category], spread[category])]);
  if (rows.length > 1) rows.push(['mean', ...cells(overall.metrics, overall.spread)]);
  process.stdout.write(`\n${bold(graph)}, seeds ${runs.map(({ seed }) => seed).join(', ')}\n\n`);
  process.stdout.write(`${table(['category', 'image AUROC', 'pixel AUROC', 'AUPRO'], rows, [1, 2, 3])}\n\n`);
  for (const line of cautions(manifest, last)) process.stdout.write(`${line}\n`);
  process.stdout.write(`\n${run}\n`);
}

export function metricTable(metrics: RunResult['metrics']): string {
  const columns = ['imageAuroc', 'pixelAuroc', 'aupro'] as const;
  const rows = Object.entries(metrics).map(([category, values]) => [category, ...columns.map((c) => percent(values[c]))]);
  const means = columns.map((c) => percent(mean(Object.values(metrics).map((m) => m[c]))));
  if (rows.length > 1) rows.push(['mean', ...means]);
  return table(['category', 'image AUROC', 'pixel AUROC', 'AUPRO'], rows, [1, 2, 3]);
}

/** What must be known to read the figures. */
export function cautions(manifest: Manifest, metrics: Record<string, CategoryMetrics>): string[] {
  const lines = manifest.weights.flatMap(({ caution, name }) => (caution ? [`${name}: ${caution}`] : []));
  if (manifest.data.generated) lines.push('generated images: the figures say nothing of real products');
  lines.push(...uninspectedNote(Object.values(manifest.data.uninspected)));
  for (const problem of manifest.warnings) lines.push(`warning: ${formatProblem(problem)}`);
  lines.push(...gatheredNotes(metrics));
  return [...new Set(lines)];
}

/** That results do not tell of a part of each image; `shares` of its area by result, 0–1. */
export function uninspectedNote(shares: readonly number[]): string[] {
  const left = Math.max(0, ...shares);
  return left > 0 ? [`the centre crop leaves ${share(left)} of each image uninspected`] : [];
}
