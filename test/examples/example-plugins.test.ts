import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { aupro } from '../../plugins/evaluation/metrics/aupro.ts';
import { PixelPool } from '../../plugins/evaluation/metrics/pixels.ts';
import { createRandom, type AnyNodeDefinition, type HostTensor, type Pack, type ReportSection, type ReportTable, type Signal } from '../../plugins/sdk/index.ts';
import { openBackend } from '../../server/conformance/backend.ts';
import { runNode } from '../../server/conformance/run-node.ts';
import { findEngine } from '../../server/engine/find.ts';
import { json, Stillroom } from '../server/cli/stillroom.ts';
import { writeTinyCategory, writeTinyGraph } from '../server/cli/tiny.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { packExample, type Packed } from '../support/third-party.ts';

const names = ['stillroom-wide-resnet50', 'stillroom-synthetic-defects', 'stillroom-pro-curves'] as const;
const root = temporaryFolder();
const hasEngine = findEngine() !== undefined;
const stillroom = new Stillroom(join(root, 'home'));
const packed = new Map<string, Packed>();

const packOf = async (name: (typeof names)[number]): Promise<Pack> => ((await import(pathToFileURL(join(packed.get(name)!.folder, 'dist/index.js')).href)) as { pack: Pack }).pack;
const nodeOf = async (name: (typeof names)[number]): Promise<AnyNodeDefinition> => (await packOf(name)).nodes[0]!;

beforeAll(async () => {
  for (const name of names) packed.set(name, await packExample(name, root));
  for (const { tarball } of packed.values()) expect((await stillroom.run('plugin', 'add', tarball, '--yes', '--json')).code).toBe(0);
}, 120_000);

describe('plugins of the examples, packed and installed', () => {
  it('bring their nodes, networks and weights', async () => {
    const nodes = json<{ type: string }[]>(await stillroom.run('nodes', '--json')).map(({ type }) => type);
    expect(nodes).toEqual(expect.arrayContaining(['stillroom-wide-resnet50/teacher', 'stillroom-wide-resnet50/mirror', 'stillroom-synthetic-defects/paint', 'stillroom-pro-curves/region-overlap']));
    const told = await stillroom.run('weights', 'list', '--json');
    expect(told.code).toBe(0);
    expect(told.out).toContain('"wide-resnet50-2.torchvision"');
  });

  it.skipIf(!hasEngine)('work together in a run, whose figures are those of other code', async () => {
    const graph = writeTinyGraph(join(root, 'graph.json'), (document) => {
      document.nodes['paint'] = { type: 'stillroom-synthetic-defects/paint', version: 1 };
      document.nodes['overlap'] = { type: 'stillroom-pro-curves/region-overlap', version: 1, params: { limits: [0.1, 0.3] } };
      for (const edge of document.edges) if (edge.from === 'resize-crop.images') edge.from = 'paint.images';
      document.edges.push({ from: 'resize-crop.images', to: 'paint.images' }, { from: document.edges.find(({ to }) => to === 'localisation.map')!.from, to: 'overlap.map' });
    });
    await writeTinyCategory(join(root, 'data/tiny'));
    const told = await stillroom.run('run', graph, '--data', join(root, 'data'), '--out', join(root, 'run'), '--seed', '1', '--json');
    expect(told.code, told.err).toBe(0);
    const { metrics } = json<{ metrics: { tiny: { aupro: number; results: Record<string, Record<string, number>> } } }>(told);
    expect(metrics.tiny.results['region overlap']!['aupro@0.3']).toBeCloseTo(metrics.tiny.aupro, 12);
    // Three regions of one size.
    expect(metrics.tiny.results['region overlap']).toHaveProperty('small aupro@0.1');
  }, 120_000);
});

describe('WideResNet50-2', () => {
  it('has the weights and the shapes of the published network', async () => {
    const { architectures } = await packOf('stillroom-wide-resnet50');
    const specs = architectures![0]!.weights();
    const count = specs.filter(({ name }) => !name.includes('running_')).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // torchvision states 68,883,240, of which 2048 · 1000 + 1000 are the classifier's.
    expect(count).toBe(68_883_240 - 2_049_000);
    const shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
    expect([shapes.get('layer2.0.conv2.weight'), shapes.get('layer2.0.downsample.0.weight'), shapes.get('layer4.2.conv3.weight')]).toEqual([[3, 3, 256, 256], [1, 1, 256, 512], [1, 1, 1024, 2048]]);

    const teacher = await nodeOf('stillroom-wide-resnet50');
    const signals = teacher.infer({ images: { type: 'images', shape: [224, 224, 3] } }, { stages: ['layer1', 'layer2', 'layer3', 'layer4'], weights: '' }, { cost: () => {}, problem: () => {} });
    expect(Object.values(signals).map(({ shape, stride }) => [...shape, stride])).toEqual([[56, 56, 256, 4], [28, 28, 512, 8], [14, 14, 1024, 16], [7, 7, 2048, 32]]);
  });
});

