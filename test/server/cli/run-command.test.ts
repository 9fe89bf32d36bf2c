import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { RunResult } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { hashOf, json, problems, Stillroom, type Outcome } from './stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from './tiny.ts';

const folder = temporaryFolder();
const stillroom = new Stillroom(join(folder, 'home'));
const data = join(folder, 'data', 'plates');
const graph = join(folder, 'graph.json');

const textOf = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const jsonOf = <T>(...path: string[]): T => JSON.parse(textOf(...path)) as T;

beforeAll(async () => {
  writeTinyGraph(graph);
  await writeTinyCategory(data);
});

describeWith(engineNeed(), 'stillroom run', () => {
  const out = join(folder, 'run');
  const again = (...more: string[]): Promise<Outcome> => stillroom.run('run', graph, '--data', data, '--out', out, '--json', ...more);
  let outcome: Outcome;
  let result: RunResult;

  beforeAll(async () => {
    outcome = await again('--seed', '4');
    result = json(outcome);
  });

  it('ends with 0 and tells what it does in a few lines on standard error', () => {
    expect(outcome.code).toBe(0);
    expect(problems(outcome)).toEqual([]);
    const lines = outcome.err.trim().split('\n');
    expect(lines).toContain('plates (1 of 1): 7 images train, 3 validate, 6 test');
    expect(lines).toContain('plates: fitting fit-shallow: 2/2 steps');
    expect(lines.length).toBeLessThan(20);
  });

  it('writes graph, manifest, losses and metrics, and per category weights, scores, curves and maps, a report and events', () => {
    const files = readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .map((name) => name.replace(/\.best-\d+\./, '.best-N.').replace(/\.\d{10}\.stillroom$/, ''));
    const maps = ['blot', 'good'].flatMap((defect) => [0, 1, 2].map((i) => `plates/maps/test/${defect}/${i}.png`));
    expect(files.sort()).toEqual(
      [
        ...['events.out.tfevents', 'graph.json', 'manifest.json', 'metrics.json', 'metrics.jsonl', 'report.html'],
        ...['plates/checkpoints/fit-shallow.best-N.safetensors', 'plates/checkpoints/fit-shallow.last.safetensors'],
        ...['plates/events/events.out.tfevents', 'plates/fitted.safetensors', 'plates/map-scale.json', 'plates/normal.safetensors', 'plates/reports.json'],
        ...['plates/scores.csv', 'plates/split.csv'],
        ...maps,
      ].sort(),
    );
  });

  it('scores every test image; the image AUROC is the share of pairs in the right order', () => {
    const [head, ...rows] = textOf(out, 'plates', 'scores.csv').trim().split('\n').map((line) => line.split(','));
    expect(head!.slice(0, 4)).toEqual(['file', 'defect', 'anomalous', 'detection']);
    const scores = (anomalous: string): number[] => rows.filter((row) => row[2] === anomalous).map((row) => Number(row[3]));
    const pairs = scores('true').flatMap((bad) => scores('false').map((good) => (bad > good ? 1 : bad === good ? 0.5 : 0)));
    expect(pairs).toHaveLength(9);
    expect(result.metrics['plates']!.imageAuroc).toBeCloseTo(pairs.reduce((a: number, b) => a + b, 0) / 9, 12);
  });

  it('gives metrics as fractions by category, the same as metrics.json', () => {
    const { plates } = result.metrics;
    for (const metric of ['imageAuroc', 'pixelAuroc', 'aupro'] as const) {
      // How good a few steps make it depends on the starter weights.
      expect(plates![metric]).toBeGreaterThan(0);
      expect(plates![metric]).toBeLessThanOrEqual(1);
    }
    expect(plates!.results['localisation']).toMatchObject({ pixelAuroc: plates!.pixelAuroc, aupro: plates!.aupro });
    expect(jsonOf(out, 'metrics.json')).toEqual(result.metrics);
  });

  it('states what the result depends on, and how long it took', () => {
    expect(result.run).toBe(out);
    expect(result.manifest).toMatchObject({
      status: 'done',
      seed: 4,
      resumed: [],
      data: { root: data, layout: 'mvtec', generated: false, categories: { plates: { train: 7, validation: 3, test: 6, anomalous: 3 } } },
      weights: [{ node: 'teacher-shallow', name: 'resnet18.starter', caution: expect.stringContaining('not comparable') }],
      engine: { mode: 'native' },
    });
    expect(jsonOf(out, 'manifest.json')).toEqual(result.manifest);
    for (const seconds of Object.values(result.timings['plates']!)) expect(seconds).toBeGreaterThan(0);
  });

  it('shows all of it in a report', () => {
    const text = textOf(out, 'report.html');
    expect(text).toContain('<h2 id="category-1-title">plates</h2>');
    expect(text).toContain((100 * result.metrics['plates']!.imageAuroc!).toFixed(1));
    expect(text).not.toContain('Missing from this report');
  });

  it('states how its threshold was found, and what that promises by 3 validation images', () => {
    const { threshold } = result.metrics['plates']!.results['detection']!;
    expect(result.metrics['plates']!.thresholds['detection']).toMatchObject({
      value: threshold,
      rule: '0.99 quantile of the validation scores',
      images: 3,
      // The highest of them lies above that quantile.
      promised: { rate: 0.5 },
      observed: { rate: result.metrics['plates']!.results['detection']!['falsePositives']! / 3 },
    });
  });

  it('logs two epochs', () => {
    const events = textOf(out, 'metrics.jsonl').trim().split('\n').map((line) => JSON.parse(line) as { type: string; epoch?: number });
    expect(events.filter(({ type }) => type === 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('refuses another seed in the same folder and changes nothing there', async () => {
    const before = hashOf(out);
    const refused = await again('--seed', '5');
    expect(refused.code).toBe(1);
    expect(json(refused)).toMatchObject({ error: { code: 'run-folder-taken', file: out, hint: 'choose another --out' } });
    expect(problems(refused)).toHaveLength(1);
    expect(hashOf(out)).toBe(before);
  });

  it('goes on with the same command and gives the same metrics', async () => {
    const second = await again('--seed', '4');
    expect(second.code).toBe(0);
    expect(second.err).toContain('fit-shallow goes on after epoch 2');
    const { metrics, manifest } = json<RunResult>(second);
    expect(metrics).toEqual(result.metrics);
    expect(manifest).toMatchObject({ identity: result.manifest.identity, started: result.manifest.started, resumed: [expect.any(String)] });
  });

  it('without --json gives a person percent and cautions; without --out a folder under the home, where all is kept', async () => {
    const home = join(folder, 'other-home');
    const { code, out: text, err } = await new Stillroom(home).run('run', graph, '--data', data, '--epochs', '1');
    expect(code).toBe(0);
    const named = /^run folder: (.*)$/m.exec(err)![1]!;
    expect(named.startsWith(join(home, 'runs'))).toBe(true);
    expect(text.trimEnd().split('\n').at(-1)).toBe(named);
    const { imageAuroc, pixelAuroc, aupro } = jsonOf<RunResult['metrics']>(named, 'metrics.json')['plates']!;
    const [image, pixel, pro] = [imageAuroc, pixelAuroc, aupro].map((value) => (100 * value!).toFixed(1));
    expect(text).toMatch(new RegExp(`^plates +${image} +${pixel} +${pro}$`, 'm'));
    expect(text).toContain('resnet18.starter: starter weights: results are not comparable with the paper');
    expect(readdirSync(home).sort()).toEqual(['cache', 'runs']);
  });

  it('with --json tells what it skipped on standard error too, once', async () => {
    const damaged = join(folder, 'damaged', 'plates');
    cpSync(data, damaged, { recursive: true });
    writeFileSync(join(damaged, 'train', 'good', '3.png'), 'no image');
    const skipping = ['run', graph, '--data', damaged, '--epochs', '1', '--on-problem', 'skip', '--out', join(folder, 'skipping'), '--json'];
    const outcome = await stillroom.run(...skipping);
    const { warnings } = json<RunResult>(outcome).manifest;
    expect(warnings).toMatchObject([{ file: join(damaged, 'train', 'good', '3.png'), hint: expect.stringMatching(/^left out; /) as unknown }]);
    expect(problems(outcome)).toEqual([expect.stringMatching(/^warning: .*3\.png: .*\(left out; /)]);
  });

  it('interrupted, exits with 130 and says how to go on; the same command then does', async () => {
    const long = ['run', graph, '--data', data, '--epochs', '30', '--out', join(folder, 'long'), '--json'];
    const { child, outcome: ended } = stillroom.start(...long);
    const log = join(folder, 'long', 'metrics.jsonl');
    while (!existsSync(log) || !textOf(log).includes('"epoch"')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const interrupted = await ended;
    expect(interrupted.code).toBe(130);
    expect(json(interrupted)).toMatchObject({
      error: { code: 'cancelled', hint: 'run the same command again to go on from the last whole epoch' },
    });
    expect(interrupted.err).toContain('Stopping after the step at hand');
    expect(jsonOf(folder, 'long', 'manifest.json')).toMatchObject({ status: 'cancelled' });

    const resumed = await stillroom.run(...long);
    expect(resumed.code).toBe(0);
    expect(resumed.err).toMatch(/fit-shallow goes on after epoch \d+/);
    expect(json<RunResult>(resumed).manifest.status).toBe('done');
  });

  it('interrupted before it has begun, ends at once with 130 and leaves nothing', async () => {
    const never = join(folder, 'never');
    const { child, outcome: ended } = stillroom.start('run', graph, '--data', data, '--out', never, '--json');
    child.stderr!.once('data', () => child.kill('SIGINT'));
    const interrupted = await ended;
    expect(interrupted.code).toBe(130);
    expect(json(interrupted)).toMatchObject({ error: { code: 'cancelled' } });
    expect(existsSync(never)).toBe(false);
  });
});
