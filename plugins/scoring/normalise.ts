import {
  choice,
  defineNode,
  map,
  number,
  StillroomError,
  type CalibrationPass,
  type Signals,
  type WeightSpec,
} from '../sdk/index.ts';
import { summarise, type NormalisationSettings } from './summarise.ts';

/** `map` `[h, w, 1]` to `(x − offset) / scale` of the same shape; both are learnt from the validation images' maps. */
export const normaliseMap = defineNode({
  type: 'scoring/normalise',
  version: 1,
  title: 'Normalise map',
  summary:
    'Brings maps of different layers or models to one scale, by what they are on the validation images. ' +
    '"quantile" only scales; the others also centre, and their maps may be added but not multiplied.',
  category: 'scoring',
  cite: 'Thomine, Soua & Snoussi 2023, MixedTeacher (scaling); Batzner et al. 2024, EfficientAD, §3.4 (quantile range)',
  params: {
    method: choice({
      default: 'quantile',
      options: {
        quantile: 'x / quantile',
        'mean-deviation': '(x − mean) / deviation',
        'quantile-range': '(x − low quantile) / (quantile − low quantile)',
      },
      help: 'Which statistics of the pixels of all validation maps are used.',
    }),
    quantile: number({ default: 0.995, min: 0, max: 1, step: 0.005, help: 'What becomes 1; not with `mean-deviation`.' }),
    lowQuantile: number({ default: 0.9, min: 0, max: 1, step: 0.005, help: 'What becomes 0; with `quantile-range`.' }),
  },
  inputs: { map: map() },
  outputs: { map: map() },
  infer(inputs, { method, quantile, lowQuantile }, ctx): Signals {
    const signal = inputs['map']!;
    if (method === 'quantile-range' && lowQuantile >= quantile) {
      ctx.problem({
        code: 'invalid-parameter',
        field: 'lowQuantile',
        message: `expected a quantile below the ${quantile} that becomes 1, found ${lowQuantile}`,
        hint: 'lower `lowQuantile` or raise `quantile`',
      });
      return {};
    }
    if (method === 'quantile' && signal.centred) {
      ctx.problem({
        code: 'centred-scaling',
        socket: 'map',
        message: 'expected a map that is nowhere below zero, found one that has been centred',
        hint: 'use `method` "mean-deviation" or "quantile-range", or normalise once only',
      });
      return {};
    }
    const [h = 0, w = 0] = signal.shape;
    ctx.cost({ parameters: method === 'quantile' ? 1 : 2, multiplyAdds: h * w, activationBytes: 4 * h * w });
    return { map: method === 'quantile' ? signal : { ...signal, centred: true } };
  },
  weights: (_inputs, { method }) => [
    calibrated('scale', 'ones'),
    ...(method === 'quantile' ? [] : [calibrated('offset', 'zeros')]),
  ],
  build({ tf, weights: { offset, scale } }) {
    return (inputs) => {
      const x = inputs['map']!;
      return { map: tf.div(offset ? tf.sub(x, offset.read()) : x, scale!.read()) };
    };
  },
  calibrate: calibration,
});

function calibrated(name: string, kind: 'zeros' | 'ones'): WeightSpec {
  return { name, shape: [], layout: 'plain', role: 'calibrated', init: { kind } };
}

/** Keeps every pixel, 4 bytes each, until the end: quantiles are exact. */
function calibration(settings: NormalisationSettings): CalibrationPass {
  return {
    images: 'validation',
    begin() {
      const maps: Float32Array[] = [];
      return {
        add(inputs) {
          maps.push(inputs['map']!.data.slice());
        },
        finish() {
          const { offset, scale } = summarise(maps, settings);
          if (scale > 0 && Number.isFinite(scale) && Number.isFinite(offset)) {
            const scaled = { scale: Float32Array.of(scale) };
            return settings.method === 'quantile' ? scaled : { ...scaled, offset: Float32Array.of(offset) };
          }
          throw new StillroomError(
            'map-cannot-be-scaled',
            `expected validation maps that a scale follows from, found the scale ${scale}`,
            {
              socket: 'map',
              hint: maps.length ? 'raise `quantile`, or check what feeds the map' : 'give the dataset validation images',
            },
          );
        },
      };
    },
  };
}
