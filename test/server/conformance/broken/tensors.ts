import type { AnyNodeDefinition, Tensor } from '../../../../plugins/sdk/index.ts';
import { broken, weight, wellBehaved } from './well-behaved.ts';

let runs = 0;
let gainOfLastBuild = 1;
const kept: Tensor[] = [];

export const brokenTensors: Record<string, [AnyNodeDefinition, string, RegExp]> = {
  'another shape than promised': [
    broken({ infer: ({ features }) => ({ features: { ...features!, shape: [1, ...features!.shape.slice(1)] } }) }),
    'promise',
    /features: expected float32 \[3, 1, 12, 8\], as `infer` promises .*, found float32 \[3, 16, 12, 8\]/,
  ],
  'whole numbers instead of float32': [
    broken({ build: ({ tf, weights }) => ({ features }) => ({ features: tf.cast(tf.mul(features!, weights['scale']!.read()), 'int32') }), weights: () => [weight('scale', { role: 'frozen' })] }),
    'promise',
    /found int32 \[3, 16, 12, 8\]/,
  ],
  'a batch made one': [
    broken({ build: ({ tf, weights }) => ({ features }) => ({ features: tf.mean(tf.mul(features!, weights['scale']!.read()), 0, true) }) }),
    'promise',
    /expected float32 \[3, .*, found float32 \[1, 16, 12, 8\]/,
  ],
  'a build that throws for what infer accepts': [
    broken({ build: (env, params) => (params.gain === 4 ? () => { throw new Error('no gain of 4'); } : wellBehaved.build!(env, params)) }),
    'build',
    /expected `build` and what it gives to run, found that it throws with gain 4, .*: no gain of 4/,
  ],
  'divides by zero': [
    broken({ build: ({ tf, weights }) => ({ features }) => ({ features: tf.div(tf.mul(features!, weights['scale']!.read()), 0) }) }),
    'finite',
    /features: expected finite numbers, found -?Infinity/,
  ],
  'equal runs that differ': [
    broken({ build: ({ tf, weights }) => ({ features }) => ({ features: tf.add(tf.mul(features!, weights['scale']!.read()), Math.random()) }) }),
    'determinism',
    /expected two runs of equal inputs, weights and seed to give equal outputs, found that "features" differs by/,
  ],
  'counts its runs': [
    broken({ build: ({ tf, weights }) => ({ features }) => ({ features: tf.mul(tf.mul(features!, weights['scale']!.read()), ++runs) }) }),
    'determinism',
    /expected two runs of equal inputs/,
  ],
  'random without declaring it': [
    broken({
      build: ({ tf, kernels, weights }) => ({ features }, { training, seed }) => {
        const scaled = tf.mul(features!, weights['scale']!.read());
        return { features: training ? tf.add(scaled, kernels.normal(features!.shape, seed, 0)) : scaled };
      },
    }),
    'random',
    /expected two training steps of unequal seeds to give equal outputs/,
  ],
  'random when not training': [
    broken({
      random: true,
      build: ({ tf, kernels, weights }) => ({ features }, { seed }) => ({
        features: tf.add(tf.mul(features!, weights['scale']!.read()), kernels.normal(features!.shape, seed, 0)),
      }),
    }),
    'random',
    /expected two predictions of unequal seeds to give equal outputs/,
  ],
  'a weight that no gradient reaches': [
    broken({
      build: ({ tf, weights }) => ({ features }) => {
        weights['scale']!.read();
        return { features: tf.mul(features!, 2) };
      },
    }),
    'gradient',
    /expected a gradient for the trainable weight "scale", found that outputs do not depend on it/,
  ],
  'an op without a gradient': [
    broken({
      build: ({ tf, weights }) => ({ features }) => ({ features: tf.mul(features!, tf.cast(tf.greater(weights['scale']!.read(), 0), 'float32')) }),
    }),
    'gradient',
    /expected a training step to run, found that it throws .*: Cannot compute gradient: gradient function not found for Greater/,
  ],
  'a weight whose gradient is 0 everywhere': [
    broken({ build: ({ tf, weights }) => ({ features }) => ({ features: tf.add(features!, tf.mul(weights['scale']!.read(), 0)) }) }),
    'gradient',
    /expected a gradient for the trainable weight "scale", found 0 everywhere/,
  ],
  'a tensor that is kept': [
    broken({
      build: ({ tf, weights }) => ({ features }) => {
        kept.push(tf.keep(tf.scalar(1)));
        return { features: tf.mul(features!, weights['scale']!.read()) };
      },
    }),
    'leak',
    /expected no tensor to be left behind, found 1/,
  ],
  'a module that remembers the last build': [
    broken({
      build({ tf, weights }, { gain }) {
        gainOfLastBuild = gain;
        return ({ features }) => ({ features: tf.mul(tf.mul(features!, gainOfLastBuild), weights['scale']!.read()) });
      },
    }),
    'state',
    /expected a build and the same build with another one after it to give equal outputs/,
  ],
  'a weight that is never read': [
    broken({ weights: () => [weight('scale'), weight('forgotten', { role: 'frozen' })] }),
    'weights',
    /weight "forgotten": expected to be read, found that it never is/,
  ],
  'a trainable weight that the node moves itself': [
    broken({
      build: ({ tf, weights }) => ({ features }, { training }) => {
        const scale = weights['scale']!;
        if (training) scale.assign(tf.mul(scale.read(), 0.9));
        return { features: tf.mul(features!, scale.read()) };
      },
    }),
    'weights',
    /weight "scale": expected the gradient alone to move it, found that the node assigns it/,
  ],
  'reads values without declaring it': [
    broken({
      build: ({ tf, weights }) => ({ features }) => {
        const largest = tf.max(features!).dataSync()[0]!;
        return { features: tf.mul(tf.div(features!, largest), weights['scale']!.read()) };
      },
    }),
    'traceable',
    /expected no value to be read while the node runs, found 1 reads/,
  ],
  'a calibration pass that forgets a weight': [
    broken({
      weights: () => [weight('scale', { role: 'calibrated' })],
      calibrate: () => ({ images: 'validation', begin: () => ({ add: () => {}, finish: () => ({}) }) }),
    }),
    'calibration',
    /weight "scale": expected 1 finite numbers of the calibration pass, found nothing/,
  ],
  'a metric that is no number': [
    broken({
      sink: () => ({
        name: 'checked',
        kind: 'features' as never,
        evaluate: () => ({ add: () => {}, finish: () => ({ metrics: { ratio: 0 / 0 }, notes: [] }) }),
      }),
    }),
    'sink',
    /metric "ratio": expected a finite number, or null where it is undefined, found NaN/,
  ],
  'a section whose rows have other lengths than its columns': [
    broken({
      sink: () => ({
        name: 'checked',
        kind: 'features' as never,
        evaluate: () => ({ add: () => {}, finish: () => ({ metrics: {}, notes: [], sections: [{ title: 'By area', tables: [{ title: 'Areas', columns: [{ title: 'area', kind: 'text' }], rows: [['small', 1]] }] }] }) }),
      }),
    }),
    'report',
    /section 1 of its report is left out: tables › 0 › rows: expected as many cells in each row as there are columns/,
  ],
};
