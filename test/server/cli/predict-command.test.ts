import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { json, problems, Stillroom } from './stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from './tiny.ts';

const folder = temporaryFolder();
const stillroom = new Stillroom(join(folder, 'home'));
const data = join(folder, 'data', 'plates');
const run = join(folder, 'run');
const broken = join(folder, 'broken.png');

interface Row {
  file: string;
  scores?: Record<string, number>;
  anomalous?: boolean;
  map?: string | null;
  error?: { code: string; message: string };
}

describeWith(engineNeed(), 'stillroom predict', () => {
  beforeAll(async () => {
    await writeTinyCategory(data);
    writeFileSync(broken, 'not an image');
    const outcome = await stillroom.run('run', writeTinyGraph(join(folder, 'graph.json')), '--data', data, '--out', run, '--epochs', '1');
    expect(outcome.code, outcome.err).toBe(0);
  });

  it('scores folders, patterns and files; one bad image has its error in its row and stops nothing', async () => {
    const [csv, jsonl, maps] = [join(folder, 'out', 'scores.csv'), join(folder, 'rows.jsonl'), join(folder, 'maps')];
    const images = [join(data, 'test', 'blot'), broken, join(data, 'test', 'good', '*.png')];
    const { code, out, err } = await stillroom.run('predict', run, ...images, '--csv', csv, '--jsonl', jsonl, '--maps', maps, '--map-format', 'npy');
    expect(code, err).toBe(0);

    const rows = readFileSync(jsonl, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Row);
    const files = [...[0, 1, 2].map((i) => join(data, 'test', 'blot', `${i}.png`)), broken, ...[0, 1, 2].map((i) => join(data, 'test', 'good', `${i}.png`))];
    expect(rows.map(({ file }) => file)).toEqual(files);
    expect(rows[3]!.error).toMatchObject({ code: 'unreadable-image' });

    // The scores are those of the run.
    const known = new Map(readFileSync(join(run, 'plates', 'scores.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')).map((cells) => [join(folder, 'data', 'plates', cells[0]!), cells]));
    for (const { file, scores } of rows.filter(({ error }) => !error)) {
      const [, , , detection, localisation] = known.get(file)!;
      expect(Math.abs(scores!['detection']! / Number(detection) - 1)).toBeLessThan(1e-6);
      expect(Math.abs(scores!['localisation.max']! / Number(localisation) - 1)).toBeLessThan(1e-6);
    }

    const [head, ...lines] = readFileSync(csv, 'utf8').trim().split('\n');
    expect(head).toBe('file,anomalous,detection,localisation.max,uninspected,map,error,message');
    lines.forEach((line, i) => expect(line.startsWith(`${rows[i]!.file},${rows[i]!.anomalous ?? ''},${rows[i]!.scores?.['detection'] ?? ''},`)).toBe(true));
    expect(lines[3]).toContain(',unreadable-image,');
    for (const { map, error } of rows) expect(error !== undefined || existsSync(map!)).toBe(true);

    const { detection } = (JSON.parse(readFileSync(join(run, 'metrics.json'), 'utf8')) as { plates: { thresholds: Record<string, { value: number }> } }).plates.thresholds;
    for (const { anomalous, scores } of rows.filter(({ error }) => !error)) expect(anomalous).toBe(scores!['detection']! >= detection!.value);

    expect(out).toContain(`anomalous where detection is at least ${detection!.value.toPrecision(6)}`);
    const anomalous = rows.filter((row) => row.anomalous).length;
    expect(out).toContain(`7 images: ${anomalous} anomalous, ${6 - anomalous} normal, 1 could not be scored`);
    expect(out.split('\n').filter((line) => /^(anomalous|normal|error) /.test(line))).toHaveLength(7);
  });

  it('with --json gives one document, with what verdicts go by', async () => {
    const outcome = await stillroom.run('predict', run, join(data, 'test', 'good', '0.png'), '--json', '--maps', join(folder, 'maps16'), '--map-format', 'png16');
    expect(outcome.code, outcome.err).toBe(0);
    const result = json<Record<string, unknown> & { images: Row[] }>(outcome);
    expect(result).toMatchObject({
      run,
      category: 'plates',
      verdict: 'detection',
      thresholds: { detection: { value: expect.any(Number), rule: expect.stringContaining('quantile'), images: 3 } },
      maps: { result: 'localisation', format: 'png16', scale: { low: 0, high: expect.any(Number) } },
      images: [{ anomalous: expect.any(Boolean), uninspected: 0, saturated: 0 }],
      summary: { images: 1, failed: 0 },
    });
    expect(existsSync(result.images[0]!.map!)).toBe(true);
  });

  it('fails where no image can be scored, or with --strict where one cannot; the rows are there all the same', async () => {
    const none = await stillroom.run('predict', run, broken, join(folder, 'absent.png'), '--json');
    expect(none.code).toBe(1);
    expect(json(none)).toMatchObject({
      error: { code: 'images-failed', message: 'expected images that can be scored, found 2 of 2 that cannot' },
      images: [{ file: broken, error: { code: 'unreadable-image' } }, { error: { code: 'unreadable-image' } }],
    });
    const strict = await stillroom.run('predict', run, broken, join(data, 'test', 'good', '0.png'), '--strict', '--csv', '-');
    expect(strict.code).toBe(1);
    expect(strict.out.trim().split('\n')).toHaveLength(3);
    expect(problems(strict)).toEqual([expect.stringContaining('found 1 of 2 that cannot') as string]);
  });

  it('takes paths from standard input as they come; interrupted it leaves no half file', async () => {
    mkdirSync(join(folder, 'kept'));
    const kept = join(folder, 'kept', 'scores.csv');
    writeFileSync(kept, 'earlier');
    const { child, outcome } = stillroom.startReading('predict', run, '-', '--jsonl', '-', '--csv', kept);
    let told = '';
    child.stdout!.on('data', (text: string) => (told += text));
    const file = (i: number): string => join(data, 'test', 'good', `${i}.png`);
    for (const i of [0, 1]) {
      child.stdin!.write(`${file(i)}\n`);
      await vi.waitFor(() => expect(told.trim().split('\n').filter(Boolean)).toHaveLength(i + 1), { timeout: 60_000, interval: 20 });
    }
    expect(told.trim().split('\n').map((line) => (JSON.parse(line) as Row).file)).toEqual([file(0), file(1)]);
    child.kill('SIGINT');
    const { code, err } = await outcome;
    expect(code, err).toBe(130);
    expect(readFileSync(kept, 'utf8')).toBe('earlier');
    expect(readdirSync(join(folder, 'kept'))).toEqual(['scores.csv']);
  }, 120_000);
});

describe('stillroom predict refuses', () => {
  it.each<[string, string[], string, number]>([
    ['two kinds of result on standard output', ['x.png', '--csv', '-', '--json'], 'bad-usage', 2],
    ['a scale that is none', ['x.png', '--map-scale', '2,1'], 'bad-usage', 2],
    ['a folder that is no run', ['x.png'], 'no-run', 1],
  ])('%s', async (_, args, code, exit) => {
    const outcome = await stillroom.call('predict', join(folder, 'nothing'), ...args, ...(args.includes('--json') ? [] : ['--json']));
    expect(outcome.code).toBe(exit);
    expect(json(outcome)).toMatchObject({ error: { code } });
  });
});
