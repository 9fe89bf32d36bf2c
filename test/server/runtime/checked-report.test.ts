import { describe, expect, it } from 'vitest';
import type { ReportSection, SinkReport } from '../../../plugins/sdk/index.ts';
import { checkedReport } from '../../../server/runtime/checked-report.ts';

const good: ReportSection = {
  title: 'By area',
  text: ['Small defects are missed more often.'],
  tables: [{ title: 'Overlap', columns: [{ title: 'area', kind: 'text' }, { title: 'overlap', kind: 'share' }], rows: [['small', 0.25], ['large', null]] }],
  curves: [{ name: 'Overlap', x: { title: 'threshold', values: [-2, 5] }, y: { title: 'overlap', values: [3, 1] } }],
};
const reportOf = (...sections: unknown[]): SinkReport => ({ metrics: { aupro: 0.5 }, notes: ['a note'], sections: sections as ReportSection[] });

describe('The sections of a report', () => {
  it('are kept as they are', () => {
    expect(checkedReport(reportOf(good, { title: 'Bare' }))).toEqual(reportOf(good, { title: 'Bare' }));
    expect(checkedReport({ metrics: {}, notes: [] })).toEqual({ metrics: {}, notes: [] });
  });

  it.each([
    ['no title', { text: [] }, 'title: expected text, found nothing'],
    ['a number that is none', { ...good, curves: [{ ...good.curves![0]!, y: { title: 'y', values: [1, Number.NaN] } }] }, 'curves › 0 › y › values › 1: expected a number'],
    ['curves whose axes differ in length', { ...good, curves: [{ ...good.curves![0]!, y: { title: 'y', values: [1] } }] }, 'curves › 0 › y › values: expected as many values as x has'],
    ['rows of other lengths', { ...good, tables: [{ ...good.tables![0]!, rows: [['small']] }] }, 'tables › 0 › rows: expected as many cells in each row as there are columns'],
    ['markup objects', { ...good, text: [{ html: '<b>' }] }, 'text › 0: expected text, found an object'],
  ])('with %s are left out, which a note says, and the rest is kept', (_, bad, why) => {
    const { sections, notes, metrics } = checkedReport(reportOf(bad, good));
    expect([sections, metrics]).toEqual([[good], { aupro: 0.5 }]);
    expect(notes).toEqual(['a note', expect.stringContaining(`section 1 of its report is left out: ${why}`)]);
  });
});
