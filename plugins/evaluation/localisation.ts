import { defineNode, map, number, type Signals } from '../sdk/index.ts';
import { localisationSink } from './localisation-sink.ts';
import { checkResultName, resultName } from './result-name.ts';

/** Ends a graph with a `map` `[H, W, 1]`: how well it tells defective pixels from others. */
export const localisation = defineNode({
  type: 'evaluation/localisation',
  version: 1,
  title: 'Localisation',
  summary: 'Names an anomaly map and measures pixel AUROC, AUPRO, pixel average precision and pixel F1-max on it; the last looks at test labels.',
  category: 'evaluation',
  cite: 'Bergmann et al. 2021, The MVTec Anomaly Detection Dataset, §6.2 (per-region overlap)',
  params: {
    name: resultName('localisation'),
    auproLimit: number({
      default: 0.3,
      min: 0.001,
      max: 1,
      step: 0.05,
      help: 'False-positive rate up to which the per-region overlap is integrated, 0–1; 0.3 in the literature.',
    }),
  },
  inputs: { map: map() },
  outputs: {},
  infer(inputs, { name }, ctx): Signals {
    checkResultName(name, ctx);
    const { shape, image } = inputs['map']!;
    const [height, width] = shape;
    if (image && (height !== image[0] || width !== image[1])) {
      ctx.problem({
        code: 'map-below-image-size',
        severity: 'warning',
        socket: 'map',
        message: `expected a map of the images' ${image.join('×')} pixels, found ${height}×${width}`,
        hint: "upsample it to the images' size; figures of smaller maps are not comparable with published ones",
      });
    }
    return {};
  },
  sink: localisationSink,
});