describe('the region overlap', () => {
  const { uniform, integer } = createRandom('regions');
  /** Maps of 12×15 in steps of 0.1, with some squares of defects whose values are raised. */
  const images = Array.from({ length: 8 }, (_, k) => {
    const mask = new Uint8Array(180);
    if (k % 2) for (let r = 0; r < 3; r++) square(mask, integer(9), integer(12), 1 + integer(3));
    const data = Float32Array.from(mask, (inside) => Math.round(10 * (uniform() + 0.3 * inside)) / 10);
    return { data, mask: k % 2 ? mask : null };
  });
  const measured = async (params: object): Promise<Record<string, number | null>> => {
    const { sink } = await nodeOf('stillroom-pro-curves');
    const evaluation = sink!({ name: 'x', saturation: 1, limits: [0.05, 0.3, 1], ...params } as never).evaluate({});
    for (const { data, mask } of images) evaluation.add({ file: 'a.png', defect: mask ? 'hole' : 'good', anomalous: mask !== null, mask }, { shape: [1, 12, 15, 1], data });
    return evaluation.finish().metrics;
  };

  it('is the AUPRO of the literature at each limit', async () => {
    const pool = new PixelPool();
    for (const { data, mask } of images) pool.add(data, mask, 12, 15);
    const pixels = pool.rank();
    const metrics = await measured({});
    for (const limit of [0.05, 0.3, 1]) expect(metrics[`aupro@${limit}`], String(limit)).toBeCloseTo(aupro(pixels, limit)!, 12);
  });

  it('tells the same in a section of the report: a table by size, and a curve for each', async () => {
    const { sink } = await nodeOf('stillroom-pro-curves');
    const evaluation = sink!({ name: 'x', saturation: 0.5, limits: [0.1, 0.3] } as never).evaluate({});
    for (const { data, mask } of images) evaluation.add({ file: 'a.png', defect: mask ? 'hole' : 'good', anomalous: mask !== null, mask }, { shape: [1, 12, 15, 1], data });
    const { metrics, sections } = evaluation.finish();
    const [{ tables, curves, text }] = sections as [ReportSection];
    expect(text).toEqual([expect.stringContaining('counts as found once 50 % of it are')]);
    const [{ columns, rows }] = tables as [ReportTable];
    expect(columns.map(({ title }) => title)).toEqual(['regions', 'count', 'to 0.1', 'to 0.3']);
    expect(rows.map(([name]) => String(name).replace(/\d+/, 'N'))).toEqual(['all regions', 'small regions, to N px', 'medium regions, to N px', 'large regions, to N px']);
    expect(rows[0]!.slice(2)).toEqual([metrics['aupro@0.1'], metrics['aupro@0.3']]);
    expect(rows.slice(1).reduce((sum, row) => sum + Number(row[1]), 0)).toBe(rows[0]![1]);
    for (const { x, y } of curves!) {
      expect(x.values).toHaveLength(y.values.length);
      expect([x.values[0], y.values[0]]).toEqual([0, 0]);
      expect(y.values.every((value, i) => i === 0 || value >= y.values[i - 1]!)).toBe(true);
    }
  });

  it('is the mean of its classes of size, each weighed by its regions', async () => {
    const metrics = await measured({});
    const parts = ['small', 'medium', 'large'].map((name) => metrics[`${name} aupro@0.3`]!);
    expect(parts.every((part) => part > 0 && part < 1)).toBe(true);
    expect(Math.min(...parts)).toBeLessThan(metrics['aupro@0.3']!);
    expect(Math.max(...parts)).toBeGreaterThan(metrics['aupro@0.3']!);
  });

  it('is larger where regions count as found before all of them is, and undefined without a region', async () => {
    expect((await measured({ saturation: 0.4 }))['aupro@0.3']).toBeGreaterThan((await measured({}))['aupro@0.3']!);
    const { sink } = await nodeOf('stillroom-pro-curves');
    const evaluation = sink!({ name: 'x', saturation: 1, limits: [0.3] } as never).evaluate({});
    evaluation.add({ file: 'a.png', defect: 'good', anomalous: false, mask: null }, { shape: [1, 2, 2, 1], data: new Float32Array(4) });
    expect(evaluation.finish()).toMatchObject({ metrics: { 'aupro@0.3': null }, notes: ['undefined: no image has a defective region'] });
  });

  it('names the image whose map is not finite', async () => {
    const { sink } = await nodeOf('stillroom-pro-curves');
    const evaluation = sink!({ name: 'x', saturation: 1, limits: [0.3] } as never).evaluate({});
    expect(() => evaluation.add({ file: 'bad.png', defect: 'good', anomalous: false, mask: null }, { shape: [1, 1, 2, 1], data: Float32Array.of(1, NaN) })).toThrow(/expected a finite anomaly map, found NaN/);
  });
});

