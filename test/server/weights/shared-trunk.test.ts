import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resnet18 } from '../../../plugins/teachers/resnet18.ts';
import { importWeights } from '../../../server/weights/import.ts';
import { readSafetensors } from '../../../server/weights/safetensors.ts';
import { describeWith, needs, sharedPath } from '../../support/needs.ts';

const file = 'weights/resnet18_imagenet_trunk.safetensors';
const stages = ['layer1', 'layer2', 'layer3'] as const;

describeWith(needs.shared(file), 'the folded ResNet18 trunk', () => {
  const specs = resnet18.teacher.weights!(
    { images: { type: 'images', shape: [224, 224, 3] } },
    { stages, weights: '' },
  );

  it('fills the stages it has', async () => {
    const { values, form, unused } = importWeights(
      await readSafetensors(sharedPath(file)),
      resnet18.architecture,
      specs,
      file,
    );
    expect(form).toBe('folded');
    expect(unused).toEqual([]);
    expect([...values.keys()]).toEqual(specs.map(({ name }) => name));
    expect(readFileSync(sharedPath(file)).length).toBeGreaterThan(4 * 2_780_544);
  });
});
