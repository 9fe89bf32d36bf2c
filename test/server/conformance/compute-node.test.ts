import { describe, expect, it } from 'vitest';
import { defineNode, map, number, type WeightSpec } from '../../../plugins/sdk/index.ts';
import { computeNode } from '../../../server/conformance/index.ts';

/** `gain` times the map plus a learnt offset. */
const shifted = defineNode({
  type: 'acme/shifted',
  version: 1,
  title: 'Shifted',
  summary: 'A map, shifted.',
  category: 'other',
  params: { gain: number({ default: 2, min: 0 }) },
  inputs: { map: map() },
  outputs: { map: map() },
  infer({ map: x }, _params, ctx) {
    if (x!.shape[0]! < 2) ctx.problem({ code: 'too-small', message: 'expected at least 2 rows, found 1' });
    return { map: x! };
  },
  weights: (): WeightSpec[] => [{ name: 'offset', shape: [1], layout: 'plain', role: 'trainable', init: { kind: 'constant', value: 0 } }],
  build: ({ tf, weights }, { gain }) => (inputs) => ({ map: tf.add(tf.mul(inputs['map']!, gain), weights['offset']!.read()) }),
});

const given = (rows: number) => ({ map: { type: 'map' as const, shape: [rows, 2, 1], data: Float32Array.from({ length: 2 * rows }, (_, i) => i) } });
const weights = { offset: Float32Array.of(0.5) };

describe('computeNode', () => {
  it('gives what a node makes of values, with parameters as they are by default where none are given', async () => {
    expect(await computeNode(shifted, { inputs: given(2), weights })).toEqual({ map: { shape: [2, 2, 1], data: Float32Array.of(0.5, 2.5, 4.5, 6.5) } });
    expect((await computeNode(shifted, { params: { gain: 10 }, inputs: given(2), weights })).map!.data).toEqual(Float32Array.of(0.5, 10.5, 20.5, 30.5));
  });

  it('refuses what the node refuses, and what it lacks', async () => {
    await expect(computeNode(shifted, { inputs: given(1), weights })).rejects.toMatchObject({ code: 'input-refused', message: expect.stringContaining('expected at least 2 rows, found 1') as string });
    await expect(computeNode(shifted, { inputs: given(2) })).rejects.toMatchObject({ code: 'weights-missing', message: expect.stringContaining('offset [1]') as string });
    await expect(computeNode(shifted, { params: { gain: -1 }, inputs: given(2), weights })).rejects.toMatchObject({ code: 'invalid-parameter', place: { field: 'gain' } });
    await expect(computeNode(shifted, { params: { gian: 1 }, inputs: given(2), weights })).rejects.toMatchObject({ code: 'invalid-parameter', place: { field: 'gian' } });
  });
});
