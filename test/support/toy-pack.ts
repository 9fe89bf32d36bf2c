import {
  choice,
  defineNode,
  features,
  images,
  integer,
  loss,
  numbers,
  stages,
  text,
  type Pack,
  type Signals,
  type Socket,
} from '../../plugins/sdk/index.ts';

/** Images of a given size. */
const source = defineNode({
  type: 'toy/source',
  version: 1,
  title: 'Source',
  summary: 'Images.',
  category: 'data',
  params: { size: integer({ default: 16, min: 1, max: 64, unit: 'px' }), note: text({ default: '', cosmetic: true }) },
  inputs: {},
  outputs: { images: images() },
  infer: (_inputs, { size }) => ({ images: { type: 'images', shape: [size, size, 3] } }),
});

/** One feature per selected stage: stage n has 4·2ⁿ channels at stride 2ⁿ. Costs ten weights a stage. */
const backbone = defineNode({
  type: 'toy/backbone',
  version: 1,
  title: 'Backbone',
  summary: 'Features at three strides.',
  category: 'teachers',
  params: {
    stages: stages({ default: ['one', 'two'], options: { one: 'Stage 1', two: 'Stage 2', three: 'Stage 3' } }),
    mean: numbers({ default: [0, 0, 0], length: 3, min: 0 }),
  },
  inputs: { images: images() },
  outputs: (p) => Object.fromEntries(p.stages.map((stage): [string, Socket] => [stage, features()])),
  infer: ({ images: x }, p, ctx) => {
    const [h = 0, w = 0] = x!.shape;
    ctx.cost({ parameters: 10 * p.stages.length, multiplyAdds: 10 * h * w, activationBytes: 4 * h * w });
    return Object.fromEntries(
      p.stages.map((stage) => {
        const stride = { one: 2, two: 4, three: 8 }[stage];
        const shape = [Math.floor(h / stride), Math.floor(w / stride), 4 * stride];
        return [stage, { type: 'features' as const, shape, stride, image: [h, w] as const }];
      }),
    );
  },
});

/** Two features of one shape. */
const compare = defineNode({
  type: 'toy/compare',
  version: 1,
  title: 'Compare',
  summary: 'How far two features are apart.',
  category: 'distillation',
  params: { form: choice({ default: 'squared', options: { squared: 'Squared', plain: 'Plain' } }) },
  inputs: { teacher: features(), student: features(), weight: features({ optional: true }) },
  outputs: { loss: loss() },
  infer: ({ teacher, student }, _p, ctx): Signals => {
    if (teacher!.shape.join() === student!.shape.join()) return { loss: { type: 'loss', shape: [] } };
    ctx.problem({
      code: 'shape-mismatch',
      socket: 'student',
      message: `expected ${teacher!.shape.join('×')} as in "teacher", found ${student!.shape.join('×')}`,
      hint: 'select the same stage',
    });
    return {};
  },
});

const sum = defineNode({
  type: 'toy/sum',
  version: 1,
  title: 'Sum',
  summary: 'The sum of two losses.',
  category: 'other',
  params: {},
  inputs: { a: loss(), b: loss({ optional: true }) },
  outputs: { loss: loss() },
  infer: () => ({ loss: { type: 'loss', shape: [] } }),
});

/** `width` was called `channels` until version 2, and counted in fours until version 3. */
const renamed = defineNode({
  type: 'toy/renamed',
  version: 3,
  title: 'Renamed',
  summary: 'A node whose parameters have changed twice.',
  category: 'other',
  params: { width: integer({ default: 8, min: 1 }), depth: integer({ default: 1, min: 1 }) },
  inputs: { images: images({ optional: true }) },
  outputs: { out: features() },
  infer: (_inputs, { width }) => ({ out: { type: 'features', shape: [1, 1, width] } }),
  migrate: {
    1: ({ channels, ...rest }) => ({ ...rest, ...(channels === undefined ? {} : { width: channels }) }),
    2: ({ width, ...rest }) => {
      if (width !== undefined && typeof width !== 'number') throw new TypeError('width is no number');
      return { ...rest, ...(width === undefined ? {} : { width: width * 4 }) };
    },
  },
});

/** Node types that break their promises. */
const broken = (['throws', 'forgets', 'lies', 'vanishes'] as const).map((way) =>
  defineNode({
    type: `toy/${way}`,
    version: 1,
    title: way,
    summary: 'Breaks its promise.',
    category: 'other',
    params: {},
    inputs: { images: images() },
    outputs: { out: features() },
    infer: (): Signals => {
      if (way === 'throws') throw new Error('out of ideas');
      if (way === 'forgets') return {};
      if (way === 'lies') return { out: { type: 'loss', shape: [] } };
      return { out: { type: 'features', shape: [0, 4, 8] } };
    },
  }),
);

/** A few node types for tests of documents, so that those do not change with the real ones. */
export const toyPack: Pack = { name: 'toy', nodes: [source, backbone, compare, sum, renamed, ...broken] };
