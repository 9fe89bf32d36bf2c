import {
  choice,
  dataset,
  defineNode,
  features,
  images,
  integer,
  loss,
  map,
  number,
  score,
  text,
  toggle,
  weights,
  type AnyNodeDefinition,
  type NodeDefinition,
  type Pack,
  type Params,
  type Signal,
  type WeightSpec,
} from '../../../plugins/sdk/index.ts';

const weight = (role: WeightSpec['role']): WeightSpec => ({ name: 'w', shape: [1], layout: 'plain', role, init: { kind: 'ones' } });
const none: Signal = { type: 'loss', shape: [] };

/** A node with what matters to how a graph is cut; it is never run. */
function node<const P extends Params>(
  name: string,
  { outputs, ...parts }: Partial<NodeDefinition<P>> & { outputs: Record<string, Signal> },
): AnyNodeDefinition {
  return defineNode({
    type: `cut/${name}`,
    version: 1,
    title: name,
    summary: name,
    category: 'other',
    params: {},
    inputs: {},
    outputs: Object.fromEntries(Object.entries(outputs).map(([socket, { type }]) => [socket, { type }])),
    infer: () => outputs,
    ...parts,
  } as NodeDefinition<P>);
}

const build: NodeDefinition['build'] = () => () => ({});
const two = { a: { type: 'features', shape: [4, 4, 1] }, b: { type: 'features', shape: [2, 2, 1] } } as const;
const ofOne = { map: { type: 'map', shape: [4, 4, 1] } } as const;
const imagesOut = { images: { type: 'images', shape: [8, 8, 3] } } as const;
const validates = choice({ default: 'validation', options: { validation: 'validation', train: 'train' } });
const pass = ({ images }: { images: 'validation' | 'train' }) => ({ images, begin: () => ({ add: () => {}, finish: () => ({}) }) });
const fitSettings = {
  optimiser: { kind: 'sgd', momentum: 0, weightDecay: 0 },
  learningRate: 1,
  schedule: { kind: 'constant' },
  epochs: 1,
  batch: 1,
  keep: 'last',
  earlyStop: 0,
} as const;

/** Node types that have each capability that the compiler looks at, and nothing else. */
export const cutPack: Pack = {
  name: 'cut',
  nodes: [
    node('data', {
      outputs: { dataset: { type: 'dataset', shape: [] } },
      params: { share: number({ default: 0.3 }) },
      dataset: ({ share }) => ({ path: '', validationShare: share as number }),
    }),
    node('decode', {
      params: { from: integer({ default: 10 }), tiles: toggle({ default: false }) },
      inputs: { dataset: dataset() },
      outputs: imagesOut,
      geometry: ({ from, tiles }) =>
        tiles
          ? { mode: 'tiles', size: [8, 8], scale: 1, overlap: 0, fill: 0 }
          : { mode: 'crop', resize: [from as number, from as number], size: [8, 8] },
    }),
    node('prepare', {
      params: { by: number({ default: 1 }), note: text({ default: '', cosmetic: true }) },
      inputs: { images: images() },
      outputs: imagesOut,
      build,
    }),
    node('noise', { inputs: { images: images() }, outputs: imagesOut, random: true, build }),
    node('teacher', {
      params: { named: text({ default: '' }) },
      inputs: { images: images() },
      outputs: two,
      weights: () => [weight('frozen')],
      build,
    }),
    node('student', { inputs: { images: images() }, outputs: two, weights: () => [weight('trainable'), weight('statistic')], build }),
    node('pool', { inputs: { features: features() }, outputs: { features: two.b }, build }),
    node('module', { inputs: { features: features() }, outputs: { features: two.a }, weights: () => [weight('trainable')], build }),
    node('loss', { inputs: { teacher: features(), student: features() }, outputs: { loss: none }, build }),
    node('map-loss', { inputs: { map: map() }, outputs: { loss: none }, build }),
    node('fit', {
      inputs: { loss: loss(), also: loss({ optional: true }) },
      outputs: { weights: { type: 'weights', shape: [] } },
      fit: () => fitSettings,
    }),
    node('distance', { inputs: { teacher: features(), student: features() }, outputs: ofOne, build }),
    node('scale', {
      params: { images: validates },
      inputs: { map: map() },
      outputs: ofOne,
      weights: () => [weight('calibrated')],
      calibrate: (params) => pass(params as { images: 'train' }),
      build,
    }),
    node('sum', { inputs: { a: map(), b: map() }, outputs: ofOne, build }),
    node('look', { inputs: { map: map() }, outputs: ofOne, eager: true, build }),
    node('constant', { outputs: ofOne, build }),
    node('maximum', { inputs: { map: map() }, outputs: { score: { type: 'score', shape: [] } }, build }),
    node('detect', {
      params: { name: text({ default: 'detection' }), images: validates },
      inputs: { score: score(), fitted: weights({ optional: true }) },
      outputs: {},
      weights: () => [weight('calibrated')],
      calibrate: (params) => pass(params as { images: 'train' }),
      sink: ({ name }) => ({ name: name as string, kind: 'score', evaluate: () => ({ add: () => {}, finish: () => ({ metrics: {}, notes: [] }) }) }),
    }),
    node('locate', {
      params: { name: text({ default: 'localisation' }) },
      inputs: { map: map() },
      outputs: {},
      sink: ({ name }) => ({ name: name as string, kind: 'map', evaluate: () => ({ add: () => {}, finish: () => ({ metrics: {}, notes: [] }) }) }),
    }),
  ],
};
