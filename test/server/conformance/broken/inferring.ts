import { StillroomError, type AnyNodeDefinition } from '../../../../plugins/sdk/index.ts';
import { broken, weight } from './well-behaved.ts';

let asked = 0;
let stride = 1;

export const brokenInferring: Record<string, [AnyNodeDefinition, string, RegExp]> = {
  'nothing that it accepts': [
    broken({
      infer(_inputs, _params, ctx) {
        ctx.problem({ code: 'no', socket: 'features', message: 'expected something else', hint: 'try again' });
        return {};
      },
    }),
    'inputs',
    /expected inputs that the node accepts, found none among those generated/,
  ],
  'a shape of negative numbers': [
    broken({ infer: (inputs) => ({ features: { ...inputs['features']!, shape: [-1, -1, 1] } }) }),
    'promise',
    /^features: expected a shape of whole numbers from 1, found \[-1, -1, 1\], with its defaults/,
  ],
  'a shape of fractions': [
    broken({ infer: (inputs) => ({ features: { ...inputs['features']!, shape: [1.5, 2, 1] } }) }),
    'promise',
    /^features: expected a shape of whole numbers from 1, found \[1\.5, 2, 1\], with its defaults/,
  ],
  'a shape that is no number': [
    broken({ infer: (inputs) => ({ features: { ...inputs['features']!, shape: [Number.NaN, 2, 1] } }) }),
    'promise',
    /^features: expected a shape of whole numbers from 1, found \[NaN, 2, 1\], with its defaults/,
  ],
  'throws instead of reporting': [
    broken({
      infer(inputs) {
        if (inputs['features']!.shape[0]! % 2) throw new RangeError('odd height');
        return { features: inputs['features']! };
      },
    }),
    'infer-throws',
    /expected `infer` to say what does not fit, found that it throws .*: odd height/,
  ],
  'throws an error in our own form': [
    broken({
      infer(inputs) {
        if (inputs['features']!.shape[2] === 3) throw new StillroomError('too-few', 'expected more channels');
        return { features: inputs['features']! };
      },
    }),
    'infer-throws',
    /expected `infer` to say what does not fit, found that it throws .*: expected more channels/,
  ],
  'a problem at a socket that it has not': [
    broken({
      infer(inputs, _params, ctx) {
        if (inputs['features']!.shape[2] === 3) ctx.problem({ code: 'no', socket: 'image', message: 'expected more channels' });
        return { features: inputs['features']! };
      },
    }),
    'infer-throws',
    /expected a problem at a socket or parameter of the node, found "image"/,
  ],
  'changes its inputs': [
    broken({
      infer(inputs) {
        (inputs['features']!.shape as number[])[2] = 1;
        return { features: inputs['features']! };
      },
    }),
    'infer-pure',
    /expected `infer` to leave its inputs alone, found them changed/,
  ],
  'answers otherwise each time': [
    broken({ infer: (inputs) => ({ features: { ...inputs['features']!, stride: ++asked } }) }),
    'infer-pure',
    /expected `infer` to say the same when asked again/,
  ],
  'answers what it was asked before': [
    broken({
      infer(inputs) {
        const before = stride;
        stride = (inputs['features']!.stride ?? 0) + inputs['features']!.shape[0]!;
        return { features: { ...inputs['features']!, stride: before } };
      },
    }),
    'infer-pure',
    /expected `infer` to say the same when asked again/,
  ],
  'takes its time': [
    broken({
      infer(inputs) {
        const begin = performance.now();
        while (performance.now() - begin < 6);
        return { features: inputs['features']! };
      },
    }),
    'infer-time',
    /expected `infer` to take 5 ms at most, found a median of [\d.]+ ms/,
  ],
  'forgets an output': [broken({ infer: () => ({}) }), 'promise', /features: expected "acme\/scale" to say which features it gives here, found nothing/],
  'weights without a shape': [
    broken({ weights: () => [weight('scale'), weight('gone', { shape: [0, 3] })] }),
    'weights',
    /weight "gone": expected a shape of whole numbers from 1, found \[0, 3\]/,
  ],
  'two weights of one name': [broken({ weights: () => [weight('scale'), weight('scale')] }), 'weights', /expected each weight once, found "scale" twice/],
  'calibrated weights that nothing calibrates': [
    broken({ weights: () => [weight('scale', { role: 'calibrated' })] }),
    'weights',
    /expected a calibration pass \(`calibrate`\) that fills "scale", found none/,
  ],
};
