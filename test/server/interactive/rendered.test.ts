import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../plugins/sdk/random.ts';
import { channelGrid, meanOfChannels } from '../../../server/interactive/channels.ts';
import { histogramOf, rangeOf } from '../../../server/interactive/histogram.ts';
import { principalColours } from '../../../server/interactive/principal.ts';
import { rendered } from '../../../server/interactive/rendered.ts';
import type { Rendered, Rendering } from '../../../server/interactive/rendering.ts';

const place = { node: 'a', socket: 'b' };
const show = (shape: number[], data: number[], as: Rendering): Promise<Rendered> => rendered({ shape, data: Float32Array.from(data) }, 'features', as, place);
const pixels = async (shown: Rendered): Promise<number[]> => [...(await sharp(Buffer.from((shown as { picture: { bytes: Uint8Array } }).picture.bytes)).raw().toBuffer())];

describe('a histogram', () => {
  it('counts by hand, the largest value in the last bin, and leaves out what is no number', () => {
    const found = histogramOf(Float32Array.of(0, 1, 2, 3, 4, Number.NaN, Number.POSITIVE_INFINITY), 4);
    expect(found).toEqual({ low: 0, high: 4, counts: [1, 1, 1, 2], mean: 2, deviation: Math.SQRT2, notFinite: 2 });
  });

  it('of one value has it in the first bin, of none is empty', () => {
    expect(histogramOf(Float32Array.of(7, 7), 3)).toMatchObject({ low: 7, high: 7, counts: [2, 0, 0], deviation: 0 });
    expect(histogramOf(Float32Array.of(Number.NaN), 2)).toEqual({ low: 0, high: 0, counts: [0, 0], mean: 0, deviation: 0, notFinite: 1 });
    expect(rangeOf([])).toEqual({ low: 0, high: 0 });
  });
});

