import { beforeAll, expect, it } from 'vitest';
import type { Tensor, Tensors, Tf } from '../../../plugins/sdk/index.ts';
import { createRandom } from '../../../plugins/sdk/random.ts';
import { compileProgram } from '../../../server/engine/compile-program.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import type { ProgramSpec } from '../../../server/engine/program.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

/** Ops of tfjs on `x` [2,4,4,3], with positive values, and `w` [3,3,3,3]; of those with a gradient that is replayed too. */
type Op = (tf: Tf, x: Tensor, w: Tensor) => Tensor;
const smooth: Record<string, Op> = {
  add: (tf, x) => tf.add(x, 1),
  addN: (tf, x) => tf.addN([x, x, tf.neg(x)]),
  avgPool: (tf, x) => tf.avgPool(x as never, 2, 2, 'valid'),
  batchNorm: (tf, x) => tf.batchNorm(x as never, tf.tensor1d([1, 2, 3]), tf.tensor1d([4, 5, 6]), tf.tensor1d([7, 8, 9]), tf.tensor1d([1, 2, 3])),
  concat: (tf, x) => tf.concat([x, tf.square(x)], 3),
  conv2d: (tf, x, w) => tf.conv2d(x as never, w as never, 2, 'same'),
  conv2dTranspose: (tf, x, w) => tf.conv2dTranspose(x as never, w as never, [2, 8, 8, 3], 2, 'same'),
  depthwiseConv2d: (tf, x, w) => tf.depthwiseConv2d(x as never, w as never, 1, 'same'),
  slice: (tf, x) => tf.slice(x, [0, 1, 1, 0], [2, 2, 2, 3]),
  div: (tf, x) => tf.div(1, x),
  elu: (tf, x) => tf.elu(tf.sub(x, 0.5)),
  erf: (tf, x) => tf.erf(x),
  exp: (tf, x) => tf.exp(x),
  expandDims: (tf, x) => tf.expandDims(x, 1),
  gather: (tf, x) => tf.gather(x, tf.tensor1d([1, 0, 1], 'int32'), 2),
  l2norm: (tf, x) => tf.norm(x, 'euclidean', 3),
  leakyRelu: (tf, x) => tf.leakyRelu(tf.sub(x, 0.5), 0.1),
  log: (tf, x) => tf.log(x),
  logSumExp: (tf, x) => tf.logSumExp(x, 3),
  matMul: (tf, x) => tf.matMul(tf.reshape(x, [8, 12]), tf.reshape(x, [8, 12]), false, true),
  max: (tf, x) => tf.max(x, [1, 2]),
  maximum: (tf, x) => tf.maximum(x, 0.5),
  maxPool: (tf, x) => tf.maxPool(x as never, 3, 2, 'same'),
  mean: (tf, x) => tf.mean(x, [1, 2], true),
  min: (tf, x) => tf.min(x, 3),
  moments: (tf, x) => tf.moments(x, [0, 1, 2]).variance,
  mul: (tf, x) => tf.mul(x, tf.tensor1d([1, 2, 3])),
  pad: (tf, x) => tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], 2),
  pow: (tf, x) => tf.pow(x, 3),
  prelu: (tf, x) => tf.prelu(tf.sub(x, 0.5), tf.scalar(0.2)),
  relu6: (tf, x) => tf.relu6(tf.mul(x, 8)),
  resizeBilinear: (tf, x) => tf.image.resizeBilinear(x as never, [7, 5], false, true),
  resizeNearestNeighbor: (tf, x) => tf.image.resizeNearestNeighbor(x as never, [8, 8]),
  rsqrt: (tf, x) => tf.rsqrt(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  softmax: (tf, x) => tf.softmax(x),
  softplus: (tf, x) => tf.softplus(x),
  split: (tf, x) => tf.split(x, 2, 1)[1]!,
  sqrt: (tf, x) => tf.sqrt(x),
  squaredDifference: (tf, x) => tf.squaredDifference(x, tf.mul(x, 0.5)),
  squeeze: (tf, x) => tf.squeeze(tf.expandDims(x, 0), [0]),
  stack: (tf, x) => tf.stack([x, tf.neg(x)], 1),
  sub: (tf, x) => tf.sub(1, x),
  sum: (tf, x) => tf.sum(x, -1, true),
  tanh: (tf, x) => tf.tanh(x),
  tile: (tf, x) => tf.tile(x, [1, 2, 1, 1]),
  transpose: (tf, x) => tf.transpose(x, [0, 3, 1, 2]),
  unstack: (tf, x) => tf.unstack(x, 1)[2]!,
  clipByValue: (tf, x) => tf.clipByValue(x, 0.2, 0.8),
  swish: (tf, x) => tf.mul(x, tf.sigmoid(x)),
};
/** Those whose gradient is nothing, or that tfjs itself has no gradient for. */
const flat: Record<string, Op> = {
  'conv2d dilated': (tf, x, w) => tf.conv2d(x as never, w as never, 1, 'same', 'NHWC', 2),
  stridedSlice: (tf, x) => tf.stridedSlice(x, [0, 0, 0, 0], [2, 4, 4, 3], [1, 2, 2, 1]),
  where: (tf, x) => tf.where(tf.greater(x, 0.5), x, tf.square(x)),
  cast: (tf, x) => tf.mul(x, tf.cast(tf.greater(x, 0.5), 'float32')),
  argMax: (tf, x) => tf.argMax(x, 3),
  topk: (tf, x) => tf.topk(tf.reshape(x, [8, 12]), 3).values,
  oneHot: (tf, x) => tf.oneHot(tf.cast(tf.argMax(x, 3), 'int32') as never, 3),
  logicalAnd: (tf, x) => tf.logicalAnd(tf.greater(x, 0.3), tf.logicalNot(tf.greater(x, 0.7))),
  logicalOr: (tf, x) => tf.logicalOr(tf.less(x, 0.3), tf.greater(x, 0.7)),
  'expandDims of whole numbers': (tf, x) => tf.expandDims(tf.argMax(x, 3), 3),
  any: (tf, x) => tf.any(tf.greater(x, 0.9), 3),
  all: (tf, x) => tf.all(tf.greater(x, 0.01), 3),
  floor: (tf, x) => tf.floor(tf.mul(x, 3)),
  round: (tf, x) => tf.round(tf.mul(x, 3)),
  sign: (tf, x) => tf.sign(tf.sub(x, 0.5)),
  reverse: (tf, x) => tf.reverse(x, 1),
  cumsum: (tf, x) => tf.cumsum(x, 1),
  mirrorPad: (tf, x) => tf.mirrorPad(x, [[0, 0], [2, 2], [2, 2], [0, 0]], 'reflect'),
  depthToSpace: (tf, x) => tf.depthToSpace(tf.concat([x, x, x, x], 3) as never, 2),
  zerosLike: (tf, x) => tf.add(tf.zerosLike(x), tf.onesLike(x)),
  fill: (tf, x) => tf.add(x, tf.fill([2, 4, 4, 3], 3)),
  linspace: (tf, x) => tf.mul(x, tf.linspace(0, 1, 3)),
  range: (tf, x) => tf.add(x, tf.range(0, 3)),
  eye: (tf, x) => tf.matMul(tf.reshape(x, [32, 3]), tf.eye(3)),
  einsum: (tf, x) => tf.einsum('bhwc,bhwd->bcd', x, x),
  fusedConv2d: (tf, x, w) => tf.fused.conv2d({ x: x as never, filter: w as never, strides: 1, pad: 'same', activation: 'relu' }),
  fusedMatMul: (tf, x) => tf.fused.matMul({ a: tf.reshape(x, [32, 3]), b: tf.eye(3), bias: tf.tensor1d([1, 2, 3]), activation: 'relu' }),
  euclideanDistances: (tf, x) => {
    const rows = tf.reshape(x, [32, 3]);
    const squares = tf.sum(tf.square(rows), 1, true);
    return tf.sub(tf.add(squares, tf.transpose(squares)), tf.mul(2, tf.matMul(rows, rows, false, true)));
  },
};