describe.skipIf(!hasEngine)('painted defects', () => {
  const side = 24;
  const batch = 16;
  const clean: HostTensor & Signal = (() => {
    const { uniform } = createRandom('images');
    return { type: 'images', shape: [batch, side, side, 3], data: Float32Array.from({ length: batch * side * side * 3 }, uniform) };
  })();
  const usual = { method: 'perlin', share: 0.5, size: 0.3, cells: 4, threshold: 0.1, opacity: 0.3, when: 'training', drawing: 0 };

  async function painted(change: object, { training = true, seed = [3, 4] as readonly [number, number] } = {}): Promise<{ images: Float32Array; mask: Float32Array }> {
    const definition = await nodeOf('stillroom-synthetic-defects');
    const params = { ...usual, ...change };
    const inputs = { images: { type: 'images', shape: [side, side, 3] } } as const;
    const outputs = definition.infer(inputs, params as never, { cost: () => {}, problem: () => {} });
    const result = runNode(await openBackend(), { definition, params, inputs, outputs, weights: [], feeds: { images: clean }, values: new Map(), training, seed });
    expect(result.left).toBe(0);
    return { images: result.outputs['images']!.data, mask: result.outputs['mask']!.data };
  }
  /** Whether each image has a defect. */
  const withDefect = (mask: Float32Array): boolean[] => Array.from({ length: batch }, (_, n) => mask.subarray(n * side * side, (n + 1) * side * side).some((one) => one > 0));

  it.each(['perlin', 'cut-paste'])('are where their mask says, by %s, and nowhere else', async (method) => {
    const { images, mask } = await painted({ method, share: 1, opacity: 1 });
    const changed = mask.map((_, i) => Number([0, 1, 2].some((c) => images[3 * i + c] !== clean.data[3 * i + c])));
    expect(changed.some((one) => one === 1)).toBe(true);
    expect(changed.filter((one, i) => one === 1 && mask[i] === 0)).toEqual(new Float32Array());
    // Colours stay among those of the batch, but for rounding.
    expect(Math.max(...images)).toBeLessThanOrEqual(Math.max(...clean.data) + 1e-6);
    expect(Math.min(...images)).toBeGreaterThanOrEqual(Math.min(...clean.data) - 1e-6);
  });

  it('are rectangles of the image itself where they are cut and pasted', async () => {
    const { mask } = await painted({ method: 'cut-paste', share: 1 });
    for (let n = 0; n < batch; n++) {
      const at = [...mask.subarray(n * side * side, (n + 1) * side * side)].flatMap((one, i) => (one === 1 ? [{ x: i % side, y: Math.floor(i / side) }] : []));
      const span = (axis: 'x' | 'y'): number => Math.max(...at.map((one) => one[axis])) - Math.min(...at.map((one) => one[axis])) + 1;
      expect(at).toHaveLength(span('x') * span('y'));
      expect(Math.max(span('x'), span('y'))).toBeLessThanOrEqual(0.3 * side);
    }
  });

  it('are in the share of images that is asked for, and the same for the same seed', async () => {
    expect(withDefect((await painted({ share: 0 })).mask)).not.toContain(true);
    expect(withDefect((await painted({ share: 1 })).mask)).not.toContain(false);
    const half = withDefect((await painted({ share: 0.5 })).mask);
    expect(half).toContain(true);
    expect(half).toContain(false);
    expect(await painted({})).toEqual(await painted({}));
    expect(await painted({})).not.toEqual(await painted({}, { seed: [3, 5] }));
  });

  it('are not in images that are scored, unless that is asked for; then each drawing is another', async () => {
    expect((await painted({}, { training: false })).images).toEqual(clean.data);
    const [one, other] = [await painted({ when: 'always', share: 1 }, { training: false }), await painted({ when: 'always', share: 1, drawing: 1 }, { training: false })];
    expect(one.images).not.toEqual(clean.data);
    expect(one.images).not.toEqual(other.images);
  });

  it('have Perlin noise that is nought at the corners of its cells, as wide as they are', async () => {
    const { perlinNoise } = (await import(pathToFileURL(join(packed.get('stillroom-synthetic-defects')!.folder, 'dist/perlin.js')).href)) as { perlinNoise: (tf: unknown, directions: unknown, size: readonly [number, number]) => { dataSync(): Float32Array; dispose(): void } };
    const { tf } = await openBackend();
    const values = tf.tidy(() => perlinNoise(tf, tf.mul(tf.ones([1, 3, 3]), 0.7), [20, 20]).dataSync());
    // All gradients alike: along one axis through the middle of a cell the noise follows from its definition.
    const expected = (y: number, x: number): number => {
      const [v, u] = [((y + 0.5) / 10) % 1, ((x + 0.5) / 10) % 1];
      const s = (t: number): number => 6 * t ** 5 - 15 * t ** 4 + 10 * t ** 3;
      const dot = (b: number, a: number): number => Math.cos(0.7) * (u - a) + Math.sin(0.7) * (v - b);
      return (dot(0, 0) * (1 - s(u)) + dot(0, 1) * s(u)) * (1 - s(v)) + (dot(1, 0) * (1 - s(u)) + dot(1, 1) * s(u)) * s(v);
    };
    for (const [y, x] of [[0, 0], [3, 7], [9, 10], [15, 4], [19, 19]] as const) expect(values[20 * y + x]).toBeCloseTo(expected(y, x), 5);
  });
});

function square(mask: Uint8Array, y: number, x: number, side: number): void {
  for (let a = 0; a < side; a++) for (let b = 0; b < side; b++) mask[(y + a) * 15 + x + b] = 1;
}
