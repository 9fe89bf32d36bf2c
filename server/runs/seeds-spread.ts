import type { CategoryMetrics } from './category-metrics.ts';

/** The numbers of `CategoryMetrics`: a mean over runs, or their spread. */
export type MetricFigures = Pick<CategoryMetrics, 'imageAuroc' | 'pixelAuroc' | 'aupro' | 'results'>;

export const ownMetrics = ['imageAuroc', 'pixelAuroc', 'aupro'] as const;

/** Figures of runs that differ in their seed alone. */
export interface Spread {
  runs: number;
  /** By category. */
  metrics: Record<string, MetricFigures>;
  /** Sample standard deviation of each figure; null where fewer than two runs have it. */
  spread: Record<string, MetricFigures>;
  /** Of the mean over categories, which each run gives one of. */
  overall: { metrics: OwnFigures; spread: OwnFigures };
}

export type OwnFigures = Record<(typeof ownMetrics)[number], number | null>;

/** Mean and spread of every figure that all runs have; one that is missing in a run (null) is missing in both. */
export function spreadOf(runs: readonly Record<string, Partial<CategoryMetrics>>[]): Spread {
  const categories = [...new Set(runs.flatMap((run) => Object.keys(run)))].filter((name) => runs.every((run) => Object.hasOwn(run, name)));
  const over = (statistic: Statistic): Record<string, MetricFigures> =>
    Object.fromEntries(categories.map((name) => [name, figures(runs.map((run) => run[name]!), statistic)]));
  const means = runs.map((run) => overCategories(categories.map((name) => run[name]!)));
  return {
    runs: runs.length,
    metrics: over(mean),
    spread: over(deviation),
    overall: { metrics: own(means, mean), spread: own(means, deviation) },
  };
}

/** The mean over categories of each of a run's own figures; null where one of them lacks it. */
export function overCategories(categories: readonly Partial<CategoryMetrics>[]): OwnFigures {
  return own(categories, mean);
}

type Statistic = (values: readonly number[]) => number | null;

function figures(runs: readonly Partial<CategoryMetrics>[], statistic: Statistic): MetricFigures {
  const first = runs[0]?.results ?? {};
  const results = Object.fromEntries(
    Object.entries(first).map(([result, metrics]) => [
      result,
      Object.fromEntries(Object.keys(metrics).map((metric) => [metric, over(runs.map((run) => run.results?.[result]?.[metric]), statistic)])),
    ]),
  );
  return { ...own(runs, statistic), results };
}

function own(of: readonly Partial<CategoryMetrics>[], statistic: Statistic): OwnFigures {
  return Object.fromEntries(ownMetrics.map((metric) => [metric, over(of.map((one) => one[metric]), statistic)])) as OwnFigures;
}

function over(values: readonly (number | null | undefined)[], statistic: Statistic): number | null {
  return values.every((value) => typeof value === 'number') ? statistic(values) : null;
}

function mean(values: readonly number[]): number | null {
  return values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;
}

/** Of a sample: divided by one less than there are. */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values)!;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
