import { withoutControls } from '../../plugins/sdk/problem.ts';

/** Columns padded to their widest cell, two spaces apart; numbers, which say so, to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  // Names of categories and defects are names of folders, which may hold anything.
  const all = [headings, ...rows].map((row) => row.map(withoutControls));
  const widths = headings.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  const cell = (text: string, column: number): string => {
    const space = ' '.repeat(widths[column]! - [...text].length);
    return right.includes(column) ? space + text : text + space;
  };
  return all.map((row) => headings.map((_, i) => cell(row[i] ?? '', i)).join('  ').trimEnd()).join('\n');
}
