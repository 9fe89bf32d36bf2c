import { expect, it } from 'vitest';
import { defineNode, features, fromNetwork, type Net } from '../../../plugins/sdk/index.ts';
import { openBackend } from '../../../server/conformance/backend.ts';
import { runNode } from '../../../server/conformance/run-node.ts';

const network = fromNetwork<Record<never, never>>({
  settings: () => ({ padding: 'torch', epsilon: 1e-5, momentum: 0.9, trainable: true }),
  forward: <X>(net: Net<X>, inputs: Record<string, X>): Record<string, X> => ({
    y: net.conv(inputs['x']!, { name: 'c', filters: 1, kernel: 1, stride: 2 }),
  }),
});
const node = defineNode({
  type: 'test/strided',
  version: 1,
  title: 'Strided',
  summary: 'A strided 1×1 convolution of few channels.',
  category: 'other',
  params: {},
  inputs: { x: features() },
  outputs: { y: features() },
  ...network,
});

it('a 1×1 convolution of stride 2 over [3,5,2] takes each second position, its kernel\'s gradient their sums', async () => {
  const inputs = { x: { type: 'features' as const, shape: [3, 5, 2] } };
  const outputs = node.infer(inputs, {}, { cost: () => {}, problem: () => {} });
  expect(outputs['y']!.shape).toEqual([2, 3, 1]);
  // x[h][w][c] = 100h + 10w + c
  const x = Float32Array.from({ length: 30 }, (_, i) => 100 * Math.floor(i / 10) + 10 * (Math.floor(i / 2) % 5) + (i % 2));
  const { outputs: given, gradients } = runNode(await openBackend(), {
    definition: node,
    params: {},
    inputs,
    outputs,
    weights: node.weights!(inputs, {}),
    feeds: { x: { shape: [1, 3, 5, 2], data: x } },
    values: new Map([['c.weight', Float32Array.of(1, 2)], ['c.bias', Float32Array.of(5)]]),
    training: true,
    loss: ({ y }, tf) => tf.sum(y!),
  });
  // 3·(100h + 10w) + 2 + 5 at h = 0, 2 and w = 0, 2, 4
  expect(Array.from(given['y']!.data)).toEqual([7, 67, 127, 607, 667, 727]);
  expect(Array.from(gradients['c.weight']!)).toEqual([720, 726]);
  expect(Array.from(gradients['c.bias']!)).toEqual([6]);
});
