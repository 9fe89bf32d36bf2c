import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../server/runs/compare.ts';
import type { SeedsResult } from '../../../server/runs/seeds.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { recordRun } from '../runs/recorded-run.ts';
import { json, problems, Stillroom, type Outcome } from './stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from './tiny.ts';

const folder = temporaryFolder();
const stillroom = new Stillroom(join(folder, 'home'));

describeWith(engineNeed(), 'stillroom run --seeds', () => {
  const data = join(folder, 'data', 'plates');
  const out = join(folder, 'seeds');
  const graph = join(folder, 'graph.json');
  const run = (seeds: string): Promise<Outcome> =>
    stillroom.run('run', graph, '--data', data, '--out', out, '--seed', '4', '--seeds', seeds, '--epochs', '1', '--json');
  let first: SeedsResult;
  let outcome: Outcome;
  let both: SeedsResult;

  beforeAll(async () => {
    writeTinyGraph(graph);
    await writeTinyCategory(data);
    first = json(await run('1'));
    outcome = await run('2');
    both = json(outcome);
  });

  it('one folder for each seed from --seed on, each an ordinary run', () => {
    expect(both.runs.map(({ seed, run: path }) => [seed, path])).toEqual([[4, join(out, 'seed-4')], [5, join(out, 'seed-5')]]);
    expect(readdirSync(out).sort()).toEqual(['seed-4', 'seed-5', 'summary.json']);
    for (const name of ['seed-4', 'seed-5']) expect(existsSync(join(out, name, 'report.html'))).toBe(true);
  });

  it('the same command with more seeds goes on with those that are there, and ends with the same', () => {
    expect(outcome.err).toContain('seed 4 (1 of 2)');
    expect(outcome.err).toContain('fit-shallow goes on after epoch 1');
    expect(both.runs[0]!.metrics).toEqual(first.runs[0]!.metrics);
    expect(first.spread['plates']!.imageAuroc).toBeNull();
  });

  it('gives mean and sample standard deviation, on standard output and in summary.json', () => {
    const [a, b] = both.runs.map(({ metrics }) => metrics['plates']!.pixelAuroc!) as [number, number];
    expect(a).not.toBe(b);
    expect(both.metrics['plates']!.pixelAuroc).toBeCloseTo((a + b) / 2, 12);
    expect(both.spread['plates']!.pixelAuroc).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as SeedsResult;
    expect(summary).toEqual({ ...both, runs: both.runs.map((one) => ({ ...one, run: `seed-${one.seed}` })) });
  });

  it.each([['report'], ['predict', 'x.png']])('is no run to %s, which names one of its own', async (command, ...images) => {
    const refused = await stillroom.call(command, out, ...images, '--json');
    expect(refused.code).toBe(1);
    expect(json(refused)).toMatchObject({ error: { file: out, hint: `it holds runs of several seeds: name one of them, such as ${join(out, 'seed-4')}` } });
  });

  it('is compared as its runs, one group', async () => {
    const { groups, differences } = json<Comparison>(await stillroom.call('compare', out, '--json'));
    expect(groups).toEqual([expect.objectContaining({ seeds: [4, 5], metrics: both.metrics, spread: both.spread })]);
    expect(differences).toEqual([{ of: 'settings', what: 'seed', values: ['4', '5'] }]);
  });

  it('a folder that holds something else is refused, and left as it is', async () => {
    const refused = await stillroom.run('run', graph, '--data', data, '--out', join(out, 'seed-4'), '--seeds', '2', '--json');
    expect(json(refused)).toMatchObject({ error: { code: 'run-folder-taken', message: expect.stringContaining('a run with one seed') as string } });
    expect(existsSync(join(out, 'seed-4', 'seed-0'))).toBe(false);
  });
});

describe('stillroom compare', () => {
  it('prints figures, means and differences; --html writes a page', async () => {
    for (const seed of [1, 2]) await recordRun(join(folder, 'compared', `s${seed}`), { manifest: { seed }, own: { imageAuroc: 0.6 + seed / 10 } });
    const page = join(folder, 'comparison.html');
    const outcome = await stillroom.call('compare', join(folder, 'compared', 's1'), join(folder, 'compared', 's2'), '--html', page);
    expect(outcome.code).toBe(0);
    expect(outcome.out).toMatch(/^plates +s1 +1 +70\.0 +50\.0 +–$/m);
    expect(outcome.out).toMatch(/^ +mean +1, 2 +75\.0 ± 7\.1 +50\.0 ± 0\.0 +–$/m);
    expect(outcome.out).toMatch(/^seed +1 +2$/m);
    expect(readFileSync(page, 'utf8')).toContain('75.0 ± 7.1');
  });

  it('writes the table in a format for elsewhere, and nothing else to standard output', async () => {
    const run = await recordRun(join(folder, 'formatted'));
    const { code, out: text } = await stillroom.call('compare', run, '--format', 'csv');
    expect([code, text.split('\n')[0]]).toEqual([0, expect.stringMatching(/^category,run,/)]);
    expect((await stillroom.call('compare', run, '--format', 'latex')).out).toContain('\\begin{tabular}');
    expect((await stillroom.call('compare', run, '--format', 'xls')).code).toBe(2);
    expect((await stillroom.call('compare', run, '--format', 'csv', '--json')).code).toBe(2);
  });

  it('refuses an unfinished run, and what is none', async () => {
    const unfinished = await recordRun(join(folder, 'unfinished'), { manifest: { status: 'running' } });
    const refused = await stillroom.call('compare', unfinished, '--json');
    expect(refused.code).toBe(1);
    expect(json(refused)).toMatchObject({ error: { code: 'run-unfinished', file: unfinished } });
    expect(json(await stillroom.call('compare', folder, '--json'))).toMatchObject({ error: { code: 'not-a-run' } });
    expect((await stillroom.call('compare')).code).toBe(2);
  });
});

describe('stillroom report', () => {
  it('writes the report anew and says what is missing', async () => {
    const run = await recordRun(join(folder, 'recorded'));
    writeFileSync(join(run, 'graph.json'), '');
    const outcome = await stillroom.call('report', run, '--json');
    expect(json(outcome)).toEqual({ run, report: join(run, 'report.html'), missing: ['the graph: graph.json cannot be read'] });
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('The run does not have its graph.');
  });

  it('refuses a folder that is no run', async () => {
    const outcome = await stillroom.call('report', folder);
    expect(outcome.code).toBe(1);
    expect(problems(outcome)).toEqual([`error: ${folder}: expected a run folder, found no manifest.json there (name a folder that \`stillroom run\` has written)`]);
  });
});
