import { describe, expect, it } from 'vitest';
import { pack } from '../../../../plugins/teachers/index.ts';
import { figuresOf, networkOf } from '../../../../server/weights/check/stages.ts';

describe('figures of a stage', () => {
  it('are those of all its values, channels that never change being dead', () => {
    const data = Float32Array.of(0, 5, 1, 0, 5, -3, 2, 5, 0, 2, 5, 2);
    expect(figuresOf('stem', { shape: [1, 2, 2, 3], data })).toEqual({
      stage: 'stem',
      shape: [2, 2, 3],
      mean: 2,
      deviation: expect.closeTo(Math.sqrt((4 * 25 + 1 + 9 + 4 + 4 + 4) / 12 - 4), 9),
      largest: 5,
      zeros: 0.25,
      deadChannels: 1,
      notFinite: 0,
    });
  });

  it('leave out what is not finite, and count it', () => {
    const data = Float32Array.of(1, NaN, 3, Infinity);
    expect(figuresOf('stem', { shape: [1, 1, 2, 2], data })).toMatchObject({ mean: 2, deviation: 1, largest: 3, notFinite: 2, deadChannels: 1 });
    const none = figuresOf('stem', { shape: [1, 1, 1, 1], data: Float32Array.of(NaN) });
    expect(none).toMatchObject({ mean: 0, deviation: 0, largest: 0, notFinite: 1, deadChannels: 1 });
  });
});

describe('the network of an architecture', () => {
  it('is the frozen node that takes its weights', () => {
    const network = networkOf([pack], 'efficientnet-b0')!;
    expect(network.definition.type).toBe('teacher/efficientnet-b0');
    expect(network.stages).toEqual(['stem', 'stage1', 'stage2', 'stage3', 'stage4', 'stage5', 'stage6', 'stage7']);
    expect(network.weightsUpTo('stem').map(({ name }) => name)).toEqual(['conv_stem.weight', 'bn1.weight', 'bn1.bias', 'bn1.running_mean', 'bn1.running_var']);
  });

  it('is none where no pack has it', () => {
    expect(networkOf([pack], 'vgg19')).toBeUndefined();
  });
});
