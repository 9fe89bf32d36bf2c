import { describe, expect, it } from 'vitest';
import { reducedResNet18 } from '../../../plugins/students/reduced-resnet18.ts';
import { describeSignal } from '../../../plugins/sdk/index.ts';
import { formulaImage } from '../../fixtures/backbones/weights.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';
import { agreesWithPyTorch } from '../../support/trainable-fixture.ts';

const images = { type: 'images', shape: [224, 224, 3] } as const;

describe('the reduced ResNet18 student at 224×224', () => {
  it.each([
    ['reduced', '28×28×64 /8', '14×14×128 /16'],
    ['teacher', '56×56×64 /4', '28×28×128 /8'],
  ])('at resolution "%s" gives %s and %s', (resolution, layer1, layer2) => {
    const { outputs } = inferNode(reducedResNet18, { images }, { resolution });
    expect(describeSignal(outputs['layer1']!)).toBe(layer1);
    expect(describeSignal(outputs['layer2']!)).toBe(layer2);
  });

  it('has a stem and two blocks of two 3×3 convolutions with a projection', () => {
    const trained = reducedResNet18.weights!({ images }, paramsOf(reducedResNet18))
      .filter(({ role }) => role === 'trainable')
      .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    const stem = 7 * 7 * 3 * 64 + 128;
    const first = 2 * (9 * 64 * 64 + 128) + 64 * 64 + 128;
    const second = 9 * 64 * 128 + 256 + 9 * 128 * 128 + 256 + 64 * 128 + 256;
    expect(trained).toBe(stem + first + second);
  });

  it('starts from Kaiming noise by fan-out', () => {
    const [conv1] = reducedResNet18.weights!({ images }, paramsOf(reducedResNet18));
    expect(conv1).toMatchObject({ name: 'conv1.weight', init: { kind: 'kaiming', fan: 7 * 7 * 64 } });
  });
});

const image = { type: 'images', shape: [1, 48, 40, 3], data: formulaImage(48, 40) } as const;

describeWith(engineNeed(), 'given the same weights as PyTorch', () => {
  agreesWithPyTorch('reduced', reducedResNet18, paramsOf(reducedResNet18), 'images', image);
  const full = paramsOf(reducedResNet18, { resolution: 'teacher' });
  agreesWithPyTorch('reduced-teacher-resolution', reducedResNet18, full, 'images', image);
});
