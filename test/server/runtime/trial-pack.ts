import {
  backbone,
  choice,
  defineNode,
  defineOptimiser,
  defineSchedule,
  features,
  fromNetwork,
  images,
  loss,
  number,
  score,
  type Net,
  type Network,
  type Pack,
  type Tensor,
  type Tf,
  type WeightSpec,
  weights,
} from '../../../plugins/sdk/index.ts';

/** One trainable weight for each colour, drawn to what the images have: every step can be worked out by hand. */
const colour = (start: number): WeightSpec => ({
  name: 'w',
  shape: [3],
  layout: 'plain',
  role: 'trainable',
  init: { kind: 'constant', value: start },
});

/** `images` `[1, 1, 3]`; an image's `score` is ‖w − x‖², the `loss` its mean over a batch. */
const pull = defineNode({
  type: 'trial/pull',
  version: 1,
  title: 'Pull',
  summary: 'Draws a colour to the images.',
  category: 'other',
  params: { start: number({ default: 0 }) },
  inputs: { images: images() },
  outputs: { loss: loss(), score: score() },
  infer: () => ({ loss: { type: 'loss', shape: [] }, score: { type: 'score', shape: [] } }),
  weights: (_inputs, { start }) => [colour(start)],
  build: ({ tf, weights }) => (inputs) => {
    const score = tf.sum(tf.square(tf.sub(inputs['images']!, weights['w']!.read())), [1, 2, 3]);
    return { loss: tf.mean(score), score };
  },
});

/** The loss is |w| in red, as a root whose gradient at zero is not a number. */
const brink = defineNode({
  type: 'trial/brink',
  version: 1,
  title: 'Brink',
  summary: 'A loss that is finite where its gradient is not.',
  category: 'other',
  params: { start: number({ default: 0 }) },
  inputs: { images: images() },
  outputs: { loss: loss(), score: score() },
  infer: () => ({ loss: { type: 'loss', shape: [] }, score: { type: 'score', shape: [] } }),
  weights: (_inputs, { start }) => [colour(start)],
  build: ({ tf, weights }) => (inputs) => {
    const red = tf.slice(tf.mul(inputs['images']!, weights['w']!.read()), [0, 0, 0, 0], [-1, 1, 1, 1]);
    const score = tf.sum(tf.sqrt(tf.square(red)), [1, 2, 3]);
    return { loss: tf.mean(score), score };
  },
});

/** A loss that can be computed and has no way back. */
const deadEnd = defineNode({
  type: 'trial/dead-end',
  version: 1,
  title: 'Dead end',
  summary: 'A loss whose gradient fails.',
  category: 'other',
  params: { start: number({ default: 0 }) },
  inputs: { images: images() },
  outputs: { loss: loss(), score: score() },
  infer: () => ({ loss: { type: 'loss', shape: [] }, score: { type: 'score', shape: [] } }),
  weights: (_inputs, { start }) => [colour(start)],
  build: ({ tf, weights }) => (inputs) => {
    const score = tf.sum(tf.mul(inputs['images']!, weights['w']!.read()), [1, 2, 3]);
    const withoutReturn = tf.customGrad((x) => ({
      value: tf.mean(x as Tensor),
      gradFunc: () => {
        throw new Error('no way back');
      },
    }));
    return { loss: withoutReturn(score), score };
  },
});

/** A backbone of two small stages, at strides 2 and 4: a frozen teacher and its mirror. */
export const trialNet = backbone<'layer1' | 'layer2'>({
  name: 'trial-net',
  title: 'Trial net',
  cite: '',
  settings: { padding: 'torch', epsilon: 1e-5 },
  stages: [
    { name: 'layer1', title: 'layer 1', forward: (net, x) => stage(net, x, 1, 4) },
    { name: 'layer2', title: 'layer 2', forward: (net, x) => stage(net, x, 2, 6) },
  ],
  defaultStages: ['layer1', 'layer2'],
  keyMaps: [{ name: 'as they are', rules: [] }],
  types: { teacher: 'trial/pretrained', mirror: 'trial/mirror' },
});

function stage<X>(net: Net<X>, x: X, index: number, filters: number): X {
  return net.convBatchNorm(x, { name: `conv${index}`, norm: `bn${index}`, filters, kernel: 3, stride: 2, activation: 'relu' });
}

const frozenNetwork: Network<Record<never, never>> = {
  settings: () => ({ padding: 'torch', epsilon: 1e-5, momentum: 0.9, trainable: false }),
  forward: <X>(net: Net<X>, inputs: Record<string, X>): Record<string, X> => {
    const layer1 = stage(net, inputs['images']!, 1, 4);
    return { layer1, layer2: stage(net, layer1, 2, 6) };
  },
};

/** The frozen network with random weights, drawn like any others: it needs no file. */
const teacher = defineNode({
  type: 'trial/teacher',
  version: 1,
  title: 'Teacher',
  summary: 'A frozen network.',
  category: 'teachers',
  params: {},
  inputs: { images: images() },
  outputs: { layer1: features(), layer2: features() },
  ...fromNetwork(frozenNetwork),
});

type Change = (tf: Tf, x: Tensor) => Tensor;

/** A node from images to images of the same shape. */
const between = (name: string, change: Change, extra: { eager?: boolean } = {}) =>
  defineNode({
    type: `trial/${name}`,
    version: 1,
    title: name,
    summary: 'Changes images.',
    category: 'other',
    params: {},
    inputs: { images: images() },
    outputs: { images: images() },
    infer: ({ images }) => ({ images: images! }),
    build: ({ tf }) => (inputs) => ({ images: change(tf, inputs['images']!) }),
    ...extra,
  });