describe('channels', () => {
  // 1×2 positions, 3 channels: [1, -9, 0], [2, 9, 0]
  const data = Float32Array.of(1, -9, 0, 2, 9, 0);

  it('lie beside one another, the strongest first or as they come', () => {
    const grid = channelGrid(data, [1, 2, 3], { count: 4, order: 'strongest' });
    expect(grid).toMatchObject({ channels: [1, 0, 2], columns: 2, size: { height: 3, width: 5 }, tile: { height: 1, width: 2 } });
    expect([...grid.data]).toEqual([0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(channelGrid(data, [1, 2, 3], { count: 2, order: 'first' }).channels).toEqual([0, 1]);
  });

  it('have a mean at each position', () => expect([...meanOfChannels(data, 3)]).toEqual([Math.fround(-8 / 3), Math.fround(11 / 3)]));
});

describe('principal colours', () => {
  it('find the directions of a cloud that was drawn along known ones, with their shares of the variance', () => {
    const { normal } = createRandom('cloud', 0);
    const [a, b] = [[0.6, 0.8, 0, 0], [0, 0, 1, 0]];
    const data: number[] = [];
    const along: number[] = [];
    for (let i = 0; i < 400; i++) {
      const [s, t] = [5 * normal(), 2 * normal()];
      along.push(s);
      for (let c = 0; c < 4; c++) data.push(10 + s * a[c]! + t * b[c]!);
    }
    const { data: colours, explained } = principalColours(Float32Array.from(data), 4);
    expect(explained.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 6);
    expect(explained[0]).toBeGreaterThan(0.8);
    const red = along.map((_, i) => colours[3 * i]!);
    const [low, high] = [Math.min(...along), Math.max(...along)];
    along.forEach((s, i) => expect(Math.abs(red[i]! - (255 * (s - low)) / (high - low))).toBeLessThan(12));
  });

  it('are black where nothing varies', () => {
    const { data, explained } = principalColours(new Float32Array(12).fill(3), 4);
    expect([...data]).toEqual(new Array(9).fill(0));
    expect(explained).toEqual([0, 0, 0]);
  });
});

describe('a value', () => {
  it('as an image is shown as it is within 0–1, and stretched beyond', async () => {
    expect(await pixels(await show([1, 1, 3], [0, 0.5, 1], { kind: 'image' }))).toEqual([0, 128, 255]);
    const stretched = await show([1, 1, 3], [-2, 0, 2], { kind: 'image' });
    expect(stretched).toMatchObject({ range: { low: -2, high: 2 } });
    expect(await pixels(stretched)).toEqual([0, 128, 255]);
  });

  it('as a map goes from black to light yellow, between given ends or its own', async () => {
    const own = await show([1, 3, 1], [1, 2, 3], { kind: 'map' });
    expect(own).toMatchObject({ range: { low: 1, high: 3 } });
    const [dark, , light] = [0, 3, 6].map((at) => at).map(async (at) => (await pixels(own)).slice(at, at + 3));
    expect(await dark).toEqual([0, 0, 4]);
    expect(await light).toEqual([252, 255, 164]);
    expect(await pixels(await show([1, 2, 1], [2, 99], { kind: 'map', low: 2, high: 4 }))).toEqual([0, 0, 4, 252, 255, 164]);
  });

  it('has the colours that are asked for, and says them', async () => {
    const viridis = await show([1, 3, 1], [1, 2, 3], { kind: 'map', colours: 'viridis' });
    expect(await pixels(viridis)).toEqual([68, 1, 84, 33, 145, 141, 253, 231, 37]);
    expect(viridis).toMatchObject({ colours: expect.arrayContaining(['#440154', '#fde725']) as unknown });
    const grey = await show([1, 2, 2], [0, 2, 3, 5], { kind: 'mean', colours: 'grey' });
    expect(grey).toMatchObject({ range: { low: 1, high: 4 }, colours: ['#000000', '#ffffff'] });
    expect(await pixels(grey)).toEqual([0, 0, 0, 255, 255, 255]);
    expect(await show([1, 2, 1], [0, 1], { kind: 'auto', colours: 'turbo' })).toMatchObject({ kind: 'map', colours: expect.arrayContaining(['#30123b']) as unknown });
  });

  it('as it is keeps shape and bits', async () => {
    const { picture } = (await show([2, 1], [1.5, -2], { kind: 'raw' })) as { picture: { bytes: Uint8Array } };
    const text = Buffer.from(picture.bytes);
    expect(text.toString('latin1', 10)).toContain("'shape': (2, 1), }");
    expect([text.readFloatLE(text.length - 8), text.readFloatLE(text.length - 4)]).toEqual([1.5, -2]);
  });

  it.each([
    ['image', [2, 2, 4]],
    ['map', [2, 2, 2]],
    ['pca', []],
    ['score', [2]],
  ] as const)('as %s is refused where its shape is another', async (kind, shape) => {
    const count = shape.reduce((a: number, b: number) => a * b, 1);
    await expect(show([...shape], new Array<number>(count).fill(0), { kind } as Rendering)).rejects.toMatchObject({ code: 'cannot-be-shown', place });
  });
});

describe('a value of a socket type', () => {
  const asUsual = (preview: Parameters<typeof rendered>[1], shape: number[]): Promise<Rendered> => rendered({ shape, data: new Float32Array(shape.reduce((product, n) => product * n, 1)) }, preview, { kind: 'auto' }, place);

  it.each([
    ['image', [2, 2, 3], 'image'],
    ['image', [2, 2, 5], 'channels'],
    ['map', [2, 2, 1], 'map'],
    ['map', [2, 2, 4], 'mean'],
    ['features', [2, 2, 3], 'channels'],
    ['histogram', [2, 2, 3], 'histogram'],
    ['number', [], 'score'],
    [undefined, [2, 2, 3], 'channels'],
    [{ viewer: '@acme/x/paint' }, [2, 2, 1], 'map'],
  ] as const)('that is looked at as %o is shown so, or by its shape %o where it does not fit: %s', async (preview, shape, kind) => {
    expect((await asUsual(preview, [...shape])).kind).toBe(kind);
  });
});
