import { describe, expect, it } from 'vitest';
import { residualStudent } from '../../../plugins/students/residual.ts';
import { describeSignal, outputSockets } from '../../../plugins/sdk/index.ts';
import { formulaImage, uniform } from '../../fixtures/backbones/weights.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';
import { agreesWithPyTorch } from '../../support/trainable-fixture.ts';

const images = { type: 'images', shape: [224, 224, 3] } as const;
const captions = (set: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(inferNode(residualStudent, { images }, set).outputs).map(([k, v]) => [k, describeSignal(v)]),
  );
const trained = (set: Record<string, unknown>) =>
  residualStudent.weights!({ images }, paramsOf(residualStudent, set))
    .filter(({ role }) => role === 'trainable')
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);

/** Two k×k convolutions and their norms, and the 1×1 skip with its norm where the shape changes. */
const block = (from: number, to: number, k: number, changes = true) =>
  from * to * k * k + 2 * to + to * to * k * k + 2 * to + (changes ? from * to + 2 * to : 0);

describe('the residual student at 224×224', () => {
  it("gives EfficientNet-B0's sizes by default: 112@14², 320@7²", () => {
    expect(captions({})).toEqual({ stage5: '14×14×112 /16', stage7: '7×7×320 /32' });
  });

  it('gives every stage', () => {
    expect(captions({ stages: ['stage1', 'stage2', 'stage3', 'stage4', 'stage6'] })).toEqual({
      stage1: '112×112×16 /2',
      stage2: '56×56×24 /4',
      stage3: '28×28×40 /8',
      stage4: '14×14×80 /16',
      stage6: '7×7×192 /32',
    });
  });

  it('has one output socket a stage', () => {
    expect(Object.keys(outputSockets(residualStudent, paramsOf(residualStudent)))).toEqual(['stage5', 'stage7']);
  });

  it('has the trainable weights of one block a stage', () => {
    const widths = [32, 16, 24, 40, 80, 112, 192, 320];
    const blocks = widths.slice(1).map((to, i) => block(widths[i]!, to, 5));
    expect(trained({})).toBe(3 * 32 * 25 + 64 + blocks.reduce((a, b) => a + b, 0));
  });

  it('is only as deep as its deepest stage', () => {
    expect(trained({ stages: ['stage2'], kernel: 3 })).toBe(3 * 32 * 9 + 64 + block(32, 16, 3) + block(16, 24, 3));
  });

  it('repeats blocks without a projection', () => {
    const deeper = trained({ stages: ['stage1'], depth: 3 }) - trained({ stages: ['stage1'], depth: 1 });
    expect(deeper).toBe(2 * block(16, 16, 5, false));
  });
});

const image = { type: 'images', shape: [1, 48, 40, 3], data: formulaImage(48, 40) } as const;

describeWith(engineNeed(), 'given the same weights as PyTorch', () => {
  const shallow = paramsOf(residualStudent, { stages: ['stage2', 'stage5'] });
  agreesWithPyTorch('residual', residualStudent, shallow, 'images', image);
  const deep = paramsOf(residualStudent, { stages: ['stage3', 'stage4'], kernel: 3, depth: 2, output: 'projection' });
  agreesWithPyTorch('residual-deep', residualStudent, deep, 'images', image);
});

describeWith(engineNeed(), 'as half of the values of an EfficientNet stage are negative', () => {
  it.each(['before-relu', 'projection'])('so may the outputs be, with output "%s"', async (output) => {
    const params = paramsOf(residualStudent, { stages: ['stage2'], output });
    const specs = residualStudent.weights!({ images }, params);
    const values = new Map(specs.map(({ name, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, Float32Array.from(uniform(name, count), (v) => (name.endsWith('running_var') ? 1 : v))] as const;
    }));
    const { stage2 } = await runNode(residualStudent, params, { images: image }, values);
    const negative = stage2!.data.filter((v) => v < 0).length / stage2!.data.length;
    expect(negative).toBeGreaterThan(0.2);
    expect(negative).toBeLessThan(0.8);
  });
});