const lookedAt: Change = (tf, x) => tf.tensor(x.dataSync().map((value) => value * value), x.shape);

const noise = defineNode({
  type: 'trial/noise',
  version: 1,
  title: 'Noise',
  summary: 'Adds noise while something is fitted.',
  category: 'other',
  params: { deviation: number({ default: 0.1 }) },
  inputs: { images: images() },
  outputs: { images: images() },
  infer: ({ images }) => ({ images: images! }),
  random: true,
  build: ({ tf, kernels }, { deviation }) => (inputs, mode) => {
    const x = inputs['images']!;
    return { images: mode.training ? tf.add(x, tf.mul(kernels.normal(x.shape, mode.seed, 1), deviation)) : x };
  },
});

interface SlowStart {
  kind: 'trial/slow-start';
  until: number;
}

/** A ball that rolls, of a mass of its own: `v ← ρ v + g`, `w ← w − rate · share(step) · v`. Without a kernel of TensorFlow's. */
export const heavyBall = defineOptimiser<{ kind: 'trial/heavy-ball'; decay: number; warmUp: number }>({
  name: 'trial/heavy-ball',
  title: 'Heavy ball',
  example: { kind: 'trial/heavy-ball', decay: 0.5, warmUp: 3 },
  slots: () => ['velocity'],
  hyper: ({ decay, warmUp }, { rate, step }) => ({ rate: rate * Math.min(1, step / warmUp), decay }),
  move(tf, { value, gradient, slots, hyper }) {
    const velocity = tf.add(tf.mul(slots['velocity']!, hyper['decay']!), gradient);
    return { value: tf.sub(value, tf.mul(velocity, hyper['rate']!)), slots: { velocity } };
  },
});

/** Half the rate for so many steps; after an epoch that brought no better loss, half of what it was for good. */
export const slowStart = defineSchedule<SlowStart, { share: number; last: number | null }>({
  name: 'trial/slow-start',
  title: 'Slow start',
  example: { kind: 'trial/slow-start', until: 2 },
  begin: () => ({ share: 1, last: null }),
  rate: ({ until }, { share }, { base, step }) => base * share * (step < until ? 0.5 : 1),
  afterEpoch: (_, { share, last }, loss) => ({ share: last !== null && loss >= last ? share / 2 : share, last: loss }),
});

/** A fit by an optimiser and a schedule of this pack, or by some that are wrong. */
const ownFit = defineNode({
  type: 'trial/fit',
  version: 1,
  title: 'Own fit',
  summary: 'Fits by an optimiser of its own.',
  category: 'training',
  params: {
    epochs: number({ default: 2 }),
    batch: number({ default: 2 }),
    learningRate: number({ default: 0.05 }),
    optimiser: choice({ default: 'heavy-ball', options: Object.fromEntries(['heavy-ball', 'nowhere', 'misshapes', 'throws', 'infinite', 'forgets'].map((name) => [name, name])) }),
    schedule: choice({ default: 'slow-start', options: Object.fromEntries(['slow-start', 'nowhere', 'negative', 'throws', 'unspeakable'].map((name) => [name, name])) }),
  },
  inputs: { loss: loss() },
  outputs: { weights: weights() },
  infer: () => ({ weights: { type: 'weights', shape: [] } }),
  fit: ({ epochs, batch, learningRate, optimiser, schedule }) => ({
    optimiser: { kind: `trial/${optimiser}`, decay: 0.5, warmUp: 3 },
    schedule: { kind: `trial/${schedule}`, until: 2 },
    learningRate,
    epochs,
    batch,
    keep: 'last',
    earlyStop: 0,
  }),
});

const wrongOptimisers = [
  { ...heavyBall, name: 'trial/misshapes', move: (tf: Tf, { value, slots }: Parameters<typeof heavyBall.move>[1]) => ({ value: tf.sum(value), slots }) },
  {
    ...heavyBall,
    name: 'trial/throws',
    move: () => {
      throw new Error('I am tired');
    },
  },
  { ...heavyBall, name: 'trial/infinite', hyper: () => ({ rate: Number.NaN, decay: 0.5 }) },
  { ...heavyBall, name: 'trial/forgets', move: (_: Tf, { value }: Parameters<typeof heavyBall.move>[1]) => ({ value, slots: {} }) },
];

const wrongSchedules = [
  { name: 'trial/negative', title: 'Negative', example: {}, rate: () => -1 },
  {
    name: 'trial/throws',
    title: 'Throws',
    example: {},
    rate: () => {
      throw new Error('I am late');
    },
  },
  { name: 'trial/unspeakable', title: 'Unspeakable', example: {}, begin: () => () => 1, rate: () => 1 },
];

/** Node types for tests of the runtime: small enough to be worked out by hand, or quick enough to run many times. */
export const trialPack: Pack = {
  name: 'trial',
  nodes: [
    pull,
    brink,
    deadEnd,
    teacher,
    trialNet.teacher,
    trialNet.mirror,
    noise,
    ownFit,
    between('square', (tf, x) => tf.square(x)),
    between('look', lookedAt, { eager: true }),
    between('peek', lookedAt),
    between('misshape', (tf, x) => tf.reshape(x, [7])),
    between('hang', () => {
      for (;;);
    }),
    between('throw', () => {
      throw new Error('I never liked images');
    }),
    between('die', (_, x) => {
      process.kill(process.pid, 'SIGKILL');
      return x;
    }),
    between('devour', () => {
      for (const eaten: number[][] = []; ; ) eaten.push(new Array<number>(1e5).fill(eaten.length));
    }),
  ],
  architectures: [trialNet.architecture],
  optimisers: [heavyBall, ...wrongOptimisers],
  schedules: [slowStart, ...wrongSchedules],
};
