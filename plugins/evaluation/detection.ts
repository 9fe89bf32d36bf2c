import { choice, defineNode, number, score, type Signals, type WeightSpec } from '../sdk/index.ts';
import { detectionSink } from './detection-sink.ts';
import { checkResultName, resultName } from './result-name.ts';
import { thresholdCalibration } from './threshold.ts';

/** Ends a graph with an image `score` `[]`: verdicts, and how well it tells anomalous images from normal ones. */
export const detection = defineNode({
  type: 'evaluation/detection',
  version: 1,
  title: 'Detection',
  summary:
    'Names an image score, calls images anomalous at a threshold learnt from the validation images, and measures ' +
    'image AUROC, average precision, the verdicts and their false alarms, and F1-max, which looks at test labels. ' +
    'Scores stay as they are.',
  category: 'evaluation',
  params: {
    name: resultName('detection'),
    rule: choice({
      default: 'quantile',
      options: {
        quantile: 'a quantile of the validation scores',
        'false-alarm-rate': 'a promised rate of false alarms',
      },
      help: 'How the threshold follows from the scores of the validation images, which are normal.',
    }),
    quantile: number({ default: 0.99, min: 0, max: 1, step: 0.01, help: 'With the rule `quantile`.' }),
    falseAlarmRate: number({
      default: 0.01,
      min: 0.000001,
      max: 1,
      step: 0.01,
      help: 'Share of normal images called anomalous, at most, 0–1; with the rule `false-alarm-rate`.',
    }),
  },
  inputs: { score: score() },
  outputs: {},
  infer(_inputs, { name }, ctx): Signals {
    checkResultName(name, ctx);
    return {};
  },
  weights: () => [calibrated('threshold'), calibrated('images'), calibrated('alarms')],
  calibrate: thresholdCalibration,
  sink: detectionSink,
});

function calibrated(name: string): WeightSpec {
  return { name, shape: [], layout: 'plain', role: 'calibrated', init: { kind: 'zeros' } };
}
