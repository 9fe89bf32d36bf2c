import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../server/graph/registry.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';
import { comparisonPage } from '../../../server/runs/compare-page.ts';
import { compareRuns, type Comparison } from '../../../server/runs/compare.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordRun, type Recording } from './recorded-run.ts';

const folder = temporaryFolder();
const registry = createRegistry(builtinPacks);
let made = 0;

async function compared(recordings: Record<string, Recording>): Promise<Comparison> {
  const of = join(folder, String(made++));
  const paths = await Promise.all(Object.entries(recordings).map(([name, recording]) => recordRun(join(of, name), recording)));
  return compareRuns(paths, registry);
}

describe('runs compared', () => {
  it('that differ in their seed alone: grouped, mean ± sample standard deviation; only the seed differs', async () => {
    const { runs, groups, differences, warnings } = await compared({
      one: { manifest: { seed: 1 }, own: { imageAuroc: 0.7 } },
      two: { manifest: { seed: 2 }, own: { imageAuroc: 0.9 } },
    });
    expect(runs.map(({ name, seed, mean }) => [name, seed, mean.imageAuroc])).toEqual([['one', 1, 0.7], ['two', 2, 0.9]]);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ runs: ['one', 'two'], seeds: [1, 2] });
    expect(groups[0]!.metrics['plates']!.imageAuroc).toBeCloseTo(0.8, 12);
    expect(groups[0]!.spread['plates']!.imageAuroc).toBeCloseTo(Math.SQRT1_2 * 0.2, 12);
    expect(differences).toEqual([{ of: 'settings', what: 'seed', values: ['1', '2'] }]);
    expect(warnings).toEqual([]);
  });

  it('by what people call them, where that tells each from the others', async () => {
    const of = join(folder, 'called');
    const paths = await Promise.all(['one', 'two'].map((name) => recordRun(join(of, name), {})));
    const names = async (titles: readonly string[]): Promise<string[]> => (await compareRuns(paths, registry, titles)).runs.map(({ name }) => name);
    expect(await names(['Sharp', 'Smooth'])).toEqual(['Sharp', 'Smooth']);
    expect(await names(['Same', 'Same'])).toEqual(['one', 'two']);
  });

  it('with one seed twice: no group, as that is no sample', async () => {
    expect((await compared({ one: {}, two: {} })).groups).toEqual([]);
  });

  it.each([
    ['weights', { weights: [] }],
    ['epochs', { overrides: { epochs: 9, set: {}, weights: {} } }],
    ['logic', { graph: { name: 'Shallow model', logic: 'e'.repeat(64) } }],
    ['engine', { engine: { version: '2.22.0', source: 'wheel', device: 'cpu', mode: 'native' as const } }],
  ])('that differ in their %s too: no group', async (_, manifest) => {
    expect((await compared({ one: {}, two: { manifest: { seed: 2, ...manifest } } })).groups).toEqual([]);
  });

  it('of two graphs: every parameter that differs, a default counts as given; a missing node once', async () => {
    const { differences } = await compared({
      one: {},
      two: {
        graph: (graph) => {
          graph.nodes['fit-shallow']!.params!['learningRate'] = 0.001;
          // Said, and the default.
          graph.nodes['detection']!.params = { name: 'detection', rule: 'quantile' };
          graph.nodes['normalise']!.title = 'another title';
          graph.nodes['extra'] = { type: 'features/pool', version: 1, params: { window: 3 } } as never;
        },
      },
    });
    expect(differences).toEqual([
      { of: 'graph', what: 'extra', values: [null, 'features/pool'] },
      { of: 'graph', what: 'fit-shallow › learningRate', values: ['0.005', '0.001'] },
    ]);
  });

  it('by the epochs that they had: those asked for in place of the graph’s, else the graph’s own', async () => {
    const own = { overrides: { epochs: null, set: {}, weights: {} } };
    const twice = (graph: Parameters<NonNullable<Recording['graph']>>[0]): void => void (graph.nodes['fit-shallow']!.params!['epochs'] = 2);
    const thrice = (graph: Parameters<NonNullable<Recording['graph']>>[0]): void => void (graph.nodes['fit-shallow']!.params!['epochs'] = 3);
    const { differences } = await compared({ one: { manifest: own, graph: twice }, two: {} });
    expect(differences).toEqual([
      { of: 'settings', what: 'epochs', values: ['2', '3'] },
      { of: 'graph', what: 'fit-shallow › epochs', values: ['2', '3'] },
    ]);
    expect((await compared({ one: { manifest: own, graph: thrice }, two: {} })).differences).toEqual([]);
  });

  it('on other images: a warning that they are not comparable', async () => {
    const other = { root: '/x', layout: 'mvtec', sha256: 'f'.repeat(64), generated: false, categories: {}, uninspected: {} };
    const { warnings, differences } = await compared({ one: {}, two: { manifest: { data: other } } });
    expect(warnings).toEqual([expect.objectContaining({ code: 'data-differs', message: expect.stringContaining('not comparable') as string })]);
    expect(differences).toContainEqual({ of: 'settings', what: 'data', values: ['c'.repeat(64), 'f'.repeat(64)] });
  });

  it('of other categories: each is shown, the mean is over what all have, and a warning says so', async () => {
    const { categories, common, runs, warnings } = await compared({ one: {}, two: { category: 'bolts' } });
    expect([categories, common]).toEqual([['plates', 'bolts'], []]);
    expect(runs[0]!.mean.imageAuroc).toBeNull();
    expect(warnings.map(({ code }) => code)).toContain('categories-differ');
  });

  it.each([['running', 'one that is not finished'], ['failed', 'one that failed'], ['cancelled', 'one that was cancelled']] as const)(
    'one of them %s: refused by name, with what to do',
    async (status, found) => {
      await expect(compared({ one: {}, two: { manifest: { status } } })).rejects.toMatchObject({
        code: 'run-unfinished',
        message: `expected a finished run, found ${found}`,
        place: { file: expect.stringMatching(/two$/) as string },
        hint: expect.stringContaining('run the same command again') as string,
      });
    },
  );

  it('named by the shortest end of their paths that tells them apart; the same folder twice is one', async () => {
    const paths = await Promise.all(['a/seed-0', 'b/seed-0', 'b/other'].map((name) => recordRun(join(folder, 'names', name))));
    const { runs } = await compareRuns([...paths, paths[0]!], registry);
    expect(runs.map(({ name }) => name)).toEqual(['a/seed-0', 'b/seed-0', 'other']);
  });

  it('a folder of several seeds stands for its runs; a damaged summary is refused', async () => {
    const of = join(folder, 'seeds');
    for (const seed of [3, 4]) await recordRun(join(of, `seed-${seed}`), { manifest: { seed } });
    writeFileSync(join(of, 'summary.json'), JSON.stringify({ runs: [{ run: 'seed-3' }, { run: 'seed-4' }] }));
    expect((await compareRuns([of], registry)).groups[0]!.seeds).toEqual([3, 4]);
    mkdirSync(join(folder, 'damaged'));
    writeFileSync(join(folder, 'damaged', 'summary.json'), '{');
    await expect(compareRuns([join(folder, 'damaged')], registry)).rejects.toMatchObject({ code: 'run-folder-corrupt' });
  });

  it('as a page: figures of each run and of their mean; names are text; nothing is fetched', async () => {
    const comparison = await compared({
      '<b>one': { manifest: { seed: 1 }, own: { imageAuroc: 0.7 } },
      two: { manifest: { seed: 2 }, own: { imageAuroc: 0.9 } },
    });
    const text = comparisonPage(comparison);
    const page = parseHTML(text).document as unknown as Document;
    expect(page.querySelectorAll('script, link, b')).toHaveLength(0);
    const rows = [...page.querySelectorAll('table')[0]!.querySelectorAll('tr')].map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).toEqual([
      ['run', 'seed', 'image AUROC', 'pixel AUROC', 'AUPRO (30 %)'],
      ['<b>one', '1', '70.0', '50.0', '–'],
      ['two', '2', '90.0', '50.0', '–'],
      ['mean of <b>one, two', '1, 2', '80.0 ± 14.1', '50.0 ± 0.0', '–'],
    ]);
  });

  it('as a page: what weights permit one to conclude, with the runs that it is of', async () => {
    const cautionsOf = async (recordings: Record<string, Recording>): Promise<(string | null)[]> => {
      const page = parseHTML(comparisonPage(await compared(recordings))).document as unknown as Document;
      return [...page.querySelectorAll('p.caution')].map(({ textContent }) => textContent);
    };
    const caution = 'starter weights: results are not comparable with the paper.';
    expect(await cautionsOf({ one: {}, two: {} })).toEqual([caution]);
    expect(await cautionsOf({ one: {}, two: { manifest: { weights: [] } } })).toEqual([`one: ${caution}`]);
  });

  it('as a page: hashes by their beginning, and no mean where no category is common', async () => {
    const other = { root: '/x', layout: 'mvtec', sha256: 'f'.repeat(64), generated: false, categories: {}, uninspected: {} };
    const page = parseHTML(comparisonPage(await compared({ one: {}, two: { category: 'bolts', manifest: { data: other } } }))).document as unknown as Document;
    expect([...page.querySelectorAll('h2')].map((title) => title.textContent)).toEqual(['plates', 'bolts', 'Differences']);
    const rows = [...page.querySelectorAll('table:last-of-type tr')].map((row) => [...row.children].map((cell) => cell.textContent));
    expect(rows).toContainEqual(['data', 'c'.repeat(12), 'f'.repeat(12)]);
  });
});
