import type { Problem } from '../../../plugins/sdk/problem.ts';
import type { WeightsEntry } from '../../../plugins/sdk/pack.ts';
import { listNames } from '../key-map.ts';
import type { Autocorrelation } from './autocorrelation.ts';
import type { FirstLayer } from './first-layer.ts';
import type { FormFit } from './input-form.ts';
import { isPlausible, orderOf } from './order.ts';
import type { StageFigures } from './stages.ts';

/** What a diagnosis goes by. */
export interface Evidence {
  file: string;
  firstLayer: FirstLayer | undefined;
  /** Autocorrelation of further convolutions of 3×3 and larger, by name. */
  others: ReadonlyMap<string, Autocorrelation>;
  /** Names of batch-norms that are as they begin: scale and variance 1, shift and mean 0. */
  untouchedNorms: readonly string[];
  /** How well each form of input fits, the declared one first; empty where no statistics are there. */
  fits: readonly FormFit[];
  /** Typical deviation of the first layer's responses to natural images in the declared form. */
  response: number;
  stages: readonly StageFigures[];
  normalisation: WeightsEntry['normalisation'];
  /** What the registry says of the weights; what the network does, where its pack says. */
  padding: { declared: 'torch' | 'same'; network: 'torch' | 'same' | undefined };
  /** Whether batch-norms have statistics and count no batch: the weights were converted from another framework. */
  converted: boolean;
}

export interface Diagnosis {
  problems: Problem[];
  /** What cannot be told of these weights, a sentence each. */
  untold: string[];
}

/** Says what looks wrong with weights, and what cannot be told. Everything said is a judgement, so nothing is an error. */
export function diagnose(evidence: Evidence): Diagnosis {
  const untrained = untrainedProblems(evidence);
  const { firstLayer, fits } = evidence;
  const input = untrained.length
    ? { problems: [], untold: ['normalisation and order of channels: only trained weights tell'] }
    : fits.length
      ? byStatistics(evidence)
      : byScale(evidence);
  const order = untrained.length || !firstLayer ? { problems: [], untold: [] } : channelOrder(evidence, firstLayer);
  const padding = paddingOf(evidence);
  return {
    problems: [...untrained, ...input.problems, ...order.problems, ...padding.problems, ...stageProblems(evidence)],
    untold: [...input.untold, ...order.untold, ...padding.untold],
  };
}

/** Neighbouring numbers of trained kernels correlate by 0.25 and more; of random ones by no more than chance. */
const least = 0.1;
const isNoise = ({ value, error }: Autocorrelation): boolean => Math.abs(value) < Math.max(least, 4 * error);

function untrainedProblems({ file, firstLayer, others, untouchedNorms }: Evidence): Problem[] {
  const hint = 'use trained weights, or see that the training was saved and not the network as it began';
  const problems: Problem[] = [];
  const found = firstLayer?.autocorrelation;
  if (found && isNoise(found)) {
    problems.push(
      warning('weights-untrained', `expected first-layer filters with shapes, found noise: neighbouring numbers correlate by ${found.value.toFixed(2)}, not by 0.25 and more`, file, hint, firstLayer.name),
    );
  }
  const noisy = [...others].filter(([, each]) => isNoise(each)).map(([name]) => name);
  if (noisy.length > 0) {
    problems.push(warning('weights-untrained', `expected kernels with shapes, found noise in ${noisy.length} of ${others.size} further convolutions: ${listNames(noisy)}`, file, hint));
  }
  if (untouchedNorms.length > 0) {
    problems.push(warning('weights-untrained', `expected batch-norms that have seen images, found ${untouchedNorms.length} as they begin: ${listNames(untouchedNorms)}`, file, hint));
  }
  return problems;
}

