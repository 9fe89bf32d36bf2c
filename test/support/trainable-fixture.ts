import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AnyNodeDefinition, HostTensor, Tensor, Tf } from '../../plugins/sdk/index.ts';
import { importWeights } from '../../server/weights/import.ts';
import { formulaState, uniform } from '../fixtures/backbones/weights.ts';
import { runNode } from './eager-node.ts';
import { expectStage, type StageFigures } from './stage-figures.ts';
import { trainNode } from './train-node.ts';

interface Case {
  tensors: Record<string, number[]>;
  outputs: Record<string, StageFigures>;
  step: { loss: number; gradients: Record<string, number>; averages: Record<string, number> };
}

const file = new URL('../fixtures/trainable/networks.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Case>;

/** Tests a node against a case of `fixtures/trainable/make.py`: outputs, and one training step of two inputs. */
export function agreesWithPyTorch(
  name: string,
  definition: AnyNodeDefinition,
  params: unknown,
  socket: string,
  input: HostTensor & { type: 'images' | 'features' },
): void {
  const { tensors, outputs, step } = cases[name]!;
  const specs = definition.weights!({ [socket]: { type: input.type, shape: input.shape.slice(1) } }, params as never);
  const values = () => {
    const asTheyAre = { name, title: name, keyMaps: [{ name: 'as they are', rules: [] }], weights: () => specs };
    return importWeights(formulaState(tensors), asTheyAre, specs, name).values;
  };

  it(`${name}: has the weights that PyTorch's has`, () => {
    expect(specs.map((spec) => spec.name).sort()).toEqual(Object.keys(tensors).sort());
  });

  it(`${name}: outputs agree within 1e-4`, async () => {
    const found = await runNode(definition, params, { [socket]: input }, values());
    expect(Object.keys(found)).toEqual(Object.keys(outputs));
    for (const [output, figures] of Object.entries(outputs)) expectStage(found[output]!, figures);
  });

  it(`${name}: loss, gradients and moving averages of a training step agree within 1e-3`, async () => {
    const found = await trainNode(definition, params, { [socket]: withTurned(input) }, values(), weighedMeans);
    expect(relative(found.loss, step.loss)).toBeLessThan(1e-3);
    expect(Object.keys(found.gradients).sort()).toEqual(Object.keys(step.gradients).sort());
    // A bias before a mean of zero weight has a gradient of rounding errors, hence a floor.
    const floor = 1e-4 * Math.max(...Object.values(step.gradients));
    for (const [weight, norm] of Object.entries(step.gradients)) {
      expect(Math.abs(found.gradients[weight]! - norm), weight).toBeLessThan(1e-3 * norm + floor);
    }
    expect(Object.keys(found.assigned).sort()).toEqual(Object.keys(step.averages).sort());
    for (const [weight, mean] of Object.entries(step.averages)) {
      const moved = found.assigned[weight]!;
      expect(Math.abs(moved.reduce((sum, v) => sum + v, 0) / moved.length - mean), weight).toBeLessThan(1e-4);
    }
  });
}

function relative(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.abs(expected);
}

/** The sum over the outputs of the mean of output × a formula. */
function weighedMeans(outputs: Record<string, Tensor>, tf: Tf): Tensor {
  const means = Object.entries(outputs).map(([name, y]) => {
    const weights = tf.tensor(Float32Array.from(uniform(`loss ${name}`, y.size)), y.shape);
    return tf.mean(tf.mul(y, weights));
  });
  return tf.addN(means);
}

/** A batch of the input and the input with its rows and columns reversed. */
function withTurned({ shape, data, type }: HostTensor & { type: 'images' | 'features' }) {
  const channels = shape.at(-1)!;
  const turned = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += channels) {
    turned.set(data.subarray(data.length - at - channels, data.length - at), at);
  }
  const both = new Float32Array(2 * data.length);
  both.set(data);
  both.set(turned, data.length);
  return { type, shape: [2, ...shape.slice(1)], data: both };
}
