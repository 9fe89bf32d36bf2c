import { describe, expect, it } from 'vitest';
import { normalise } from '../../../plugins/data/normalise.ts';
import { resizeCrop } from '../../../plugins/data/resize-crop.ts';
import { uninspectedShare } from '../../../plugins/sdk/index.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

const dataset = { type: 'dataset', shape: [] } as const;
const images = { type: 'images', shape: [224, 224, 3], stride: 1, image: [224, 224] } as const;

describe('resize and crop', () => {
  it('gives 224×224 of 256×256 by default, as the paper', () => {
    expect(inferNode(resizeCrop, { dataset })).toMatchObject({ outputs: { images }, problems: [] });
    expect(resizeCrop.geometry!(paramsOf(resizeCrop))).toEqual({ mode: 'crop', resize: [256, 256], size: [224, 224] });
  });

  it('says what share of the image is not inspected: 1 − 224² / 256²', () => {
    expect(uninspectedShare(resizeCrop.geometry!(paramsOf(resizeCrop)))).toBeCloseTo(0.234375, 12);
  });

  it('gives height before width', () => {
    const { outputs } = inferNode(resizeCrop, { dataset }, { resize: [100, 200], crop: [96, 160] });
    expect(outputs['images']).toEqual({ type: 'images', shape: [96, 160, 3], stride: 1, image: [96, 160] });
  });

  it('refuses a crop larger than the image, at the parameter', () => {
    const { outputs, problems } = inferNode(resizeCrop, { dataset }, { resize: [256, 200] });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      {
        code: 'crop-too-large',
        field: 'crop',
        message: 'expected a crop within the resized 256×200 px, found 224×224 px',
        hint: 'lower `crop` or raise `resize`',
      },
    ]);
  });

  it('refuses parts of a pixel', () => {
    const { problems } = inferNode(resizeCrop, { dataset }, { resize: [256.5, 256] });
    expect(problems).toMatchObject([{ code: 'invalid-parameter', field: 'resize' }]);
  });

  it('looks at the whole image, letterboxed or not, or at tiles of it, and gives `crop` to the network', () => {
    const geometryOf = (set: Record<string, unknown>): unknown => resizeCrop.geometry!(paramsOf(resizeCrop, set));
    const size = [96, 160];
    expect(geometryOf({ mode: 'whole', crop: size })).toEqual({ mode: 'whole', size });
    expect(geometryOf({ mode: 'letterbox', crop: size, fill: 0 })).toEqual({ mode: 'letterbox', size, fill: 0 });
    expect(geometryOf({ mode: 'tiles', crop: size, scale: 2, overlap: 0.5 })).toEqual({ mode: 'tiles', size, scale: 2, overlap: 0.5, fill: 0.5 });
    // What a mode does not look at cannot be wrong: `resize` is for the crop alone.
    const { outputs, problems } = inferNode(resizeCrop, { dataset }, { mode: 'tiles', crop: [512, 512], resize: [7.5, 7] });
    expect([outputs['images']!.shape, problems]).toEqual([[512, 512, 3], []]);
  });

  it('inspects all of the image but with the crop', () => {
    for (const mode of ['whole', 'letterbox', 'tiles']) {
      expect(uninspectedShare(resizeCrop.geometry!(paramsOf(resizeCrop, { mode })))).toBe(0);
    }
  });

  it('of version 1 is the crop', () => {
    expect(resizeCrop.migrate![1]!({ resize: [300, 300], crop: [64, 64] })).toEqual({ mode: 'crop', resize: [300, 300], crop: [64, 64] });
  });

  it('keeps to sizes and shares that can be meant', () => {
    const takes = (name: keyof typeof resizeCrop.params, value: unknown): boolean => resizeCrop.params[name].schema.safeParse(value).success;
    expect([takes('crop', [8192, 8192]), takes('crop', [8193, 64]), takes('resize', [64, 1e9])]).toEqual([true, false, false]);
    expect([takes('overlap', 0.75), takes('overlap', 0.8), takes('overlap', -0.1)]).toEqual([true, false, false]);
    expect([takes('scale', 0.5), takes('scale', 0), takes('scale', 5), takes('fill', 1.1)]).toEqual([true, false, false, false]);
  });

  it('takes one height and one width, no more', () => {
    expect(resizeCrop.params.resize.schema.safeParse([256]).success).toBe(false);
    expect(resizeCrop.params.resize.schema.safeParse([256, 0]).success).toBe(false);
    expect(resizeCrop.params.resize.schema.safeParse([256, 256]).success).toBe(true);
  });
});

describe('normalisation', () => {
  it('keeps shape and position', () => {
    expect(inferNode(normalise, { images }).outputs).toEqual({ images });
  });

  it('refuses grey images at the socket', () => {
    const { outputs, problems } = inferNode(normalise, { images: { ...images, shape: [8, 8, 1] } });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([{ code: 'wrong-channels', socket: 'images' }]);
  });

  it('refuses to divide by zero, where the deviation is used', () => {
    const deviation = [0.5, 0, 0.5];
    expect(inferNode(normalise, { images }, { deviation }).problems).toEqual([]);
    expect(inferNode(normalise, { images }, { preset: 'custom', deviation }).problems).toMatchObject([
      { code: 'invalid-parameter', field: 'deviation', message: 'expected deviations above 0, found 0.5, 0, 0.5' },
    ]);
  });

  it('costs nothing where there is none', () => {
    expect(inferNode(normalise, { images }, { preset: 'none' }).cost.multiplyAdds).toBe(0);
    expect(inferNode(normalise, { images }).cost.multiplyAdds).toBe(224 * 224 * 3);
  });
});

describeWith(engineNeed(), 'one pixel of red 0, green 0.5, blue 1', () => {
  it.each([
    ['imagenet', {}, [-0.485 / 0.229, (0.5 - 0.456) / 0.224, (1 - 0.406) / 0.225]],
    ['lite0', {}, [-0.498 / 0.502, 0.002 / 0.502, 1]],
    ['none', {}, [0, 0.5, 1]],
    ['custom', { mean: [0.1, 0.2, 0.3], deviation: [1, 2, 0.5] }, [-0.1, 0.15, 1.4]],
  ])('normalised by "%s"', async (preset, set, expected) => {
    const pixel = { type: 'images', shape: [1, 1, 1, 3], data: Float32Array.of(0, 0.5, 1) } as const;
    const { images: found } = await runNode(normalise, paramsOf(normalise, { preset, ...set }), { images: pixel }, new Map());
    expected.forEach((value, i) => expect(found!.data[i]).toBeCloseTo(value, 5));
  });
});
