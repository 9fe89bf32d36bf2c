import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../../plugins/sdk/random.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { openFinishedRun, type FinishedRun } from '../../../server/predict/finished-run.ts';
import type { Named } from '../../../server/predict/image-paths.ts';
import { mapWriter } from '../../../server/predict/map-file.ts';
import { predictionOf, scoreNames } from '../../../server/predict/prediction.ts';
import { scoreImages, type FailedImage, type ScoredImage, type ScoreOptions } from '../../../server/predict/score-images.ts';
import type { Manifest } from '../../../server/runs/manifest.ts';
import { run } from '../../../server/runs/run.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory, writePicture } from '../runs/trial-data.ts';
import { trialRequest } from '../runs/trial-request.ts';
import { distilGraph, trialPacks, trialRegistry } from '../runtime/trial-graphs.ts';
import { compileWith } from '../runtime/trial-run.ts';

const root = temporaryFolder();
const data = join(root, 'data');

function looking(params: Record<string, unknown>): GraphDocument {
  const graph = distilGraph({ fit: { batch: 4, epochs: 1 } });
  return { ...graph, nodes: { ...graph.nodes, decode: { ...graph.nodes['decode']!, params } } };
}

const ways = {
  crop: { mode: 'crop', resize: [20, 20], crop: [16, 16] },
  whole: { mode: 'whole', crop: [16, 16] },
  letterbox: { mode: 'letterbox', crop: [16, 20] },
  tiles: { mode: 'tiles', crop: [8, 8], overlap: 0.25 },
};
type Way = keyof typeof ways;

