import { describe, expect, it } from 'vitest';
import { combine } from '../../../plugins/scoring/combine.ts';
import { createRandom, inputSockets, type Signal } from '../../../plugins/sdk/index.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

const map = (side: number, extra: Partial<Signal> = {}): Signal => ({
  type: 'map',
  shape: [side, side, 1],
  stride: 224 / side,
  image: [224, 224],
  ...extra,
});

describe('the sockets of a combination', () => {
  it('are one a map', () => {
    expect(Object.keys(inputSockets(combine, paramsOf(combine, { maps: 3 })))).toEqual(['map1', 'map2', 'map3']);
  });
});

describe('what a combination gives', () => {
  it("maps 14×14 /16 and 7×7 /32 of 224×224 images → one map of the images' size", () => {
    expect(inferNode(combine, { map1: map(14), map2: map(7) })).toMatchObject({
      outputs: { map: { type: 'map', shape: [224, 224, 1], stride: 1, image: [224, 224] } },
      problems: [],
    });
  });

  it('costs four multiply-adds a pixel for each map that is enlarged, and one a map', () => {
    const { cost } = inferNode(combine, { map1: map(7), map2: map(224) });
    expect(cost).toEqual({ parameters: 0, multiplyAdds: 224 * 224 * (4 + 2), activationBytes: 4 * 224 * 224 * (1 + 1) });
  });

  const centred = { map1: map(7), map2: map(7, { centred: true }) };
  it.each([
    ['a sum with a centred map', centred, { operation: 'sum' }, true],
    ['a sum of maps above zero', { map1: map(7), map2: map(7) }, { operation: 'sum' }, undefined],
    ['a weighted sum that subtracts', { map1: map(7), map2: map(7) }, { operation: 'weighted-sum', weights: [1, -1] }, true],
    ['a weighted sum that does not', { map1: map(7), map2: map(7) }, { operation: 'weighted-sum', weights: [1, 0] }, undefined],
    ['a sum, whatever weights are not used', { map1: map(7), map2: map(7) }, { operation: 'sum', weights: [1, -1] }, undefined],
  ])('%s says whether it may be below zero', (_, inputs, set, expected) => {
    const { outputs, problems } = inferNode(combine, inputs, set);
    expect(problems).toEqual([]);
    expect(outputs['map']!.centred).toBe(expected);
  });
});

describe('what a combination refuses', () => {
  it('a map that does not know its images, at its socket', () => {
    const { outputs, problems } = inferNode(combine, { map1: map(7), map2: { type: 'map', shape: [7, 7, 1] } });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([{ code: 'unknown-image-size', socket: 'map2' }]);
  });

  it('maps of images of two sizes, at the second', () => {
    const { outputs, problems } = inferNode(combine, { map1: map(7), map2: map(8, { image: [256, 128] }) });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      {
        code: 'image-mismatch',
        socket: 'map2',
        message: 'expected a map of 224×224 images as on "map1", found one of 256×128',
        hint: 'combine maps of the same images',
      },
    ]);
  });

  it('a product with centred maps, at each of them', () => {
    const inputs = { map1: map(7, { centred: true }), map2: map(7), map3: map(7, { centred: true }) };
    const { outputs, problems } = inferNode(combine, inputs, { maps: 3 });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      { code: 'centred-product', socket: 'map1' },
      { code: 'centred-product', socket: 'map3' },
    ]);
  });

  it('weights that are not one a map, where they are used', () => {
    const inputs = { map1: map(7), map2: map(7) };
    expect(inferNode(combine, inputs, { weights: [1] }).problems).toEqual([]);
    const { outputs, problems } = inferNode(combine, inputs, { operation: 'weighted-sum', weights: [1, 2, 3] });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      { code: 'invalid-parameter', field: 'weights', message: 'expected 2 weights, one for each map, found 3' },
    ]);
  });

  it('several things at once, each in its place', () => {
    const inputs = { map1: map(7, { centred: true }), map2: map(7, { image: [8, 8] }) };
    const { problems } = inferNode(combine, inputs, { operation: 'product' });
    expect(problems.map(({ code, socket }) => `${code} ${socket}`)).toEqual(['image-mismatch map2', 'centred-product map1']);
  });
});

/** Bilinear interpolation of one row-major map with half-pixel centres, border values going on; straight from the formula. */
function enlarge(values: readonly number[], [h, w]: readonly [number, number], [height, width]: readonly [number, number]): number[] {
  const at = (i: number, from: number, to: number): { low: number; high: number; share: number } => {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(place);
    return { low, high: Math.min(low + 1, from - 1), share: place - low };
  };
  return Array.from({ length: height * width }, (_, i) => {
    const y = at(Math.floor(i / width), h, height);
    const x = at(i % width, w, width);
    const row = (r: number): number => values[r * w + x.low]! * (1 - x.share) + values[r * w + x.high]! * x.share;
    return row(y.low) * (1 - y.share) + row(y.high) * y.share;
  });
}

describeWith(engineNeed(), 'combined maps', () => {
  const at = (h: number, w: number, values: readonly number[], image: readonly [number, number]) =>
    ({ type: 'map', shape: [1, h, w, 1], image, data: Float32Array.from(values) }) as const;
  const combined = async (set: Record<string, unknown>, ...maps: ReturnType<typeof at>[]) => {
    const inputs = Object.fromEntries(maps.map((value, i) => [`map${i + 1}`, value]));
    const { map: found } = await runNode(combine, paramsOf(combine, { maps: maps.length, ...set }), inputs);
    return { shape: found!.shape, data: [...found!.data] };
  };

  it('one map 1×2 of 0 and 4, enlarged to 1×4: 0, 1, 3, 4', async () => {
    expect(await combined({}, at(1, 2, [0, 4], [1, 4]))).toEqual({ shape: [1, 1, 4, 1], data: [0, 1, 3, 4] });
  });

  it('one map 3×4 enlarged to 7×10, as the formula has it', async () => {
    const random = createRandom('combine');
    const values = Array.from({ length: 12 }, random.uniform);
    const { shape, data } = await combined({}, at(3, 4, values, [7, 10]));
    expect(shape).toEqual([1, 7, 10, 1]);
    enlarge(values, [3, 4], [7, 10]).forEach((value, i) => expect(data[i]).toBeCloseTo(value, 5));
  });

  const [first, second] = [at(1, 2, [1, 3], [1, 2]), at(1, 2, [5, 0.5], [1, 2])];
  it.each([
    ['product', {}, [5, 1.5]],
    ['sum', {}, [6, 3.5]],
    ['weighted-sum', { weights: [2, -1] }, [-3, 5.5]],
  ])('%s of two maps 1×2', async (operation, set, expected) => {
    expect((await combined({ operation, ...set }, first, second)).data).toEqual(expected);
  });

  it('product of 1×1 and 1×2 at 1×2: the small one everywhere', async () => {
    expect((await combined({}, at(1, 1, [2], [1, 2]), second)).data).toEqual([10, 1]);
  });

  it('three maps, the last weighed by nought', async () => {
    const set = { operation: 'weighted-sum', weights: [1, 10, 0] };
    expect((await combined(set, first, second, at(1, 2, [9, 9], [1, 2]))).data).toEqual([51, 8]);
  });
});
