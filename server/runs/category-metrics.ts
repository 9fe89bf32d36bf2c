import type { ReportSection, SinkReport, Threshold } from '../../plugins/sdk/index.ts';
import type { SinkPlan } from '../compiler/plan.ts';

/** What is measured on one category: the graph's own results, and every named result beside them. Fractions, 0–1. */
export interface CategoryMetrics {
  /** Of the result named `detection`. */
  imageAuroc: number | null;
  /** Of the result named `localisation`. */
  pixelAuroc: number | null;
  /** Of the result named `localisation`; to 30 % false-positive rate. */
  aupro: number | null;
  /** Every result of the graph by its name. */
  results: Record<string, SinkReport['metrics']>;
  /** By the name of each result that gives verdicts. */
  thresholds: Record<string, Threshold>;
  /** By the name of each result that has more to tell; absent where none has. */
  sections?: Record<string, readonly ReportSection[]>;
  notes: string[];
}

export function categoryMetrics(reports: ReadonlyMap<SinkPlan, SinkReport>): CategoryMetrics {
  const named = [...reports];
  const sections = named.flatMap(([sink, report]) => (report.sections?.length ? [[sink.name, report.sections] as const] : []));
  const own = (name: string, metric: string): number | null =>
    named.find(([sink]) => sink.name === name)?.[1].metrics[metric] ?? null;
  return {
    imageAuroc: own('detection', 'imageAuroc'),
    pixelAuroc: own('localisation', 'pixelAuroc'),
    aupro: own('localisation', 'aupro'),
    results: Object.fromEntries(named.map(([sink, { metrics }]) => [sink.name, metrics])),
    thresholds: Object.fromEntries(named.flatMap(([sink, { threshold }]) => (threshold ? [[sink.name, threshold]] : []))),
    ...(sections.length > 0 ? { sections: Object.fromEntries(sections) } : {}),
    notes: named.flatMap(([sink, { notes }]) => notes.map((note) => `${sink.name}: ${note}`)),
  };
}
