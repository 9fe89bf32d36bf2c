import { z } from 'zod';
import type { ReportSection, SinkReport } from '../../plugins/sdk/index.ts';
import { explain } from '../graph/explain.ts';

const mostCells = 20_000;

const values = z.object({ title: z.string(), values: z.array(z.number()).max(mostCells) });
const curve = z
  .object({ name: z.string().min(1), x: values, y: values })
  .refine(({ x, y }) => x.values.length === y.values.length, { path: ['y', 'values'], message: 'expected as many values as x has' });
const cell = z.union([z.string(), z.number(), z.null()], 'expected a text, a finite number or null');
const table = z
  .object({
    title: z.string().min(1),
    columns: z.array(z.object({ title: z.string().min(1), kind: z.enum(['text', 'number', 'share']) })).min(1),
    rows: z.array(z.array(cell)),
  })
  .refine(({ columns, rows }) => rows.every((row) => row.length === columns.length), { path: ['rows'], message: 'expected as many cells in each row as there are columns' })
  .refine(({ columns, rows }) => columns.length * rows.length <= mostCells, { path: ['rows'], message: `expected at most ${mostCells} cells` });
const section = z.object({ title: z.string().min(1), text: z.array(z.string()).optional(), tables: z.array(table).optional(), curves: z.array(curve).optional() });

/** A report as it may be kept and drawn: of sections only what has the form of one. A fit is not lost to a table that is wrong. */
export function checkedReport(report: SinkReport): SinkReport {
  if (report.sections === undefined) return report;
  const sections: ReportSection[] = [];
  const notes: string[] = [];
  const given: readonly unknown[] = Array.isArray(report.sections) ? report.sections : [report.sections];
  for (const [i, one] of given.entries()) {
    const { data, error } = section.safeParse(one);
    if (data) sections.push(data as ReportSection);
    else {
      const [first] = explain(error, one);
      notes.push(`section ${i + 1} of its report is left out: ${first!.path.length ? `${first!.path.join(' › ')}: ` : ''}${first!.message}`);
    }
  }
  const { sections: _, ...rest } = report;
  return { ...rest, notes: [...report.notes, ...notes], ...(sections.length > 0 ? { sections } : {}) };
}
