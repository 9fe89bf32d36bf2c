import { describe, expect, it } from 'vitest';
import { distillationLoss } from '../../../plugins/distillation/loss.ts';
import { inputSockets, type Signal } from '../../../plugins/sdk/index.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

const features = (h: number, w: number, c: number): Signal => ({ type: 'features', shape: [h, w, c], image: [224, 224] });
const pair = (h: number, w: number, c: number) => ({ teacher1: features(h, w, c), student1: features(h, w, c) });

describe('the sockets of a distillation loss', () => {
  it('are one pair a layer', () => {
    expect(Object.keys(inputSockets(distillationLoss, paramsOf(distillationLoss, { layers: 3 })))).toEqual([
      'teacher1', 'student1', 'teacher2', 'student2', 'teacher3', 'student3',
    ]);
  });
});

describe('what a distillation loss accepts', () => {
  it('pairs of one shape, each pair of its own', () => {
    const inputs = { ...pair(14, 14, 112), teacher2: features(7, 7, 320), student2: features(7, 7, 320) };
    expect(inferNode(distillationLoss, inputs)).toMatchObject({
      outputs: { loss: { type: 'loss', shape: [] } },
      problems: [],
    });
  });

  it('refuses other channels, at the socket of the student', () => {
    const inputs = { teacher1: features(7, 7, 320), student1: features(7, 7, 192) };
    const { outputs, problems } = inferNode(distillationLoss, inputs, { layers: 1 });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      { code: 'shape-mismatch', socket: 'student1', message: 'expected 320 channels as on "teacher1", found 192' },
    ]);
  });

  it('says that a teacher of twice the size can be pooled', () => {
    const inputs = { ...pair(28, 28, 64), teacher2: features(28, 28, 128), student2: features(14, 14, 128) };
    expect(inferNode(distillationLoss, inputs).problems).toMatchObject([
      {
        code: 'shape-mismatch',
        socket: 'student2',
        message: 'expected 28×28 positions as on "teacher2", found 14×14',
        hint: 'put a "Pool features" node after the teacher, or connect outputs of the same stride',
      },
    ]);
  });

  it('reports every pair that does not fit, and weights that are not one a layer', () => {
    const inputs = {
      teacher1: features(7, 7, 1), student1: features(7, 7, 2),
      teacher2: features(7, 7, 1), student2: features(5, 5, 1),
    };
    const { problems } = inferNode(distillationLoss, inputs, { alpha: [1, 2, 3] });
    expect(problems.map(({ field, socket }) => field ?? socket)).toEqual(['alpha', 'student1', 'student2']);
    expect(problems[0]).toMatchObject({ message: 'expected 2 weights, one a layer, found 3' });
  });
});

describeWith(engineNeed(), 'a loss of two layers', () => {
  // Layer 1, 1×2×2: parallel, then at right angles → ½‖·‖² is 0 and 1, so its mean is 0.5.
  // Layer 2, 1×1×2: opposite → ½·2² = 2.
  const inputs = {
    teacher1: { type: 'features', shape: [1, 1, 2, 2], data: Float32Array.of(3, 0, 1, 0) },
    student1: { type: 'features', shape: [1, 1, 2, 2], data: Float32Array.of(7, 0, 0, 5) },
    teacher2: { type: 'features', shape: [1, 1, 1, 2], data: Float32Array.of(1, 1) },
    student2: { type: 'features', shape: [1, 1, 1, 2], data: Float32Array.of(-2, -2) },
  } as const;
  const lossOf = async (set: Record<string, unknown>) => {
    const { loss } = await runNode(distillationLoss, paramsOf(distillationLoss, set), inputs, new Map());
    expect(loss!.shape).toEqual([]);
    return loss!.data[0];
  };

  it.each([
    ['mean over layers by default: (0.5 + 2) / 2', {}, 1.25],
    ['sum over layers, Eq. 3: 0.5 + 2', { over: 'sum' }, 2.5],
    ['weighed by α: (4 · 0.5 + 0.25 · 2) / 2', { alpha: [4, 0.25] }, 1.25],
    ['not squared, Eq. 1: (½ · √2 / 2 + ½ · 2) / 2', { form: 'l2' }, (Math.SQRT2 / 4 + 1) / 2],
    ['cosine: as squared', { form: 'cosine' }, 1.25],
    // Layer 1: ((16 + 0) / 2 + (1 + 25) / 2) / 2 = 10.5; layer 2: 9.
    ['mean squared error: (10.5 + 9) / 2', { form: 'mse' }, 9.75],
  ])('%s', async (_, set, expected) => {
    expect(await lossOf(set)).toBeCloseTo(expected, 5);
  });

  it('averages over the images of a batch', async () => {
    const both = { layers: 1 };
    const batch = {
      teacher1: { type: 'features', shape: [2, 1, 1, 2], data: Float32Array.of(1, 0, 1, 0) },
      student1: { type: 'features', shape: [2, 1, 1, 2], data: Float32Array.of(1, 0, -1, 0) },
    } as const;
    const { loss } = await runNode(distillationLoss, paramsOf(distillationLoss, both), batch, new Map());
    expect(loss!.data[0]).toBeCloseTo(1, 6);
  });
});
