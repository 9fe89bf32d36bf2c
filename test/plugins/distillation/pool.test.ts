import { describe, expect, it } from 'vitest';
import { poolFeatures } from '../../../plugins/distillation/pool.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

describe('pooled features', () => {
  it('56×56×64 /4 → 28×28×64 /8', () => {
    const features = { type: 'features', shape: [56, 56, 64], stride: 4, image: [224, 224] } as const;
    expect(inferNode(poolFeatures, { features }).outputs).toEqual({
      features: { type: 'features', shape: [28, 28, 64], stride: 8, image: [224, 224] },
    });
  });

  it('leave out an odd row: 7×7 → 3×3', () => {
    const features = { type: 'features', shape: [7, 7, 2], stride: 32 } as const;
    expect(inferNode(poolFeatures, { features }).outputs['features']!.shape).toEqual([3, 3, 2]);
  });

  it('need a window that fits', () => {
    const features = { type: 'features', shape: [4, 3, 2], stride: 32 } as const;
    const { outputs, problems } = inferNode(poolFeatures, { features }, { window: 4 });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      {
        code: 'window-too-large',
        field: 'window',
        message: 'expected a window within the 4×3 features, found 4',
        hint: 'lower `window` to 3 or less',
      },
    ]);
  });
});

describeWith(engineNeed(), 'pooling x=[2,4,1] by 2', () => {
  it('averages each window', async () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const features = { type: 'features', shape: [1, 2, 4, 1], data } as const;
    const { features: found } = await runNode(poolFeatures, paramsOf(poolFeatures), { features }, new Map());
    expect(found!.shape).toEqual([1, 1, 2, 1]);
    expect([...found!.data]).toEqual([(1 + 2 + 5 + 6) / 4, (3 + 4 + 7 + 8) / 4]);
  });
});
