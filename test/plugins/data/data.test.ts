import { describe, expect, it } from 'vitest';
import { datasetNode } from '../../../plugins/data/dataset.ts';
import { normalise } from '../../../plugins/data/normalise.ts';
import { resizeCrop } from '../../../plugins/data/resize-crop.ts';
import { uninspectedShare } from '../../../plugins/sdk/index.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

const dataset = { type: 'dataset', shape: [] } as const;
const images = { type: 'images', shape: [224, 224, 3], stride: 1, image: [224, 224] } as const;

describe('a dataset', () => {
  it('keeps 30 % of the normal images for validation', () => {
    expect(datasetNode.dataset!(paramsOf(datasetNode, { path: 'carpet' }))).toEqual({
      path: 'carpet',
      validationShare: 0.3,
    });
  });

  it('gives a dataset', () => {
    expect(inferNode(datasetNode, {}).outputs).toEqual({ dataset });
  });
});

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

describe('the parameters of a dataset', () => {
  it.each([
    [0, true],
    [0.9, true],
    [0.95, false],
    [-0.1, false],
  ])('a share of %d validates: %s', (share, allowed) => {
    expect(datasetNode.params.validationShare.schema.safeParse(share).success).toBe(allowed);
  });
});
