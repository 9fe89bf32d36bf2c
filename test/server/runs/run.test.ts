import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashDataset } from '../../../server/data/hash.ts';
import { readDataset } from '../../../server/data/read-dataset.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { identityOf } from '../../../server/graph/identity.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { RunFolder } from '../../../server/runs/run-folder.ts';
import { run, type RunRequest, type RunResult } from '../../../server/runs/run.ts';
import { readSafetensorsContent, writeSafetensors } from '../../../server/weights/safetensors.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { distilGraph, pullGraph, trialRegistry } from '../runtime/trial-graphs.ts';
import { writeCategory, writePicture } from './trial-data.ts';
import { resultFiles } from './result-files.ts';
import { trialRequest } from './trial-request.ts';

const root = temporaryFolder();
const data = join(root, 'data');
/** Comes after "bottle". */
const odd = 'schraube: 5 µm?';
let count = 0;
const newPath = (): string => join(root, `run-${count++}`);

const textOf = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const jsonOf = <T>(...path: string[]): T => JSON.parse(textOf(...path)) as T;
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Event files are named after the second in which they begin.
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replace(/(?<=tfevents)\.\d+\.stillroom$/, ''))
    .sort();

describeWith(engineNeed(), 'a run', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', join(root, 'home'));
    vi.stubEnv('STILLROOM_CACHE', join(root, 'cache'));
    await writeCategory(join(data, 'bottle'));
    await writeCategory(join(data, odd), 8);
  });
  afterAll(() => vi.unstubAllEnvs());

  const start = (given: Partial<RunRequest> & { out: string }): Promise<RunResult> =>
    withoutLeaks(engine, 'run', () => run(trialRequest(async () => engine, { data, ...given })));

  describe('of two categories', () => {
    const out = join(root, 'whole');
    const events: RunEvent[] = [];
    let result: RunResult;
    let manifest: Manifest;
    beforeAll(async () => {
      result = await start({ out, seed: 5, settings: { 'fit1.batch': 4 }, emit: (event) => events.push(event) });
      manifest = jsonOf<Manifest>(out, 'manifest.json');
    });

    it('writes the graph, the manifest, metrics and losses, and per category all that is known of it', () => {
      const category = [
        ...['fit1', 'fit2'].flatMap((fit) => [`checkpoints/${fit}.best-3.safetensors`, `checkpoints/${fit}.last.safetensors`]),
        'events/events.out.tfevents',
        'fitted.safetensors',
        'map-scale.json',
        ...['good/000.png', 'good/001.png', 'hole, "deep"/000.png', 'hole, "deep"/001.jpg.png', 'hole, "deep"/002.png'],
        'normal.safetensors',
        'reports.json',
        'scores.csv',
        'split.csv',
      ];
      const maps = (file: string) => (/^(good|hole)/.test(file) ? `maps/test/${file}` : file);
      expect(filesOf(out)).toEqual(
        [
          ...['events.out.tfevents', 'graph.json', 'manifest.json', 'metrics.json', 'metrics.jsonl', 'report.html'],
          ...category.map(maps).map((file) => `bottle/${file}`),
          ...category.map(maps).map((file) => `schraube%3A 5 µm%3F/${file}`),
        ].sort(),
      );
    });

    it('has a manifest of all that the result depends on', async () => {
      const graph = distilGraph({ fit: { batch: 4, epochs: 3 } });
      const { categories } = await readDataset(data);
      const fitted = { optimiser: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, learningRate: 0.02, schedule: { kind: 'constant' }, epochs: 3, batch: 4, keep: 'best', earlyStop: 0 };
      expect(manifest).toEqual({
        stillroom: jsonOf<{ version: string }>('package.json').version,
        status: 'done',
        started: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        resumed: [],
        ended: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        problem: null,
        identity: expect.stringMatching(/^[0-9a-f]{64}$/),
        graph: { name: 'Distil', logic: identityOf(graph, trialRegistry) },
        fits: { fit1: fitted, fit2: fitted },
        overrides: { epochs: null, set: { 'fit1.batch': 4 }, weights: {} },
        seed: 5,
        data: {
          root: data,
          layout: 'mvtec-set',
          sha256: await hashDataset(categories),
          generated: false,
          // A share of 0.3 of 12 and of 8 normal images validates.
          categories: {
            bottle: { train: 8, validation: 4, test: 5, anomalous: 3 },
            [odd]: { train: 6, validation: 2, test: 5, anomalous: 3 },
          },
          uninspected: { detection: 0, localisation: 0 },
        },
        weights: [],
        engine: { version: engine.library.version, source: engine.library.source, device: engine.device, mode: 'native' },
        machine: expect.objectContaining({ node: process.version }),
        warnings: expect.arrayContaining([expect.objectContaining({ code: expect.any(String), severity: 'warning' })]),
        timings: {
          bottle: { fit: expect.any(Number), calibrate: expect.any(Number), predict: expect.any(Number) },
          [odd]: { fit: expect.any(Number), calibrate: expect.any(Number), predict: expect.any(Number) },
        },
      });
      expect(manifest.ended! >= manifest.started).toBe(true);
      expect(result.manifest).toEqual(manifest);
    });

    it('has the graph as it was run', () => {
      expect(jsonOf(out, 'graph.json')).toMatchObject({ name: 'Distil', nodes: { fit1: { params: { batch: 4, epochs: 3 } } } });
    });

    it('has one line of losses for each epoch of each fit, as they were told', () => {
      const lines = textOf(out, 'metrics.jsonl').trimEnd().split('\n').map((line) => JSON.parse(line) as RunEvent);
      const told = events.filter(({ type }) => type === 'category' || type === 'epoch' || type === 'fitted');
      expect(lines).toEqual(told);
      const perCategory = ['category', ...['fit1', 'fit2'].flatMap(() => ['epoch', 'epoch', 'epoch', 'fitted'])];
      expect(lines.map(({ type }) => type)).toEqual([...perCategory, ...perCategory]);
      expect(lines[0]).toEqual({ type: 'category', category: 'bottle', index: 1, total: 2, train: 8, validation: 4, test: 5, anomalous: 3, fits: [{ fit: 'fit1', epochs: 3 }, { fit: 'fit2', epochs: 3 }] });
    });

    it('has its metrics by category, as it gives them', () => {
      expect(jsonOf(out, 'metrics.json')).toEqual(result.metrics);
      expect(Object.keys(result.metrics)).toEqual(['bottle', odd]);
      expect(result.metrics['bottle']).toMatchObject({
        imageAuroc: result.metrics['bottle']!.results['detection']!['imageAuroc'],
        pixelAuroc: result.metrics['bottle']!.results['localisation']!['pixelAuroc'],
      });
      expect(result.timings).toEqual(manifest.timings);
    });

    it('has one line of raw scores for each test image, its name quoted where it must be', () => {
      const lines = textOf(out, 'bottle', 'scores.csv').trimEnd().split('\n');
      expect(lines[0]).toBe('file,defect,anomalous,detection,localisation.max');
      const number = String.raw`(\d+(?:\.\d+)?(?:e-\d+)?)`;
      const expected = [
        ['bottle/test/good/000.png', 'good', 'false'],
        ['bottle/test/good/001.png', 'good', 'false'],
        ['"bottle/test/hole, ""deep""/000.png"', '"hole, ""deep"""', 'true'],
        ['"bottle/test/hole, ""deep""/001.jpg"', '"hole, ""deep"""', 'true'],
        ['"bottle/test/hole, ""deep""/002.png"', '"hole, ""deep"""', 'true'],
      ];
      expect(lines).toHaveLength(6);
      const scores = lines.slice(1).map((line, i) => {
        const [, score, most] = new RegExp(`^${expected[i]!.join(',')},${number},${number}$`).exec(line)!;
        // The detection of this graph is the maximum of its map.
        expect(score).toBe(most);
        return Number(score);
      });
      const wins = [2, 3, 4].flatMap((a) => [0, 1].map((g) => (scores[a]! > scores[g]! ? 1 : scores[a] === scores[g] ? 0.5 : 0)));
      expect(result.metrics['bottle']!.imageAuroc).toBeCloseTo(wins.reduce<number>((a, b) => a + b, 0) / 6, 12);
    });

    it('has reports with curves and histories', () => {
      const { category, reports, histories } = jsonOf<{
        category: string;
        reports: Record<string, { metrics: unknown; notes: string[]; curves: { name: string }[] }>;
        histories: Record<string, unknown[]>;
      }>(out, 'bottle', 'reports.json');
      expect(category).toBe('bottle');
      expect(Object.fromEntries(Object.entries(reports).map(([name, { metrics }]) => [name, metrics]))).toEqual(result.metrics['bottle']!.results);
      expect(reports['detection']!.curves.map(({ name }) => name)).toContain('ROC');
      expect(reports['localisation']!.notes.join()).toContain('1 anomalous image has no mask');
      const told = events.flatMap((event) => (event.type === 'epoch' && event.category === 'bottle' && event.fit === 'fit1' ? [event] : []));
      expect(histories['fit1']).toEqual(
        told.map(({ epoch, trainLoss, validationLoss, rate, isBest }) => ({ epoch, trainLoss, validationLoss, rate, isBest })),
      );
    });

    it('has a picture of each map beside its image, with the mask’s outline', async () => {
      const file = join(out, 'bottle', 'maps', 'test', 'hole, "deep"', '000.png');
      const { data: drawn, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ format: 'raw', width: 32, height: 16, channels: 3 });
      const image = await sharp(join(data, 'bottle', 'test', 'hole, "deep"', '000.png')).raw().toBuffer();
      const left = Array.from({ length: 16 }, (_, y) => [...drawn.subarray(y * 96, y * 96 + 48)]).flat();
      left.forEach((value, i) => expect(Math.abs(value - image[i]!)).toBeLessThanOrEqual(1));
      const right = (x: number, y: number): number[] => [...drawn.subarray(y * 96 + 48 + 3 * x, y * 96 + 51 + 3 * x)];
      for (const [x, y] of [[5, 4], [8, 9], [5, 7], [8, 5]] as const) expect(right(x, y)).toEqual([255, 255, 255]);
      expect(right(6, 6)).not.toEqual([255, 255, 255]);
    });

    it('has everything fitted and calibrated, and whose it is', async () => {
      const { tensors, metadata } = await readSafetensorsContent(join(out, 'bottle', 'fitted.safetensors'));
      expect(metadata).toEqual({ identity: manifest.identity, category: 'bottle' });
      const parts = [...tensors.keys()].map((name) => name.split('/')[0]!);
      expect([...new Set(parts)].sort()).toEqual(['detection', 'scale1', 'scale2', 'student1', 'student2', 'teacher']);
      const best = await readSafetensorsContent(join(out, 'bottle', 'checkpoints', 'fit1.best-3.safetensors'));
      for (const [name, value] of best.tensors) expect(tensors.get(name)).toEqual(value);
      expect(tensors.get('detection/images')!.data[0]).toBe(4);
    });

    it('tells its categories in order, each with its counts, then all of its stages', () => {
      const told = events.flatMap((event) => (event.type === 'category' ? [event.category] : event.type === 'stage' ? [event.stage] : []));
      const stages = ['fit', 'fit', 'calibrate', 'predict'];
      expect(told).toEqual(['bottle', ...stages, odd, ...stages]);
      const drawn = events.flatMap((event) => (event.type === 'drawing' && event.category === 'bottle' ? [`${event.done}/${event.total}`] : []));
      expect(drawn).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
      expect(events[0]).toMatchObject({ type: 'reading', total: 2 * 7 + 12 + 8 });
    });

    it('again on the same folder gives the same without a step, and says that it went on', async () => {
      const names = filesOf(out);
      const before = resultFiles(out);
      const again: RunEvent[] = [];
      const second = await start({ out, seed: 5, settings: { 'fit1.batch': 4 }, emit: (event) => again.push(event) });
      expect(again.filter(({ type }) => type === 'step')).toEqual([]);
      expect(second.metrics).toEqual(result.metrics);
      expect(filesOf(out)).toEqual(names);
      expect(resultFiles(out)).toEqual(before);
      expect(second.manifest).toMatchObject({ status: 'done', started: manifest.started, resumed: [expect.any(String)] });
      expect(second.manifest.resumed[0]! > manifest.started).toBe(true);
    });

    it('leaves its folder to no other: another seed, graph, data, number of epochs or mode', async () => {
      const others: Partial<RunRequest>[] = [
        { seed: 6 },
        { document: distilGraph({ fit: { batch: 4, epochs: 3, learningRate: 0.3 } }) },
        { categories: ['bottle'] },
        { epochs: 3 },
        { mode: 'eager' },
      ];
      const before = textOf(out, 'manifest.json');
      for (const other of others) {
        await expect(start({ out, seed: 5, ...other }), JSON.stringify(other).slice(0, 40)).rejects.toMatchObject({ code: 'run-folder-taken' });
      }
      expect(textOf(out, 'manifest.json')).toBe(before);
    });
  });

  it('gives the same whether features are cached or not, and for the same identity', async () => {
    const [cached, uncached] = [newPath(), newPath()];
    const one = await start({ out: cached, categories: ['bottle'], featureBudget: 0 });
    const two = await start({ out: uncached, categories: ['bottle'], featureBudget: null });
    expect(one.manifest.identity).toBe(two.manifest.identity);
    for (const file of ['metrics.json', 'metrics.jsonl', 'bottle/scores.csv', 'bottle/reports.json', 'bottle/fitted.safetensors']) {
      expect(readFileSync(join(cached, file)).equals(readFileSync(join(uncached, file))), file).toBe(true);
    }
  });

  describe('that is watched', () => {
    const [watched, unwatched] = [newPath(), newPath()];
    const events: RunEvent[] = [];
    beforeAll(async () => {
      await start({ out: watched, categories: ['bottle'], watched: { profile: true, samples: 2, every: 0 }, emit: (event) => events.push(event) });
      await start({ out: unwatched, categories: ['bottle'] });
    });

    it('ends with the result of one that is not, bit for bit', () => {
      for (const file of ['metrics.json', 'metrics.jsonl', 'bottle/scores.csv', 'bottle/reports.json', 'bottle/fitted.safetensors']) {
        expect(readFileSync(join(watched, file)).equals(readFileSync(join(unwatched, file))), file).toBe(true);
      }
    });

    it('tells once what each node of the prediction takes', () => {
      const profiles = events.filter((event) => event.type === 'profile');
      expect(profiles).toHaveLength(1);
      const atWork = events.find((event) => event.type === 'stage' && event.stage === 'predict') as { nodes: string[] };
      expect(Object.keys(profiles[0]!.milliseconds).sort()).toEqual(atWork.nodes.toSorted());
      expect(Object.values(profiles[0]!.milliseconds).every((took) => took > 0)).toBe(true);
    });

    it('draws maps of defective images after each epoch but the last of a fit', async () => {
      const samples = events.filter((event) => event.type === 'sample');
      expect(samples.map(({ fit, epoch }) => `${fit} ${epoch}`)).toEqual(['fit1 1', 'fit1 1', 'fit1 2', 'fit1 2', 'fit2 1', 'fit2 1', 'fit2 2', 'fit2 2']);
      expect(new Set(samples.map(({ image }) => image))).toEqual(new Set(['bottle/test/hole, "deep"/000.png', 'bottle/test/hole, "deep"/002.png']));
      expect(new Set(samples.map(({ node }) => node))).toEqual(new Set(['localisation']));
      for (const { picture } of samples) expect(await sharp(join(watched, ...picture.split('/'))).metadata()).toMatchObject({ width: 32, height: 16 });
      expect(existsSync(join(unwatched, 'bottle', 'live'))).toBe(false);
    });
  });

  it('runs as many epochs as it is told', async () => {
    const { manifest } = await start({ out: join(root, 'epochs'), categories: ['bottle'], epochs: 1 });
    expect(manifest.overrides.epochs).toBe(1);
    const { histories } = jsonOf<{ histories: Record<string, unknown[]> }>(root, 'epochs', 'bottle', 'reports.json');
    expect([histories['fit1']!.length, histories['fit2']!.length]).toEqual([1, 1]);
  });

  it('on good images alone is fitted, and measures nothing', async () => {
    const plain = join(root, 'plain');
    for (const i of [0, 1]) await writePicture(join(plain, `${i}.png`));
    const out = newPath();
    const { metrics } = await start({ out, data: plain });
    expect(metrics['plain']).toMatchObject({ imageAuroc: null, pixelAuroc: null, aupro: null });
    expect(textOf(out, 'plain', 'scores.csv')).toBe('file,defect,anomalous,detection,localisation.max\n');
    expect(existsSync(join(out, 'plain', 'maps'))).toBe(false);
    // How later maps are drawn is told by the image that validated.
    const scale = jsonOf<Record<string, number>>(out, 'plain', 'map-scale.json');
    expect(scale).toMatchObject({ result: 'localisation', images: 'validation' });
    expect(scale['high']).toBeGreaterThanOrEqual(2 * scale['largest']! - scale['low']!);
  });

  it('with a map that is smaller than the images measures it at its own size, and draws it as large as them', async () => {
    const graph = distilGraph({ fit: { epochs: 1, batch: 4 } });
    const edges = graph.edges.map((edge) => (edge.to === 'localisation.map' ? { from: 'scale1.map', to: edge.to } : edge));
    const out = newPath();
    const { metrics } = await start({ out, categories: ['bottle'], document: { ...graph, edges } });
    expect(metrics['bottle']!.pixelAuroc).toEqual(expect.any(Number));
    const file = join(out, 'bottle', 'maps', 'test', 'hole, "deep"', '000.png');
    const { data: drawn, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 32, height: 16 });
    const right = (x: number, y: number): number[] => [...drawn.subarray(y * 96 + 48 + 3 * x, y * 96 + 51 + 3 * x)];
    // The hole is drawn as it is, x 5 to 8 and y 4 to 9, not as it was measured.
    expect(right(8, 9)).toEqual([255, 255, 255]);
    expect(right(15, 15)).not.toEqual([0, 0, 0]);
  });

  describe('that does not come to its end', () => {
    const aborting = (type: RunEvent['type'], nth: number): Pick<RunRequest, 'signal' | 'emit'> & { signal: AbortSignal } => {
      const abort = new AbortController();
      let seen = 0;
      return { signal: abort.signal, emit: (event) => void (event.type === type && ++seen === nth && abort.abort()) };
    };

    it('as it was cancelled says so in its manifest, keeps what is whole and ends as if nothing had been', async () => {
      const [out, undisturbed] = [newPath(), newPath()];
      const given = { categories: ['bottle'] };
      await start({ out: undisturbed, ...given });
      for (const [type, nth] of [['step', 3], ['step', 3], ['calibrating', 1], ['predicting', 1]] as const) {
        await expect(start({ out, ...given, ...aborting(type, nth) })).rejects.toMatchObject({ code: 'cancelled' });
        expect(jsonOf<Manifest>(out, 'manifest.json')).toMatchObject({
          status: 'cancelled',
          ended: expect.any(String),
          problem: { code: 'cancelled', severity: 'error', hint: expect.stringContaining('run the same command again') },
        });
        expect(existsSync(join(out, 'bottle', 'checkpoints', 'fit1.last.safetensors'))).toBe(true);
      }
      const { manifest } = await start({ out, ...given });
      expect(manifest).toMatchObject({ status: 'done', problem: null });
      expect(manifest.resumed).toHaveLength(4);
      expect(filesOf(out)).toEqual(filesOf(undisturbed));
      for (const file of ['metrics.json', 'metrics.jsonl', 'bottle/scores.csv', 'bottle/reports.json', 'bottle/fitted.safetensors']) {
        expect(readFileSync(join(out, file)).equals(readFileSync(join(undisturbed, file))), file).toBe(true);
      }
    });

    it('has logged all that it told when it says so', async () => {
      const out = newPath();
      const append = vi.spyOn(RunFolder.prototype, 'append').mockImplementation(async function (this: RunFolder, name, value) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        writeFileSync(this.file(name), `${JSON.stringify(value)}\n`, { flag: 'a' });
      });
      try {
        await expect(start({ out, categories: ['bottle'], ...aborting('calibrating', 1) })).rejects.toMatchObject({ code: 'cancelled' });
        expect(textOf(out, 'metrics.jsonl').match(/"type":"(epoch|fitted)"/g)).toHaveLength(8);
      } finally {
        append.mockRestore();
      }
    });

    it('as a fit broke down names the fit in its manifest', async () => {
      const out = newPath();
      const document = pullGraph({ optimiser: 'sgd', momentum: 0, learningRate: 10, batch: 1 });
      const failing = start({ out, categories: ['bottle'], document });
      await expect(failing).rejects.toMatchObject({ code: 'loss-not-finite', place: { node: 'fit' } });
      expect(jsonOf<Manifest>(out, 'manifest.json')).toMatchObject({
        status: 'failed',
        problem: { code: 'loss-not-finite', node: 'fit', message: expect.stringMatching(/after step \d+$/) },
      });
    });

    it('as its checkpoints were damaged tells so, in the manifest too, and ends as if nothing had been', async () => {
      const [out, undisturbed] = [newPath(), newPath()];
      const given = { categories: ['bottle'] };
      await start({ out: undisturbed, ...given });
      await expect(start({ out, ...given, ...aborting('fitted', 2) })).rejects.toMatchObject({ code: 'cancelled' });
      const [cut, foreign] = ['fit1', 'fit2'].map((fit) => join(out, 'bottle', 'checkpoints', `${fit}.last.safetensors`)) as [string, string];
      const read = await readSafetensorsContent(foreign);
      await writeSafetensors(foreign, read.tensors, { ...read.metadata, identity: 'of another' });
      writeFileSync(cut, readFileSync(cut).subarray(0, 300));
      const told: RunEvent[] = [];
      // What the first process that goes on tells is not forgotten by the second.
      await expect(start({ out, ...given, ...aborting('calibrating', 1) })).rejects.toMatchObject({ code: 'cancelled' });
      const { manifest } = await start({ out, ...given, emit: (event) => told.push(event) });
      expect(told.filter(({ type }) => type === 'warning')).toEqual([]);
      expect(manifest).toMatchObject({ status: 'done', problem: null });
      expect(manifest.warnings.filter(({ code }) => code.startsWith('checkpoint-'))).toEqual([
        {
          code: 'checkpoint-corrupt',
          severity: 'warning',
          message: expect.stringMatching(/^expected a checkpoint that can be read, found .*; the fit starts again$/),
          node: 'fit1',
          file: cut,
          hint: expect.any(String),
        },
        expect.objectContaining({ code: 'checkpoint-of-another-run', node: 'fit2', file: foreign }),
      ]);
      const kept = [cut, foreign].map((file) => `${file}.unusable`.slice(out.length + 1));
      expect(filesOf(out)).toEqual([...filesOf(undisturbed), ...kept].sort());
      for (const file of ['metrics.json', 'metrics.jsonl', 'bottle/scores.csv', 'bottle/reports.json', 'bottle/fitted.safetensors']) {
        expect(readFileSync(join(out, file)).equals(readFileSync(join(undisturbed, file))), file).toBe(true);
      }
    });

    it('as its folder is moved meanwhile says so, writes nothing where it was, and goes on once it is back', async () => {
      const [out, undisturbed] = [newPath(), newPath()];
      const given = { categories: ['bottle'] };
      await start({ out: undisturbed, ...given });
      for (const [type, nth] of [['step', 3], ['epoch', 4], ['predicting', 1], ['drawing', 2]] as const) {
        let seen = 0;
        const moving = start({ out, ...given, emit: (event) => void (event.type === type && ++seen === nth && renameSync(out, `${out}-moved`)) });
        await expect(moving, type).rejects.toMatchObject({ code: 'run-folder-gone', place: { file: out } });
        expect(existsSync(out)).toBe(false);
        renameSync(`${out}-moved`, out);
      }
      await start({ out, ...given });
      expect(filesOf(out)).toEqual(filesOf(undisturbed));
      for (const file of ['metrics.json', 'metrics.jsonl', 'bottle/scores.csv', 'bottle/reports.json', 'bottle/fitted.safetensors']) {
        expect(readFileSync(join(out, file)).equals(readFileSync(join(undisturbed, file))), file).toBe(true);
      }
    });

    it('as the clock is set back or forth keeps its times in order, and its durations', async () => {
      const out = newPath();
      const given = { categories: ['bottle'] };
      const year = 365 * 86_400_000;
      try {
        vi.useFakeTimers({ now: Date.now() + year, toFake: ['Date'] });
        const setBack = (event: RunEvent): void => void (event.type === 'epoch' && vi.setSystemTime(Date.now() - 3 * year));
        const first = start({ out, ...given, ...aborting('calibrating', 1) });
        await expect(first).rejects.toMatchObject({ code: 'cancelled' });
        vi.setSystemTime(Date.now() - 2 * year);
        const { manifest } = await start({ out, ...given, emit: setBack });
        const { started, resumed, ended } = manifest;
        expect([started, ...resumed, ended!].sort()).toEqual([started, ...resumed, ended]);
        expect(manifest.status).toBe('done');
        for (const seconds of Object.values(manifest.timings['bottle']!)) {
          expect(seconds).toBeGreaterThanOrEqual(0);
          expect(seconds).toBeLessThan(3600);
        }
      } finally {
        vi.useRealTimers();
      }
    });

    it('as its folder is none says so, and writes nothing', async () => {
      const file = join(root, 'a-file');
      writeFileSync(file, 'mine');
      await expect(start({ out: join(file, 'run') })).rejects.toMatchObject({ code: 'cannot-write', place: { file: join(file, 'run') } });
      expect(textOf(file)).toBe('mine');
    });

    it('as a category’s folder cannot be made says that, in an error and in the manifest', async () => {
      const out = newPath();
      await expect(start({ out, categories: ['bottle'], ...aborting('step', 1) })).rejects.toMatchObject({ code: 'cancelled' });
      rmSync(join(out, 'bottle'), { recursive: true, force: true });
      writeFileSync(join(out, 'bottle'), 'in the way');
      await expect(start({ out, categories: ['bottle'] })).rejects.toMatchObject({ code: 'cannot-write' });
      expect(jsonOf<Manifest>(out, 'manifest.json')).toMatchObject({ status: 'failed', problem: { code: 'cannot-write' } });
    });
  });

  describe('that cannot begin writes nothing', () => {
    it.each<[string, Partial<RunRequest>, string]>([
      ['without images', { data: '' }, 'no-data'],
      ['with a folder of images that is not there', { data: join(root, 'none') }, 'no-such-folder'],
      ['with an unknown category', { categories: ['cup'] }, 'unknown-category'],
      ['with weights that no network takes', { weights: { resnet18: 'x' } }, 'weights-unused'],
      ['with a graph that is wrong', { document: { ...distilGraph(), edges: [] } }, 'missing-input'],
    ])('%s', async (_, given, code) => {
      const out = newPath();
      await expect(start({ out, ...given })).rejects.toMatchObject({ code });
      expect(existsSync(out)).toBe(false);
    });

    it('with too few images to split', async () => {
      const single = join(root, 'single');
      await writePicture(join(single, '0.png'));
      await expect(start({ out: newPath(), data: single })).rejects.toMatchObject({ code: 'too-few-images' });
      const { manifest } = await start({ out: newPath(), data: single, document: distilGraph({ validationShare: 0, fit: { epochs: 1 } }) });
      expect(manifest.data.categories['single']).toEqual({ train: 1, validation: 0, test: 0, anomalous: 0 });
    });
  });

  it('writes nowhere but into its folder and the cache', () => {
    mkdirSync(join(root, 'home'), { recursive: true });
    expect(filesOf(join(root, 'home'))).toEqual([]);
    // Features beyond the budget went through `scratch`; of them nothing is left.
    expect(readdirSync(join(root, 'cache'))).toContain('scratch');
    expect(filesOf(join(root, 'cache')).filter((file) => !file.startsWith('programs/'))).toEqual([]);
  });
});
