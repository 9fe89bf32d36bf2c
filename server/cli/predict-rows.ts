import { csvLine } from '../runs/csv.ts';
import type { Failure, Prediction } from '../predict/prediction.ts';
import { coloursOf } from './colours.ts';

/** How results are written, line by line. */
export interface RowFormat {
  head: string;
  row(result: Prediction | Failure): string;
}

/** RFC 4180. Columns: file, anomalous, the scores as in `scores.csv`, uninspected, map, error, message. */
export function csvRows(scores: readonly string[]): RowFormat {
  return {
    head: csvLine(['file', 'anomalous', ...scores, 'uninspected', 'map', 'error', 'message']),
    row: (result) =>
      'error' in result
        ? csvLine([result.file, null, ...scores.map(() => null), null, null, result.error.code, result.error.message])
        : csvLine([result.file, result.anomalous, ...scores.map((name) => result.scores[name]!), result.uninspected, result.map, null, null]),
  };
}

export const jsonRows: RowFormat = { head: '', row: (result) => `${JSON.stringify(result)}\n` };

/** For a terminal: numbers have a width of their own, since rows are shown as they come; the file comes last. */
export function tableRows(scores: readonly string[]): RowFormat {
  const { bold, dim, red, yellow, green } = coloursOf(process.stdout);
  const widths = scores.map((name) => Math.max(name.length, 10));
  const line = (verdict: string, cells: readonly string[], rest: string): string =>
    `${[verdict, ...cells.map((cell, i) => cell.padStart(widths[i]!)), rest].join('  ')}\n`;
  const verdict = (anomalous: boolean | null): string =>
    anomalous === null ? dim('–'.padEnd(9)) : anomalous ? yellow('anomalous') : green('normal'.padEnd(9));
  return {
    head: bold(line('verdict  ', scores, 'file').trimEnd()) + '\n',
    row: (result) =>
      'error' in result
        ? line(red('error'.padEnd(9)), scores.map(() => '–'), `${result.file}: ${result.error.message}`)
        : line(verdict(result.anomalous), scores.map((name) => result.scores[name]!.toPrecision(6)), result.file),
  };
}
