import { describe, expect, it } from 'vitest';
import { pack } from '../../../plugins/teachers/index.ts';
import { describeSignal, outputSockets, type AnyNodeDefinition, type Cost, type Problem } from '../../../plugins/sdk/index.ts';

function node(type: string): AnyNodeDefinition {
  return pack.nodes.find((definition) => definition.type === type)!;
}

function infer(type: string, stages: readonly string[], image: readonly [number, number, number] = [224, 224, 3]) {
  const cost: Cost = { parameters: 0, multiplyAdds: 0, activationBytes: 0 };
  const problems: Pick<Problem, 'code' | 'message' | 'socket'>[] = [];
  const definition = node(type);
  const inputs = { images: { type: 'images', shape: image } } as const;
  const params = { stages, weights: '' };
  const outputs = definition.infer(inputs, params, {
    problem: (problem) => problems.push(problem),
    cost: (part) => Object.assign(cost, part),
  });
  const captions = Object.fromEntries(Object.entries(outputs).map(([k, v]) => [k, describeSignal(v)]));
  return { outputs, captions, cost, problems, weights: definition.weights!(inputs, params) };
}

/** Numbers in weights, less the running means and variances, which the literature does not count. */
function countedAsParameters(type: string, stages: readonly string[]): number {
  return infer(type, stages)
    .weights.filter(({ name }) => !name.includes('.running_'))
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

describe('what the teachers give at 224×224', () => {
  it('ResNet18, by stage', () => {
    expect(infer('teacher/resnet18', ['stem', 'layer1', 'layer2', 'layer3', 'layer4']).captions).toEqual({
      stem: '56×56×64 /4',
      layer1: '56×56×64 /4',
      layer2: '28×28×128 /8',
      layer3: '14×14×256 /16',
      layer4: '7×7×512 /32',
    });
  });

  for (const name of ['efficientnet-b0', 'efficientnet-lite0']) {
    it(`${name}, by stage`, () => {
      const stages = ['stem', 'stage1', 'stage2', 'stage3', 'stage4', 'stage5', 'stage6', 'stage7'];
      expect(infer(`teacher/${name}`, stages).captions).toEqual({
        stem: '112×112×32 /2',
        stage1: '112×112×16 /2',
        stage2: '56×56×24 /4',
        stage3: '28×28×40 /8',
        stage4: '14×14×80 /16',
        stage5: '14×14×112 /16',
        stage6: '7×7×192 /32',
        stage7: '7×7×320 /32',
      });
    });
  }

  it('rounds odd sizes as their padding does', () => {
    expect(infer('teacher/resnet18', ['layer2'], [225, 97, 3]).captions['layer2']).toBe('29×13×128 /8');
    expect(infer('teacher/efficientnet-b0', ['stage7'], [225, 97, 3]).captions['stage7']).toBe('8×4×320 /32');
    expect(infer('teacher/efficientnet-lite0', ['stage7'], [225, 97, 3]).captions['stage7']).toBe('8×4×320 /32');
  });

  it('remembers the image that the features were computed from', () => {
    expect(infer('teacher/resnet18', ['layer2'], [256, 128, 3]).outputs['layer2']!.image).toEqual([256, 128]);
  });
});

describe('parameters', () => {
  // torchvision states 11,689,512 for resnet18, of which its classifier has 512·1000 + 1000.
  it('of ResNet18', () => {
    expect(countedAsParameters('teacher/resnet18', ['layer4'])).toBe(11_689_512 - 513_000);
  });

  // torchvision states 5,288,548 for efficientnet_b0: less its head (320·1280 + 2·1280) and classifier (1280·1000 + 1000).
  it('of EfficientNet-B0', () => {
    expect(countedAsParameters('teacher/efficientnet-b0', ['stage7'])).toBe(5_288_548 - 412_160 - 1_281_000);
  });

  // timm states 4,652,008 for efficientnet_lite0, with the same head and classifier.
  it('of EfficientNet-Lite0', () => {
    expect(countedAsParameters('teacher/efficientnet-lite0', ['stage7'])).toBe(4_652_008 - 412_160 - 1_281_000);
  });

  it('of ResNet18 to layer1 are those of what is built', () => {
    // conv1 and its norm, and four 3×3 convolutions with norms.
    expect(countedAsParameters('teacher/resnet18', ['stem', 'layer1'])).toBe(
      3 * 64 * 49 + 128 + 4 * (64 * 64 * 9 + 128),
    );
  });

  it('are named as the publishers name them', () => {
    const names = infer('teacher/efficientnet-b0', ['stage2']).weights.map(({ name }) => name);
    expect(names).toContain('blocks.0.0.conv_pw.weight');
    expect(names).toContain('blocks.1.0.se.conv_reduce.bias');
    expect(names).toContain('blocks.1.1.bn3.running_var');
    expect(names.some((name) => name.startsWith('blocks.2.'))).toBe(false);
  });
});

describe('multiply-adds', () => {
  // He et al. 2016 state 1.8·10⁹ for ResNet18 at 224; the classifier is 0.5·10⁶ of them.
  it('of ResNet18', () => {
    expect(infer('teacher/resnet18', ['layer4']).cost.multiplyAdds).toBeCloseTo(1.814e9, -7);
  });
});

describe('teacher and mirror', () => {
  it.each(['resnet18', 'efficientnet-b0', 'efficientnet-lite0'])('%s differ in nothing but training', (name) => {
    const stages = [name === 'resnet18' ? 'layer3' : 'stage4'];
    const [teacher, mirror] = [infer(`teacher/${name}`, stages), infer(`student/${name}-mirror`, stages)];
    expect(mirror.captions).toEqual(teacher.captions);
    expect(mirror.weights.map((w) => [w.name, w.shape])).toEqual(teacher.weights.map((w) => [w.name, w.shape]));
    expect(new Set(teacher.weights.map((w) => w.role))).toEqual(new Set(['frozen']));
    expect(new Set(mirror.weights.map((w) => w.role))).toEqual(new Set(['trainable', 'statistic']));
  });

  it('only the teacher has pretrained weights', () => {
    const params = { stages: ['layer1'], weights: 'resnet18.torchvision' };
    expect(node('teacher/resnet18').pretrained!(params)).toEqual({
      architecture: 'resnet18',
      weights: 'resnet18.torchvision',
    });
    expect(node('student/resnet18-mirror').pretrained).toBeUndefined();
  });

  it('have one output socket for each chosen stage', () => {
    expect(outputSockets(node('teacher/resnet18'), { stages: ['layer1', 'layer2'] })).toEqual({
      layer1: { type: 'features' },
      layer2: { type: 'features' },
    });
  });
});

describe('an image of the wrong depth', () => {
  it('is refused at the socket', () => {
    const { problems, outputs } = infer('teacher/resnet18', ['layer1'], [224, 224, 1]);
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      { code: 'wrong-channels', socket: 'images', message: 'expected images with 3 channels, found 1' },
    ]);
  });
});

describe('the registry entries of the pack', () => {
  it('agree with their architecture in padding', () => {
    const padding = { resnet18: 'torch', 'efficientnet-b0': 'torch', 'efficientnet-lite0': 'same' };
    for (const entry of pack.weights!) expect(entry.padding).toBe(padding[entry.architecture as keyof typeof padding]);
  });

  it('have names of their own', () => {
    const names = pack.weights!.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
