import { createRandom, type WeightSpec } from '../../plugins/sdk/index.ts';
import type { PlanNode } from '../compiler/plan.ts';
import type { Values } from '../engine/program.ts';
import { weightName } from './assemble.ts';

/** Values of weights by their name in a program (`student/layer1.weight`). */
export type WeightValues = Record<string, Values>;

/** Starting values of a node's weights: drawn from run seed, node and weight name alone. */
export function initialWeights(node: PlanNode, seed: number): WeightValues {
  return Object.fromEntries(
    node.weights.map((spec) => {
      const name = weightName(node.id, spec.name);
      return [name, { shape: spec.shape, data: drawWeight(spec, seed, name) }];
    }),
  );
}

/** Those of the values that the nodes declare. */
export function weightsOf(nodes: readonly PlanNode[], values: WeightValues): WeightValues {
  return Object.fromEntries(
    nodes.flatMap((node) =>
      node.weights.map((spec) => {
        const name = weightName(node.id, spec.name);
        const value = values[name];
        if (!value) throw new Error(`weight "${name}" has no value`);
        return [name, value] as const;
      }),
    ),
  );
}

/** Values of one weight as it starts. */
export function drawWeight({ shape, init }: WeightSpec, seed: number, name: string): Float32Array {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  const random = createRandom(seed, name);
  switch (init.kind) {
    case 'zeros':
      return data;
    case 'ones':
      return data.fill(1);
    case 'constant':
      return data.fill(init.value);
    case 'normal':
      return data.map(() => init.deviation * random.normal());
    case 'kaiming': {
      const deviation = Math.sqrt(2 / init.fan);
      return data.map(() => deviation * random.normal());
    }
    case 'uniform':
      return data.map(() => init.bound * (2 * random.uniform() - 1));
  }
}
