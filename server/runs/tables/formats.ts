import type { Comparison } from '../compare.ts';
import { comparisonCsv } from './csv.ts';
import { comparisonLatex } from './latex.ts';
import { comparisonMarkdown } from './markdown.ts';

export const tableFormats = ['csv', 'markdown', 'latex'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** A comparison as a text, and what kind of file that is. */
export const tables: Readonly<Record<TableFormat, { media: string; extension: string; write: (comparison: Comparison) => string }>> = {
  csv: { media: 'text/csv', extension: 'csv', write: comparisonCsv },
  markdown: { media: 'text/markdown', extension: 'md', write: comparisonMarkdown },
  latex: { media: 'application/x-tex', extension: 'tex', write: comparisonLatex },
};
