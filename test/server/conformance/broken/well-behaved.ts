import { defineNode, features, integer, type NodeDefinition, type Params, type WeightSpec } from '../../../../plugins/sdk/index.ts';

const params = { gain: integer({ default: 2, min: 1, max: 4, help: 'What the features are multiplied by.' }) };

export const weight = (name: string, more: Partial<WeightSpec> = {}): WeightSpec => ({
  name,
  shape: [],
  layout: 'plain',
  role: 'trainable',
  init: { kind: 'ones' },
  ...more,
});

/** Keeps to every rule: features times a gain, times a trainable scale. */
export const wellBehaved = defineNode({
  type: 'acme/scale',
  version: 2,
  title: 'Scale features',
  summary: 'Multiplies features by a gain and by a scale that is fitted.',
  category: 'other',
  params,
  inputs: { features: features() },
  outputs: { features: features() },
  infer: (inputs) => ({ features: inputs['features']! }),
  weights: () => [weight('scale')],
  build({ tf, weights }, { gain }) {
    return (inputs) => ({ features: tf.mul(tf.mul(inputs['features']!, gain), weights['scale']!.read()) });
  },
  migrate: { 1: ({ factor, ...rest }) => ({ ...rest, ...(factor === undefined ? {} : { gain: factor }) }) },
});

type WellBehaved = typeof wellBehaved extends NodeDefinition<infer P extends Params> ? NodeDefinition<P> : never;

/** The same but for a part, which breaks a rule. */
export function broken(part: Partial<WellBehaved>): WellBehaved {
  return { ...wellBehaved, ...part };
}
