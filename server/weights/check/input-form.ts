import { responseOf, type PatchMoments } from './patch-moments.ts';
import type { FirstLayer } from './first-layer.ts';

type Triple = readonly [number, number, number];

/** How a network wants its images: `(x − mean) / deviation` of RGB in 0–1, then its channels in this order. */
export interface InputForm {
  name: string;
  mean: Triple;
  deviation: Triple;
  order: 'RGB' | 'BGR';
}

const imagenetMean: Triple = [0.485, 0.456, 0.406];
const all = (value: number): Triple => [value, value, value];

/** The ways of bringing images to a network's range that are met in practice. */
const scalings = [
  { name: "ImageNet's mean and deviation", mean: imagenetMean, deviation: [0.229, 0.224, 0.225] },
  { name: '−1…1 (mean and deviation 0.5)', mean: all(0.5), deviation: all(0.5) },
  { name: '0…1', mean: all(0), deviation: all(1) },
  { name: '0…255', mean: all(0), deviation: all(1 / 255) },
  { name: "0…255 less ImageNet's mean", mean: imagenetMean, deviation: all(1 / 255) },
] as const;

/** Each of them, red first and blue first. */
export const knownForms: readonly InputForm[] = scalings.flatMap((scaling) =>
  (['RGB', 'BGR'] as const).map((order) => ({ ...scaling, order })),
);

/** How well what the first batch-norm has seen agrees with what natural images give in some form. */
export interface FormFit {
  form: InputForm;
  /** Mean over filters of the information, nat, by which both differ as normal distributions: 0 where they agree. */
  divergence: number;
  /** Deviation of the responses over the one that batch-norm has seen, median of the filters. */
  ratio: number;
}

/** A filter that fits not at all counts no more than this, nat. */
const most = 3;

/** How well natural images of these moments fit, in a form, what the layer's batch-norm has seen. */
export function fitOf(
  form: InputForm,
  { filters }: FirstLayer,
  running: NonNullable<FirstLayer['running']>,
  moments: PatchMoments,
): FormFit {
  const floor = 1e-3 * median([...running.variance]);
  const divergences: number[] = [];
  const ratios: number[] = [];
  filters.forEach((filter, f) => {
    const [mean, variance] = [running.mean[f]!, running.variance[f]!];
    const found = responseIn(form, filter, moments);
    if (!(variance > floor) || found.variance === 0) return;
    const lost = (variance / found.variance + (found.mean - mean) ** 2 / found.variance - 1 + Math.log(found.variance / variance)) / 2;
    divergences.push(Math.min(most, lost));
    ratios.push(Math.sqrt(found.variance / variance));
  });
  return { form, divergence: divergences.reduce((a, b) => a + b, 0) / divergences.length, ratio: median(ratios) };
}

/** A filter that takes images in a form, written as one that takes RGB 0–1. */
function responseIn({ mean, deviation, order }: InputForm, filter: Float64Array, moments: PatchMoments): { mean: number; variance: number } {
  let constant = 0;
  const own = filter.map((_, at) => {
    const colour = at % 3;
    const value = filter[order === 'RGB' ? at : at - colour + 2 - colour]! / deviation[colour]!;
    constant -= value * mean[colour]!;
    return value;
  });
  const response = responseOf(own, moments);
  return { mean: response.mean + constant, variance: response.variance };
}

/** Typical deviation of the filters' responses to natural images in a form: the median. */
export function typicalResponse(form: InputForm, { filters }: FirstLayer, moments: PatchMoments): number {
  return median(filters.map((filter) => Math.sqrt(responseIn(form, filter, moments).variance)));
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
