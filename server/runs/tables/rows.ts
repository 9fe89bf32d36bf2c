import { comparedOver, figuresOf, groupsIn } from '../compare-page.ts';
import type { Comparison } from '../compare.ts';
import { ownMetrics, type OwnFigures } from '../seeds-spread.ts';

/** A line of a comparison's table: a run, or the mean of runs that differ in their seed alone, in one category. */
export interface ComparisonRow {
  /** Null for the mean over categories. */
  category: string | null;
  /** Name of the run; null for a mean over seeds. */
  run: string | null;
  graph: string;
  /** Of the images. */
  data: string | null;
  seeds: readonly number[];
  /** Fractions, 0–1. */
  figures: OwnFigures;
  /** Sample standard deviation over the seeds of each figure; null of a single run. */
  spread: OwnFigures;
}

const nothing = Object.fromEntries(ownMetrics.map((metric) => [metric, null])) as OwnFigures;

/** Category by category: every run, then the means over seeds. */
export function comparisonRows(comparison: Comparison): ComparisonRow[] {
  const { runs } = comparison;
  return comparedOver(comparison).flatMap((category): ComparisonRow[] => [
    ...runs.map(({ name, graph, data, seed, mean, metrics }) => {
      const figures = { ...nothing, ...own(category === null ? mean : metrics[category]) };
      return { category, run: name, graph, data, seeds: [seed], figures, spread: nothing };
    }),
    ...groupsIn(comparison, category).map((group) => {
      const [means, spread] = figuresOf(group, category);
      const { graph, data } = runs.find(({ name }) => name === group.runs[0])!;
      return { category, run: null, graph, data, seeds: group.seeds, figures: { ...nothing, ...own(means) }, spread: { ...nothing, ...own(spread) } };
    }),
  ]);
}

function own(figures: Partial<OwnFigures> | undefined): Partial<OwnFigures> {
  return Object.fromEntries(ownMetrics.map((metric) => [metric, figures?.[metric] ?? null]));
}