describeWith(engineNeed(), 'predictions of a finished run', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', join(root, 'home'));
    vi.stubEnv('STILLROOM_CACHE', join(root, 'cache'));
    await writeCategory(join(data, 'bottle'), 6);
    for (const [way, params] of Object.entries(ways)) {
      await run(trialRequest(async () => engine, { data, out: join(root, way), document: looking(params) }));
    }
  });
  afterAll(() => vi.unstubAllEnvs());

  const open = (way: string, category?: string): Promise<FinishedRun> =>
    openFinishedRun(join(root, way), { registry: trialRegistry, packs: trialPacks, offline: true, ...(category ? { category } : {}) });

  async function* each(files: readonly (string | Named)[]): AsyncGenerator<Named> {
    for (const file of files) yield typeof file === 'string' ? { file } : file;
  }
  async function score(of: FinishedRun, files: readonly string[], options: Partial<ScoreOptions> = {}): Promise<(ScoredImage | FailedImage)[]> {
    const found: (ScoredImage | FailedImage)[] = [];
    await withoutLeaks(engine, 'prediction', async () => {
      for await (const one of scoreImages(of, each(files), { compile: compileWith(engine), batch: 8, asTheyCome: false, ...options })) found.push(one);
    });
    return found;
  }

  /** Rows of scores.csv: the file, and the numbers as they are written. */
  const written = (way: string): { file: string; scores: string[] }[] =>
    readFileSync(join(root, way, 'bottle', 'scores.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [, quoted, plain, rest] = /^(?:"((?:[^"]|"")*)"|([^,]*)),(.*)$/.exec(line)!;
        return { file: join(data, (quoted?.replaceAll('""', '"') ?? plain)!), scores: rest!.split(',').slice(-2) };
      });

  it.each(Object.keys(ways) as Way[])('in mode %s are bit by bit those of the run for its test images, in the same batch places', async (way) => {
    const found = await open(way);
    expect(scoreNames(found)).toEqual(['detection', 'localisation.max']);
    const rows = written(way);
    const views = way === 'tiles' ? 8 : Math.min(8, rows.length);
    const scored = (await score(found, rows.map(({ file }) => file), { batch: views })) as ScoredImage[];
    expect(scored.map((one) => Object.values(predictionOf(found, one).scores).map(String))).toEqual(rows.map(({ scores }) => scores));
  });

  it.each(['crop', 'tiles'] as const)('in mode %s agree within 1e-6 in other batches and places', async (way) => {
    const found = await open(way);
    const rows = written(way).reverse();
    for (const options of [{ batch: 1 }, { batch: 3 }, { batch: 4, asTheyCome: true }]) {
      const scored = (await score(found, rows.map(({ file }) => file), options)) as ScoredImage[];
      expect(scored.map(({ file }) => file)).toEqual(rows.map(({ file }) => file));
      scored.forEach((one, i) => {
        for (const [s, value] of Object.values(predictionOf(found, one).scores).entries()) {
          expect(Math.abs(value / Number(rows[i]!.scores[s]) - 1)).toBeLessThan(1e-6);
        }
      });
    }
  });

  it('are anomalous from the threshold on, and tell what was not inspected', async () => {
    const found = await open('crop');
    const { value } = found.thresholds.get('detection')!;
    const scored = (await score(found, written('crop').map(({ file }) => file))) as ScoredImage[];
    for (const one of scored) {
      const prediction = predictionOf(found, one);
      expect(prediction).toMatchObject({ anomalous: prediction.scores['detection']! >= value, uninspected: 1 - 256 / 400 });
      expect(prediction.verdicts).toEqual({ detection: prediction.anomalous });
    }
  });

  it('of images that cannot be read are their errors, in their places; the others are as they were', async () => {
    const found = await open('whole');
    const [first, second] = written('whole');
    writeFileSync(join(root, 'broken.png'), 'not an image');
    const results = await score(found, [join(root, 'broken.png'), first!.file, join(root, 'absent.png'), second!.file, root]);
    expect(results.map((one) => ('error' in one ? one.error.code : 'scored'))).toEqual([
      'unreadable-image', 'scored', 'unreadable-image', 'scored', expect.stringMatching(/image|file/) as string,
    ]);
    const scores = results.flatMap((one) => ('error' in one ? [] : [predictionOf(found, one).scores['detection']!]));
    scores.forEach((value, i) => expect(Math.abs(value / Number([first, second][i]!.scores[0]) - 1)).toBeLessThan(1e-6));
  });

  it('are given while images still come, each as soon as nothing is on its way', async () => {
    const found = await open('whole');
    const rows = written('whole');
    let more: () => void = () => {};
    async function* slow(): AsyncGenerator<Named> {
      yield { file: rows[0]!.file };
      await new Promise<void>((resolve) => (more = resolve));
      yield { file: rows[1]!.file };
    }
    const results = scoreImages(found, slow(), { compile: compileWith(engine), batch: 8, asTheyCome: true });
    expect((await results.next()).value).toMatchObject({ file: rows[0]!.file });
    more();
    expect((await results.next()).value).toMatchObject({ file: rows[1]!.file });
    expect((await results.next()).done).toBe(true);
  });

  it('can be cancelled, even while nothing comes', async () => {
    const found = await open('whole');
    const abort = new AbortController();
    async function* never(): AsyncGenerator<Named> {
      yield { file: written('whole')[0]!.file };
      await new Promise(() => {});
    }
    await withoutLeaks(engine, 'cancelled', async () => {
      const results = scoreImages(found, never(), { compile: compileWith(engine), batch: 8, asTheyCome: true, signal: abort.signal });
      await results.next();
      const waiting = results.next();
      setTimeout(() => abort.abort(), 10);
      await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    });
  });

  describe('as maps', () => {
    const picture = join(root, 'wide.png');
    const [height, width] = [24, 40];
    beforeAll(async () => {
      const { integer } = createRandom('wide');
      const pixels = Uint8Array.from({ length: height * width * 3 }, () => integer(256));
      await sharp(pixels, { raw: { width, height, channels: 3 } }).png().toFile(picture);
    });

    const write = async (way: Way, format: 'png' | 'png16' | 'npy', scale: { low: number; high: number } | null = null) => {
      const found = await open(way);
      const [scored] = (await score(found, [picture])) as ScoredImage[];
      const writer = mapWriter(found, join(root, 'maps', way), format, scale);
      return { ...(await writer.write(scored!)), writer, scored: predictionOf(found, scored!) };
    };
    /** The numbers of a NumPy file of format 1.0. */
    const npy = (file: string): { header: string; values: Float32Array } => {
      const bytes = readFileSync(file);
      const start = 10 + bytes.readUInt16LE(8);
      expect([bytes.subarray(0, 8), start % 64]).toEqual([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), 0]);
      return { header: bytes.toString('latin1', 10, start), values: new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length)) };
    };

    it('npy are float32 in the image’s own coordinates, NaN where nothing was inspected', async () => {
      for (const way of ['crop', 'letterbox', 'tiles', 'whole'] as const) {
        const { file, scored } = await write(way, 'npy');
        const { header, values } = npy(file);
        expect(header).toContain(`'descr': '<f4', 'fortran_order': False, 'shape': (${height}, ${width})`);
        expect(values).toHaveLength(height * width);
        const known = [...values.keys()].filter((i) => !Number.isNaN(values[i]!));
        // Of 20×20 the middle 16×16 is inspected: rows 2.4 to 21.6 of 24, columns 4 to 36 of 40.
        expect(known.length).toBe(way === 'crop' ? 20 * 32 : height * width);
        const largest = Math.max(...known.map((i) => values[i]!));
        expect(largest).toBeLessThanOrEqual(scored.scores['localisation.max']! * (1 + 1e-6));
        expect(largest).toBeGreaterThan(scored.scores['localisation.max']! * 0.5);
      }
    });

    it('png16 are on one scale for all images, which is told; 0 is not inspected, what is beyond is counted', async () => {
      const { values } = npy((await write('crop', 'npy')).file);
      const check = async ({ file, writer }: Awaited<ReturnType<typeof write>>): Promise<void> => {
        const { low, high } = writer.scale!;
        const { data, info } = await sharp(file).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
        expect(info).toMatchObject({ width, height, channels: 1 });
        const levels = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
        levels.forEach((level, i) => {
          if (Number.isNaN(values[i]!)) expect(level).toBe(0);
          else expect(Math.abs(low + ((level - 1) * (high - low)) / 65534 - Math.min(high, Math.max(low, values[i]!)))).toBeLessThan((high - low) / 65000);
        });
        expect((await sharp(file).metadata()).exif!.toString('latin1')).toContain(`value = ${low} + (level - 1) * ${(high - low) / 65534}`);
      };
      const own = await write('crop', 'png16');
      await check(own);
      expect(own.saturated).toBe(0);
      const known = [...values].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
      const narrow = await write('crop', 'png16', { low: known[0]!, high: known[Math.floor(known.length / 2)]! });
      await check(narrow);
      expect(narrow.saturated).toBeGreaterThan(known.length / 4);
    });

    it('png are pictures as in the run’s folder', async () => {
      const { file, writer } = await write('crop', 'png');
      expect(file.endsWith('wide.png.map.png')).toBe(true);
      expect(await sharp(file).metadata()).toMatchObject({ width: 2 * width, height });
      const { low, high } = JSON.parse(readFileSync(join(root, 'crop', 'bottle', 'map-scale.json'), 'utf8')) as { low: number; high: number };
      expect(writer.scale).toEqual({ low, high });
      // For a test image without a mask the picture is the very same.
      const found = await open('crop');
      const good = join(data, 'bottle', 'test', 'good', '000.png');
      const [scored] = (await score(found, written('crop').map((row) => row.file), { batch: 5 })) as ScoredImage[];
      expect(scored!.file).toBe(good);
      const { file: again } = await mapWriter(found, join(root, 'maps', 'same'), 'png', null).write(scored!);
      expect(readFileSync(again).equals(readFileSync(join(root, 'crop', 'bottle', 'maps', 'test', 'good', '000.png')))).toBe(true);
    });

    it('are on no scale of their own: a run that tells none must be told one', async () => {
      const found = { ...(await open('whole')), scale: null };
      expect(() => mapWriter(found, root, 'png', null)).toThrow(expect.objectContaining({ code: 'no-map-scale' }) as Error);
      expect(mapWriter(found, root, 'png16', { low: 0, high: 2 }).scale).toEqual({ low: 0, high: 2 });
      expect(mapWriter(found, root, 'npy', null).scale).toBeNull();
    });
  });

  describe('need a run that is whole:', () => {
    const broken = (name: string, spoil: (folder: string) => void): string => {
      cpSync(join(root, 'whole'), join(root, name), { recursive: true });
      spoil(join(root, name));
      return name;
    };
    const change = (folder: string, edit: (manifest: Manifest) => void): void => {
      const file = join(folder, 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
      edit(manifest);
      writeFileSync(file, JSON.stringify(manifest));
    };

    it.each<[string, (folder: string) => void, object]>([
      ['none at all', (folder) => rmSync(folder, { recursive: true }), { code: 'no-run', message: expect.stringContaining('nothing there') }],
      ['another folder', (folder) => rmSync(join(folder, 'manifest.json')), { code: 'no-run', message: expect.stringContaining('no manifest.json') }],
      ['one at work', (folder) => change(folder, (m) => (m.status = 'running')), { code: 'run-unfinished', hint: expect.stringContaining('goes on where it stopped') }],
      [
        'one that failed',
        (folder) => change(folder, (m) => Object.assign(m, { status: 'failed', problem: { code: 'disk-full', severity: 'error', message: 'the disk was full' } })),
        { code: 'run-unfinished', message: expect.stringContaining('the disk was full') },
      ],
      ['a manifest that is cut off', (folder) => writeFileSync(join(folder, 'manifest.json'), '{"status": "do'), { code: 'run-folder-corrupt' }],
      ['no graph', (folder) => rmSync(join(folder, 'graph.json')), { code: 'run-folder-corrupt' }],
      ['half a graph', (folder) => writeFileSync(join(folder, 'graph.json'), '{'), { code: 'run-folder-corrupt' }],
      ['no fitted weights', (folder) => rmSync(join(folder, 'bottle', 'fitted.safetensors')), { code: 'run-folder-corrupt' }],
      ['half of them', (folder) => writeFileSync(join(folder, 'bottle', 'fitted.safetensors'), readFileSync(join(folder, 'bottle', 'fitted.safetensors')).subarray(0, 200)), { code: 'run-folder-corrupt' }],
      ['those of another run', (folder) => copyFileSync(join(root, 'crop', 'bottle', 'fitted.safetensors'), join(folder, 'bottle', 'fitted.safetensors')), { code: 'run-folder-corrupt', message: expect.stringContaining('another one') }],
      ['a broken scale', (folder) => writeFileSync(join(folder, 'bottle', 'map-scale.json'), '[]'), { code: 'run-folder-corrupt' }],
    ])('%s is refused', async (name, spoil, expected) => {
      await expect(open(broken(`broken ${name}`, spoil))).rejects.toMatchObject(expected);
    });

    it('one of several categories must be told which', async () => {
      const several = broken('several', (folder) => change(folder, (m) => (m.data.categories['cup'] = m.data.categories['bottle']!)));
      await expect(open(several)).rejects.toMatchObject({ code: 'which-category', hint: 'add --category with one of bottle, cup' });
      await expect(open(several, 'plate')).rejects.toMatchObject({ code: 'unknown-category' });
      expect((await open(several, 'bottle')).category).toBe('bottle');
    });
  });

  it('of a run on good images alone have a scale too', async () => {
    const plain = join(root, 'plain');
    mkdirSync(plain);
    for (const i of [0, 1, 2, 3]) await writePicture(join(plain, `${i}.png`));
    await run(trialRequest(async () => engine, { data: plain, out: join(root, 'of-good'), document: looking(ways.whole) }));
    const found = await open('of-good');
    const [scored] = (await score(found, [join(plain, '0.png')])) as ScoredImage[];
    const { file } = await mapWriter(found, join(root, 'maps', 'good'), 'png', null).write(scored!);
    expect(existsSync(file)).toBe(true);
  });
});
