import { describe, expect, it } from 'vitest';
import type { SinkReport } from '../../../plugins/sdk/index.ts';
import type { SinkPlan } from '../../../server/compiler/plan.ts';
import { categoryMetrics } from '../../../server/runs/category-metrics.ts';

const reports = (given: Record<string, SinkReport>): Map<SinkPlan, SinkReport> =>
  new Map(Object.entries(given).map(([name, report]) => [{ name } as SinkPlan, report]));

describe('the metrics of a category', () => {
  it('are the graph’s own by the names of its results, every other result beside them', () => {
    const threshold = { value: 3, rule: 'a rule', images: 9, promised: { rate: 0.1, low: 0, high: 0.3 }, observed: null };
    const detection = { metrics: { imageAuroc: 0.9, f1Max: 0.8 }, notes: [], threshold };
    const localisation = { metrics: { pixelAuroc: 0.7, aupro: 0.6 }, notes: ['a note'] };
    const deep = { metrics: { imageAuroc: 0.5 }, notes: ['one', 'two'] };
    expect(categoryMetrics(reports({ deep, detection, localisation }))).toEqual({
      imageAuroc: 0.9,
      pixelAuroc: 0.7,
      aupro: 0.6,
      results: { deep: deep.metrics, detection: detection.metrics, localisation: localisation.metrics },
      thresholds: { detection: threshold },
      notes: ['deep: one', 'deep: two', 'localisation: a note'],
    });
  });

  it('hold what results have to tell besides, by result, where any has', () => {
    const sections = [{ title: 'By area', text: ['Small ones are missed.'] }];
    const plain = { metrics: {}, notes: [] };
    expect(categoryMetrics(reports({ detection: plain, areas: { ...plain, sections } })).sections).toEqual({ areas: sections });
    expect(categoryMetrics(reports({ detection: plain }))).not.toHaveProperty('sections');
  });

  it('are null where the graph has no such result, or it could not be measured', () => {
    expect(categoryMetrics(reports({ detection: { metrics: { imageAuroc: null }, notes: [] } }))).toMatchObject({
      imageAuroc: null,
      pixelAuroc: null,
      aupro: null,
    });
  });
});
