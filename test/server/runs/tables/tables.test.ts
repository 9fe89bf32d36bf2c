import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../../server/graph/registry.ts';
import { builtinPacks } from '../../../../server/plugins/builtin.ts';
import { compareRuns, type Comparison } from '../../../../server/runs/compare.ts';
import { tables } from '../../../../server/runs/tables/formats.ts';
import { latexText } from '../../../../server/runs/tables/latex.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { recordRun, type Recording } from '../recorded-run.ts';

async function compared(recordings: Record<string, Recording>): Promise<Comparison> {
  const folder = temporaryFolder();
  const paths = await Promise.all(Object.entries(recordings).map(([name, recording]) => recordRun(join(folder, name), recording)));
  return compareRuns(paths, createRegistry(builtinPacks));
}

const seeds = (category?: string): Promise<Comparison> =>
  compared({
    one: { ...(category === undefined ? {} : { category }), manifest: { seed: 1 }, own: { imageAuroc: 0.7, pixelAuroc: 0.5, aupro: null } },
    two: { ...(category === undefined ? {} : { category }), manifest: { seed: 2 }, own: { imageAuroc: 0.9, pixelAuroc: 0.5, aupro: null } },
  });

describe('a comparison as CSV', () => {
  it('has fractions in full, the spread over seeds, nothing where nothing is known', async () => {
    const rows = parse(tables.csv.write(await seeds()), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ category, run, seeds: of, imageAuroc, aupro }) => [category, run, of, imageAuroc, aupro])).toEqual([
      ['plates', 'one', '1', '0.7', ''],
      ['plates', 'two', '2', '0.9', ''],
      ['plates', 'mean over seeds', '1 2', expect.stringMatching(/^0\.8/) as string, ''],
    ]);
    expect(Number(rows[2]!['imageAurocDeviation'])).toBeCloseTo(Math.SQRT1_2 * 0.2, 12);
    expect(rows[2]).toMatchObject({ pixelAuroc: '0.5', pixelAurocDeviation: '0', data: 'c'.repeat(64) });
    expect(rows[0]).toMatchObject({ imageAurocDeviation: '', graph: 'Shallow model' });
  });

  it.each(['=HYPERLINK("http://evil.example")', '+1', '-2+3', '@SUM(A1)', ' =1'])('gives no spreadsheet a formula: %j', async (name) => {
    const [row] = parse(tables.csv.write(await compared({ one: { graph: (graph) => void (graph.name = name), manifest: { graph: { name, logic: 'b' } } } })), { columns: true }) as Record<string, string>[];
    expect(row!['graph']).toBe(`'${name}`);
  });
});

describe('a comparison as Markdown', () => {
  it('is a table in percent, each category named once', async () => {
    expect(tables.markdown.write(await seeds())).toBe(
      [
        '| category | run | seed | image AUROC | pixel AUROC | AUPRO |',
        '| --- | --- | ---: | ---: | ---: | ---: |',
        '| plates | one | 1 | 70.0 | 50.0 | – |',
        '|  | two | 2 | 90.0 | 50.0 | – |',
        '|  | mean | 1, 2 | 80.0 ± 14.1 | 50.0 ± 0.0 | – |',
        '',
      ].join('\n'),
    );
  });

  it('says what must be known first, and no name changes its form', async () => {
    const text = tables.markdown.write(await compared({ one: {}, two: { category: 'a|b*c*<img src=x>`d`' } }));
    expect(text).toMatch(/^> \*\*Note:\*\* expected runs of the same categories/);
    expect(text).toContain('| a\\|b\\*c\\*\\<img src=x\\>\\`d\\` | one |');
  });
});

describe('a comparison as LaTeX', () => {
  it('is a tabular of booktabs', async () => {
    expect(tables.latex.write(await seeds('steel_plates')).split('\n').slice(1)).toEqual([
      '\\begin{tabular}{lllrrr}',
      '\\toprule',
      'category & run & seed & image AUROC & pixel AUROC & AUPRO \\\\',
      '\\midrule',
      'steel\\_plates & one & 1 & 70.0 & 50.0 & -- \\\\',
      ' & two & 2 & 90.0 & 50.0 & -- \\\\',
      ' & mean & 1, 2 & $80.0 \\pm 14.1$ & $50.0 \\pm 0.0$ & -- \\\\',
      '\\bottomrule',
      '\\end{tabular}',
      '',
    ]);
  });

  it('parts categories by a rule, and keeps notes in comments of one line', async () => {
    const text = tables.latex.write(await compared({ one: {}, two: { category: 'bolts\n\\input{/etc/passwd}' } }));
    expect(text.split('\n').filter((line) => line === '\\midrule')).toHaveLength(2);
    expect(text).not.toMatch(/^\\input/m);
    expect(text).toContain('bolts\\textbackslash{}n\\textbackslash{}input\\{/etc/passwd\\}');
  });

  it.each([
    ['50% & more_', '50\\% \\& more\\_'],
    ['$x^2$ #1 {a}', '\\$x\\textasciicircum{}2\\$ \\#1 \\{a\\}'],
    ['\\write18{rm}', '\\textbackslash{}write18\\{rm\\}'],
    ['[2em]', '{[}2em{]}'],
    ['*', '{*}'],
    ['a--b <~>', 'a-{}-b \\textless{}\\textasciitilde{}\\textgreater{}'],
  ])('sets %j as it is', (text, set) => {
    expect(latexText(text)).toBe(set);
  });
});