function byStatistics({ file, fits, normalisation }: Evidence): Diagnosis {
  const declared = fits[0]!;
  const best = [...fits].sort((a, b) => a.divergence - b.divergence)[0]!;
  const isMuchBetter = declared.divergence > 2 * best.divergence && declared.divergence > best.divergence + 0.15;
  if (!isPlausible(best) && (isMuchBetter || !isPlausible(declared))) {
    const untold = `normalisation: the first batch-norm has seen what photographs give in none of the known forms (nearest: ${best.form.name}, ${best.divergence.toFixed(2)} nat apart); it was trained on other images, or not with this input`;
    return { problems: [], untold: [untold] };
  }
  if (!isMuchBetter) return { problems: [], untold: [] };
  const { mean, deviation } = best.form;
  return {
    problems: [
      warning(
        'weights-wrong-normalisation',
        `expected images less mean ${normalisation.mean.join(' ')} over deviation ${normalisation.deviation.join(' ')} to fit the first batch-norm, found that ${best.form.name} fits better: ${best.divergence.toFixed(2)} nat apart, not ${declared.divergence.toFixed(2)}`,
        file,
        `in the graph set the normalisation to mean ${mean.join(' ')} and deviation ${deviation.map((d) => Number(d.toPrecision(3))).join(' ')}`,
      ),
    ],
    untold: [],
  };
}

/** Typical responses of a folded first layer lie near 0.1 to 1; ten times off is another scale of input. */
const [weakest, strongest] = [0.02, 8];

function byScale({ file, firstLayer, response }: Evidence): Diagnosis {
  if (!firstLayer) return { problems: [], untold: ['normalisation and order of channels: no convolution of three channels'] };
  if (response >= weakest && response <= strongest) {
    return { problems: [], untold: ['normalisation: without statistics of batch-norm only the scale can be judged, and it is plausible'] };
  }
  const found = response < weakest ? 'hardly any: they want larger input, such as 0…255' : 'far too strong ones: they want smaller input';
  return {
    problems: [
      warning('weights-wrong-normalisation', `expected responses of the first layer between ${weakest} and ${strongest}, found ${response.toPrecision(2)}, ${found}`, file, 'find out from the publisher how images are normalised, and set that in the graph'),
    ],
    untold: [],
  };
}

function channelOrder({ file, fits }: Evidence, firstLayer: FirstLayer): Diagnosis {
  const { statistics, filters } = orderOf(firstLayer, fits);
  const order = statistics ?? filters;
  if (!order || (statistics && filters && statistics !== filters)) {
    return { problems: [], untold: ['order of channels: red first and blue first fit alike'] };
  }
  if (order === 'RGB') return { problems: [], untold: [] };
  const { firstHeavier, thirdHeavier } = firstLayer;
  const why = statistics
    ? 'the first batch-norm has seen what photographs give with blue first'
    : `${thirdHeavier} of ${firstHeavier + thirdHeavier} first filters weigh the third channel more than the first, as they do red over blue`;
  return {
    problems: [
      warning('weights-channels-swapped', `expected a network that takes red first, found signs of blue first: ${why}`, file, 'turn the input channels of that convolution round and save the file again (`weight.flip(1)` in PyTorch)', firstLayer.name),
    ],
    untold: [],
  };
}

function paddingOf({ file, padding: { declared, network }, converted }: Evidence): Diagnosis {
  if (network && network !== declared) {
    const words = { torch: "PyTorch's padding", same: "TensorFlow's SAME" };
    return {
      problems: [warning('weights-wrong-padding', `expected weights trained with ${words[network]}, as the network pads, found that they are declared to be trained with ${words[declared]}`, file, 'use them with a backbone of that padding')],
      untold: [],
    };
  }
  const sign = converted ? '; batch-norm counts no batch, so they were converted from another framework: TensorFlow pads SAME' : '';
  return { problems: [], untold: [`padding: numbers do not show it, what is declared is taken on trust${sign}`] };
}

function stageProblems({ file, stages }: Evidence): Problem[] {
  return stages.flatMap(({ stage, shape, notFinite, largest, deviation, deadChannels }) => {
    const hint = 'see that the file is whole and of this architecture, and that images are normalised as it expects';
    const say = (message: string): Problem[] => [warning('weights-bad-features', `expected features that vary, found ${message} in ${stage}`, file, hint)];
    if (notFinite > 0) return say(`${notFinite} values that are not finite`);
    if (largest > 1e4) return say(`values up to ${largest.toPrecision(2)}`);
    if (deviation < 1e-4 || deadChannels > shape[2]! / 2) return say(`${deadChannels} of ${shape[2]} channels that never change`);
    return [];
  });
}

function warning(code: string, message: string, file: string, hint: string, field?: string): Problem {
  return { code, severity: 'warning', message, file, hint, ...(field === undefined ? {} : { field }) };
}
