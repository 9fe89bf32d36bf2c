import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Served } from '../../../server/api/serve.ts';
import { readFileList } from '../../../server/data/file-list.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { run } from '../../../server/runs/run.ts';
import { readSafetensors } from '../../../server/weights/safetensors.ts';
import type { WhyAnswer } from '../../../server/interactive/why-task.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { ask, serveTrial, type Answered } from '../../support/served.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeCategory } from '../runs/trial-data.ts';
import { trialRequest } from '../runs/trial-request.ts';
import { distilGraph } from '../runtime/trial-graphs.ts';

const home = mkdtempSync(join(temporaryFolder(), 'home-'));
const data = join(home, 'data');
const holed = 'bottle/test/hole, "deep"/000.png';
const side = 16;

interface Grid {
  shape: number[];
  data: Float32Array;
}

describeWith(engineNeed(), 'why here?', () => {
  let served: Served;
  let engine: Engine;
  const why = (body: object, id = 'first'): Promise<Answered> => ask(served, 'POST', `/runs/${id}/why`, body);
  const explained = async (body: object): Promise<WhyAnswer> => {
    const { status, body: answer } = await why({ image: { file: holed }, x: 6, y: 5, ...body });
    expect(status, JSON.stringify(answer)).toBe(200);
    return answer;
  };

  /** What flows at a socket, as a preview gives it. */
  async function flowing(file: string, node: string, socket: string): Promise<Grid> {
    const document = JSON.parse(readFileSync(join(home, 'runs', 'first', 'graph.json'), 'utf8')) as object;
    const wanted = [{ node, socket, as: { kind: 'raw' } }];
    const { status, body } = await ask(served, 'POST', '/preview', { document, run: { id: 'first' }, images: [{ image: { path: join(data, file) } }], wanted });
    expect(status, JSON.stringify(body)).toBe(200);
    const [{ shape, shown }] = (body as { values: [{ shape: number[]; shown: { picture: { url: string } } }] }).values;
    const picture = await fetch(served.address + shown.picture.url, { headers: { authorization: `Bearer ${served.token}` } });
    const bytes = Buffer.from(await picture.arrayBuffer());
    const values = bytes.subarray(10 + bytes.readUInt16LE(8));
    return { shape, data: new Float32Array(new Uint8Array(values).buffer) };
  }

  const cellOf = ([height, width]: readonly number[], x: number, y: number): number => Math.floor(((y + 0.5) / side) * height!) * width! + Math.floor(((x + 0.5) / side) * width!);
  const vectorOf = ({ shape, data: values }: Grid, x: number, y: number): number[] => [...values.subarray(cellOf(shape, x, y) * shape[2]!, (cellOf(shape, x, y) + 1) * shape[2]!)];
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
  /** As `torch.nn.functional.interpolate(mode='bilinear')` has it. */
  function between({ shape: [height = 0, width = 0], data: values }: Grid, x: number, y: number): number {
    const [v, h] = [Math.min(Math.max(((y + 0.5) * height) / side - 0.5, 0), height - 1), Math.min(Math.max(((x + 0.5) * width) / side - 0.5, 0), width - 1)];
    let sum = 0;
    for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) sum += values[row * width + column]! * Math.max(0, 1 - Math.abs(row - v)) * Math.max(0, 1 - Math.abs(column - h));
    return sum;
  }
  const imagesOf = async (split: string): Promise<string[]> => (await readFileList(join(home, 'runs', 'first', 'bottle', 'split.csv'))).filter((one) => one.split === split).map(({ path }) => path);

  beforeAll(async () => {
    engine = await loadEngine();
    vi.stubEnv('STILLROOM_HOME', home);
    vi.stubEnv('STILLROOM_CACHE', join(home, 'cache'));
    vi.stubEnv('STILLROOM_ENGINE', engine.library.directory);
    await writeCategory(join(data, 'bottle'), 8);
    await run(trialRequest(async () => engine, { data, out: join(home, 'runs', 'first'), document: distilGraph({ fit: { batch: 4, epochs: 2 } }) }));
    served = await serveTrial({ home, dataRoots: [data] });
  });
  afterAll(async () => {
    await served?.close();
    vi.unstubAllEnvs();
  });

  it('gives of each layer the value of its map there, and of the result the value of its own', async () => {
    for (const [x, y] of [[6, 5], [0, 15], [11, 2]] as const) {
      const { result, contributions, results } = await explained({ x, y });
      expect(results).toEqual(['detection', 'localisation']);
      expect(result).toMatchObject({ name: 'localisation', kind: 'map', node: 'sum' });
      expect(result.value).toBeCloseTo(between(await flowing(holed, 'sum', 'map'), x, y), 4);
      expect(contributions.map(({ node }) => node)).toEqual(['map1', 'map2']);
      for (const one of contributions) {
        const map = await flowing(holed, one.node, 'map');
        expect(one.value).toBeCloseTo(map.data[cellOf(map.shape, x, y)]!, 4);
        expect(one.cell.row * map.shape[1]! + one.cell.column).toBe(cellOf(map.shape, x, y));
        expect(one.box.left <= x && x < one.box.left + one.box.width && one.box.top <= y && y < one.box.top + one.box.height).toBe(true);
        expect(one.ownShare).toBe(map.data.filter((value) => value <= map.data[cellOf(map.shape, x, y)]!).length / map.data.length);
      }
    }
  });

  it('says what the result would be with a layer as it is on normal images', async () => {
    const [x, y] = [6, 5];
    const { result, contributions, levelsOf } = await explained({ x, y });
    const fitted = await readSafetensors(join(home, 'runs', 'first', 'bottle', 'fitted.safetensors'));
    expect(levelsOf).toBe('validation');
    let usual = 0;
    for (const [i, one] of contributions.entries()) {
      const normal = (await Promise.all((await imagesOf('validation')).map((file) => flowing(file, one.node, 'map')))).flatMap((map) => [...map.data]).sort((a, b) => a - b);
      const median = (normal[Math.floor((normal.length - 1) / 2)]! + normal[Math.ceil((normal.length - 1) / 2)]!) / 2;
      expect(one.normal!.median).toBeCloseTo(median, 4);
      const map = await flowing(holed, one.node, 'map');
      const scale = fitted.get(`scale${i + 1}/scale`)!.data[0]!;
      const without = result.value - between(map, x, y) / scale + median / scale;
      expect(one.without).toBeCloseTo(without, 3);
      expect(one.effect).toBeCloseTo((result.value - without) / result.value, 3);
      usual += median / scale;
    }
    expect(result.usual).toBeCloseTo(usual, 3);
  });

  it('tells how far teacher and student are apart there', async () => {
    const [{ gap, teacher, student }] = (await explained({})).contributions as [WhyAnswer['contributions'][number]];
    expect([teacher, student]).toMatchObject([{ node: 'teacher', socket: 'layer1' }, { node: 'student1', socket: 'layer1' }]);
    const [t, s] = [vectorOf(await flowing(holed, 'teacher', 'layer1'), 6, 5), vectorOf(await flowing(holed, 'student1', 'layer1'), 6, 5)];
    expect(gap!.teacherNorm).toBeCloseTo(Math.sqrt(dot(t, t)), 4);
    expect(gap!.studentNorm).toBeCloseTo(Math.sqrt(dot(s, s)), 4);
    expect(gap!.cosine).toBeCloseTo(cosine(t, s), 5);
    expect(gap!.distance).toBeCloseTo(1 - cosine(t, s), 5);
    const unit = (v: number[]): number[] => v.map((value) => value / Math.sqrt(dot(v, v)));
    const apart = unit(t).map((value, c) => Math.abs(value - unit(s)[c]!));
    expect(gap!.channels[0]!.channel).toBe(apart.indexOf(Math.max(...apart)));
    expect(gap!.channels.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('finds a training image at distance 0 of itself, and of another one what brute force finds', async () => {
    const training = await imagesOf('train');
    // Few channels: other patches may have the very same direction, so that all images are asked for.
    const own = await explained({ image: { file: training[2]! }, x: 9, y: 12, patches: 20 });
    for (const { patches, kept, total } of own.nearest) {
      expect([kept, patches.length]).toEqual([total, training.length]);
      const same = patches.find(({ image }) => image === training[2])!;
      expect(same.distance).toBeLessThan(1e-5);
    }
    const { nearest } = await explained({ patches: 2 });
    expect(nearest.map(({ node, socket }) => `${node}.${socket}`)).toEqual(['teacher.layer1', 'teacher.layer2']);
    for (const { node, socket, patches } of nearest) {
      const wanted = vectorOf(await flowing(holed, node, socket), 6, 5);
      const grids = new Map(await Promise.all(training.map(async (image) => [image, await flowing(image, node, socket)] as const)));
      const best = [...grids.values()].map(({ shape, data: values }) => {
        const channels = shape[2]!;
        return Math.min(...Array.from({ length: values.length / channels }, (_, at) => 1 - cosine([...values.subarray(at * channels, (at + 1) * channels)], wanted)));
      });
      best.sort((a, b) => a - b);
      for (const [i, { image, box, distance }] of patches.entries()) {
        expect(distance).toBeCloseTo(best[i]!, 4);
        const grid = grids.get(image)!;
        expect([box.height, box.width]).toEqual([side / grid.shape[0]!, side / grid.shape[1]!]);
        expect(1 - cosine(vectorOf(grid, box.left, box.top), wanted)).toBeCloseTo(distance, 4);
      }
    }
  });

  it('compares with as many patches as fit into the memory that the run was given, drawn at random', async () => {
    const out = join(home, 'runs', 'small');
    await run(trialRequest(async () => engine, { data, out, document: distilGraph({ fit: { batch: 4, epochs: 1 } }), patchBudget: 2000 }));
    const { body } = await why({ image: { file: holed }, x: 6, y: 5 }, 'small');
    const tensors = await readSafetensors(join(out, 'bottle', 'normal.safetensors'));
    let bytes = 0;
    for (const { node, socket, kept, total } of (body as WhyAnswer).nearest) {
      const parts = ['patches', 'views', 'cells'].map((part) => tensors.get(`${node}.${socket}/${part}`)!);
      bytes += parts.reduce((sum, { data: numbers }) => sum + numbers.byteLength, 0);
      expect(kept).toBeLessThan(total);
      expect(parts[1]!.data).toHaveLength(kept);
      const at = [...parts[1]!.data].map((view, i) => view * 1e6 + parts[2]!.data[i]!);
      expect(new Set(at).size).toBe(kept);
    }
    expect(bytes).toBeGreaterThan(1800);
    expect(bytes).toBeLessThanOrEqual(2000);
    await run(trialRequest(async () => engine, { data, out: join(home, 'runs', 'none'), document: distilGraph({ fit: { batch: 4, epochs: 1 } }), patchBudget: 0 }));
    expect((await why({ image: { file: holed }, x: 6, y: 5 }, 'none')).body).toMatchObject({ nearest: [{ kept: 0, patches: [] }, { kept: 0, patches: [] }], contributions: [{ normal: { median: expect.any(Number) as number } }, {}] });
  });

  it('learns of a run that has not done so what normal images are like, and keeps it', async () => {
    const file = join(home, 'runs', 'first', 'bottle', 'normal.safetensors');
    const [before, kept] = [await explained({}), readFileSync(file)];
    rmSync(file);
    await served.close();
    served = await serveTrial({ home, dataRoots: [data] });
    const { milliseconds: _, ...again } = (await explained({})) as WhyAnswer & { milliseconds: number };
    expect(before).toMatchObject(again);
    expect(readFileSync(file).equals(kept)).toBe(true);
  });

  it('tells the rest where the normal images cannot be had', async () => {
    const out = join(home, 'runs', 'elsewhere');
    await run(trialRequest(async () => engine, { data, out, document: distilGraph({ fit: { batch: 4, epochs: 1 } }) }));
    rmSync(join(out, 'bottle', 'normal.safetensors'));
    rmSync(join(out, 'bottle', 'split.csv'));
    const { body } = await why({ image: { file: holed }, x: 6, y: 5 }, 'elsewhere');
    expect(body).toMatchObject({ unknown: expect.stringMatching(/^expected the normal images/) as string, levelsOf: null, nearest: [], result: { usual: null } });
    expect((body as WhyAnswer).contributions).toMatchObject([{ normal: null, gap: { cosine: expect.any(Number) as number } }, { normal: null }]);
  });

  it('shows teacher, student and their difference in the same colours', async () => {
    const layer = (body: object): Promise<Answered> => ask(served, 'POST', '/runs/first/layer', { image: { file: holed }, node: 'map1', ...body });
    const [t, s] = [await flowing(holed, 'teacher', 'layer1'), await flowing(holed, 'student1', 'layer1')];
    const channels = t.shape[2]!;
    const means = [t, s].map(({ data: values }) => Array.from({ length: values.length / channels }, (_, at) => values.subarray(at * channels, (at + 1) * channels).reduce((a, b) => a + b, 0) / channels));
    const { status, body } = await layer({ kind: 'mean' });
    expect(status, JSON.stringify(body)).toBe(200);
    const shown = body as { shown: object; range: { low: number; high: number }; gapRange: { high: number }; teacher: { url: string; size: object } };
    expect(shown.range.low).toBeCloseTo(Math.min(...means.flat()), 4);
    expect(shown.range.high).toBeCloseTo(Math.max(...means.flat()), 4);
    expect(shown.gapRange.high).toBeCloseTo(Math.max(...means[0]!.map((_, at) => [...Array(channels).keys()].reduce((sum, c) => sum + Math.abs(t.data[at * channels + c]! - s.data[at * channels + c]!), 0) / channels)), 4);
    expect(shown.shown).toEqual({ top: 0, left: 0, height: side, width: side });
    expect(shown.teacher.size).toEqual({ height: t.shape[0], width: t.shape[1] });
    const picture = await fetch(served.address + shown.teacher.url, { headers: { authorization: `Bearer ${served.token}` } });
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect((await layer({ kind: 'pca' })).body).toMatchObject({ range: null });
    expect((await layer({ node: 'sum' })).body).toMatchObject({ code: 'cannot-be-compared', node: 'sum' });
  });

  it('gives a part of an image of the run, and of no other', async () => {
    const picture = (query: string): Promise<Response> => fetch(`${served.address}/api/runs/first/image?${query}`, { headers: { authorization: `Bearer ${served.token}` } });
    const part = await picture(new URLSearchParams({ file: holed, left: '5', top: '4', width: '4', height: '6', size: '60' }).toString());
    expect(part.headers.get('content-type')).toBe('image/webp');
    const { data: pixels, info } = await sharp(Buffer.from(await part.arrayBuffer())).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([40, 60]);
    // The hole, which is black.
    expect(Math.max(...pixels)).toBeLessThan(40);
    expect((await picture('file=../../../etc/passwd')).status).toBe(403);
  });

  it('explains a score by the map that it comes from, and refuses what cannot be explained', async () => {
    const { result } = await explained({ result: 'detection' });
    expect(result).toMatchObject({ name: 'detection', kind: 'score', node: 'sum' });
    const refused = async (body: object): Promise<unknown> => ((await why({ image: { file: holed }, x: 0, y: 0, ...body })).body as { code: string; status: number });
    expect(await refused({ x: 16 })).toMatchObject({ code: 'outside-image', status: 400 });
    expect(await refused({ result: 'nothing' })).toMatchObject({ code: 'no-such-result', status: 404 });
    expect(await refused({ image: { file: '../../etc/passwd' } })).toMatchObject({ status: 403, code: 'outside-roots' });
    expect(await refused({ image: { file: 'bottle/test/absent.png' } })).toMatchObject({ code: 'no-such-path' });
  });
});
