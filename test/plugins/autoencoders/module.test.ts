import { describe, expect, it } from 'vitest';
import { autoencoderModule } from '../../../plugins/autoencoders/module.ts';
import { uniform } from '../../fixtures/backbones/weights.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';
import { agreesWithPyTorch } from '../../support/trainable-fixture.ts';

describe('an autoencoder module', () => {
  it.each([
    [[14, 14, 112], 16],
    [[7, 7, 320], 32],
    [[1, 1, 8], 224],
  ])('reconstructs %j at its own size', (shape, stride) => {
    const image = [224, 224] as const;
    const features = { type: 'features', shape, stride, image } as const;
    expect(inferNode(autoencoderModule, { features }).outputs).toEqual({
      reconstruction: { type: 'features', shape, stride, image },
    });
  });

  it('has a bottleneck of C / 4: 320 → 80', () => {
    const features = { type: 'features', shape: [7, 7, 320], stride: 32 } as const;
    const shapes = autoencoderModule.weights!({ features }, paramsOf(autoencoderModule))
      .filter(({ layout }) => layout === 'kernel')
      .map(({ name, shape }) => [name, shape]);
    expect(shapes).toEqual([
      ['encoder.0.conv.weight', [1, 1, 320, 80]],
      ['encoder.1.conv.weight', [3, 3, 80, 80]],
      ['decoder.1.conv.weight', [3, 3, 80, 80]],
      ['decoder.0.weight', [1, 1, 80, 320]],
    ]);
  });

  it('never narrows below one channel', () => {
    const features = { type: 'features', shape: [4, 4, 2], stride: 1 } as const;
    const [first] = autoencoderModule.weights!({ features }, paramsOf(autoencoderModule, { ratio: 0.01 }));
    expect(first!.shape).toEqual([1, 1, 2, 1]);
  });

  it('costs what its convolutions cost', () => {
    const features = { type: 'features', shape: [7, 7, 320], stride: 32 } as const;
    const { cost } = inferNode(autoencoderModule, { features });
    const multiplyAdds = 49 * 320 * 80 + 16 * 9 * 80 * 80 + 49 * 9 * 80 * 80 + 49 * 80 * 320;
    expect(cost.multiplyAdds).toBe(multiplyAdds);
  });
});

const feature = (h: number, w: number, c: number) =>
  ({ type: 'features', shape: [1, h, w, c], data: Float32Array.from(uniform('feature', h * w * c)) }) as const;

describeWith(engineNeed(), 'given the same weights as PyTorch', () => {
  agreesWithPyTorch('autoencoder', autoencoderModule, paramsOf(autoencoderModule), 'features', feature(7, 7, 20));
  const deep = paramsOf(autoencoderModule, { ratio: 0.5, depth: 2 });
  agreesWithPyTorch('autoencoder-deep', autoencoderModule, deep, 'features', feature(9, 6, 12));
});