describeWith(engineNeed(), 'ops of tfjs, replayed natively', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await loadEngine();
  });

  const random = createRandom('ops');
  const values = (size: number): Float32Array => Float32Array.from({ length: size }, () => 0.05 + 0.9 * random.uniform());
  const x = { shape: [2, 4, 4, 3], data: values(96) };
  const w = { shape: [3, 3, 3, 3], data: values(81) };

  it.each(Object.entries({ ...smooth, ...flat }))('%s', (name, op) => {
    const { tf } = engine;
    const spec: ProgramSpec = {
      name,
      key: [],
      constants: {},
      state: {},
      functions: {
        f: {
          inputs: { x: { shape: x.shape, dtype: 'float32' }, w: { shape: w.shape, dtype: 'float32' } },
          run(_, { x, w }): Tensors {
            if (name in flat) return { y: op(tf, x!, w!) };
            const { value, grads } = tf.valueAndGrads((x: Tensor) => tf.sum(tf.square(op(tf, x, w!))))([x!]);
            return { y: op(tf, x!, w!), value, gradient: grads[0]! };
          },
        },
      },
    };
    const [native, eager] = (['native', 'eager'] as const).map((mode) => {
      const program = compileProgram(engine, spec, { mode });
      const outputs = program.call('f', { x, w });
      program.dispose();
      return outputs;
    });
    for (const [output, { shape, data }] of Object.entries(eager!)) {
      expect(native![output]!.shape).toEqual(shape);
      const largest = data.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-3);
      data.forEach((value, i) => expect(Math.abs(native![output]!.data[i]! - value) / largest).toBeLessThan(1e-5));
    }
  });
});
