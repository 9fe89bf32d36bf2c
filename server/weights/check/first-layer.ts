import type { WeightSpec } from '../../../plugins/sdk/weight.ts';
import { autocorrelationOf, liveFilters, type Autocorrelation } from './autocorrelation.ts';

/** The convolution that sees the image, and what its batch-norm has seen. */
export interface FirstLayer {
  /** State-dict name of the convolution. */
  name: string;
  /** Side of the kernels, px. */
  kernel: number;
  /** One a filter; numbers run row, column, channel (as the file has the channels). */
  filters: Float64Array[];
  /** How like their neighbours the filters' numbers are; absent for 1×1 kernels. */
  autocorrelation?: Autocorrelation;
  /** Filters that are (nearly) zero beside the others. */
  dead: number;
  /** Filters that weigh the first channel more than the third, and the other way round. */
  firstHeavier: number;
  thirdHeavier: number;
  /** Mean and variance of each filter's responses in training; absent where batch-norm is folded. */
  running?: { mean: Float32Array; variance: Float32Array };
}

/** The first convolution with three input channels, of imported weights. */
export function firstLayerOf(
  specs: readonly WeightSpec[],
  values: ReadonlyMap<string, Float32Array>,
  form: 'plain' | 'folded',
): FirstLayer | undefined {
  const spec = specs.find(({ layout, shape }) => layout === 'kernel' && shape[2] === 3);
  if (!spec) return undefined;
  const name = spec.name.replace(/\.weight$/, '');
  const [kernel, , , count] = spec.shape as [number, number, number, number];
  const kernels = values.get(spec.name)!;
  const filters = Array.from({ length: count }, (_, f) =>
    Float64Array.from({ length: kernel * kernel * 3 }, (_, at) => kernels[at * count + f]!),
  );
  const energy = (filter: Float64Array, channel: number): number =>
    filter.reduce((sum, value, at) => (at % 3 === channel ? sum + value * value : sum), 0);
  const live = liveFilters(Float64Array.from(filters, (filter) => energy(filter, 0) + energy(filter, 1) + energy(filter, 2)));
  const leanings = live.map((f) => Math.sign(energy(filters[f]!, 0) - energy(filters[f]!, 2)));
  const statistic = (part: string): Float32Array | undefined => {
    const norm = specs.find(({ normalises }) => normalises?.convolution === name && normalises.part === part);
    return norm && values.get(norm.name);
  };
  const [mean, variance] = [statistic('mean'), statistic('variance')];
  const autocorrelation = autocorrelationOf(kernels, spec.shape as [number, number, number, number]);
  return {
    name,
    kernel,
    filters,
    dead: count - live.length,
    firstHeavier: leanings.filter((sign) => sign > 0).length,
    thirdHeavier: leanings.filter((sign) => sign < 0).length,
    ...(autocorrelation ? { autocorrelation } : {}),
    ...(form === 'plain' && mean && variance ? { running: { mean, variance } } : {}),
  };
}
