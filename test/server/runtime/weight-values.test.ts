import { describe, expect, it } from 'vitest';
import type { Initialiser, WeightSpec } from '../../../plugins/sdk/index.ts';
import type { PlanNode } from '../../../server/compiler/plan.ts';
import { drawWeight, initialWeights, weightsOf } from '../../../server/runtime/weight-values.ts';

const spec = (name: string, shape: readonly number[], init: Initialiser): WeightSpec => ({
  name,
  shape,
  init,
  layout: 'plain',
  role: 'trainable',
});
const node = (id: string, ...weights: WeightSpec[]): PlanNode => ({ id, weights }) as unknown as PlanNode;
const normal: Initialiser = { kind: 'normal', deviation: 2 };

function momentsOf(values: Float32Array): { mean: number; deviation: number; most: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), most: values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) };
}

describe('a weight as it starts', () => {
  const draw = (init: Initialiser, shape: readonly number[] = [100, 200]): Float32Array => drawWeight(spec('w', shape, init), 5, 'n/w');

  it('is filled with what was declared', () => {
    expect([...draw({ kind: 'zeros' }, [2])]).toEqual([0, 0]);
    expect([...draw({ kind: 'ones' }, [2])]).toEqual([1, 1]);
    expect([...draw({ kind: 'constant', value: 0.25 }, [])]).toEqual([0.25]);
  });

  it('is drawn from the distribution that was declared', () => {
    // 20,000 draws: means and deviations are within a few hundredths of the distribution's.
    const { mean, deviation } = momentsOf(draw(normal));
    expect(Math.abs(mean)).toBeLessThan(0.08);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.08);
    expect(Math.abs(momentsOf(draw({ kind: 'kaiming', fan: 8 })).deviation - 0.5)).toBeLessThan(0.02);
    const uniform = momentsOf(draw({ kind: 'uniform', bound: 3 }));
    expect(Math.abs(uniform.deviation - Math.sqrt(3))).toBeLessThan(0.06);
    expect(uniform.most).toBeLessThanOrEqual(3);
    expect(uniform.most).toBeGreaterThan(2.9);
  });
});

describe('weights of nodes', () => {
  it('are drawn from seed, node and name alone, so that no other node or order matters', () => {
    const [a, b] = [spec('a', [4], normal), spec('b', [4], normal)];
    const both = initialWeights(node('n', a, b), 1);
    expect(initialWeights(node('n', b, a), 1)).toEqual(both);
    expect(initialWeights(node('n', b), 1)['n/b']).toEqual(both['n/b']);
    expect(both['n/a']!.data).not.toEqual(both['n/b']!.data);
    expect(initialWeights(node('m', a), 1)['m/a']!.data).not.toEqual(both['n/a']!.data);
    expect(initialWeights(node('n', a), 2)['n/a']!.data).not.toEqual(both['n/a']!.data);
  });

  it('are picked from all values by what nodes declare; one without a value is told', () => {
    const values = initialWeights(node('n', spec('a', [1], normal), spec('b', [1], normal)), 0);
    expect(weightsOf([node('n', spec('b', [1], normal))], values)).toEqual({ 'n/b': values['n/b'] });
    expect(() => weightsOf([node('n', spec('c', [1], normal))], values)).toThrow('weight "n/c" has no value');
  });
});
