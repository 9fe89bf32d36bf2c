import type { ResolvedWeights } from '../resolve.ts';
import type { WeightsCheck } from './check-weights.ts';
import type { FirstLayer } from './first-layer.ts';

/** A check of weights as data: figures of the filters, not the filters themselves. */
export function describeCheck({ entry, file, sha256 }: ResolvedWeights, { firstLayer, ...found }: WeightsCheck): CheckDescription {
  const { name, architecture, title, normalisation, padding } = entry;
  return { name, architecture, title, file, sha256, normalisation, padding, ...found, firstLayer: firstLayer && describeLayer(firstLayer) };
}

export interface CheckDescription
  extends Pick<ResolvedWeights['entry'], 'name' | 'architecture' | 'title' | 'normalisation' | 'padding'>,
    Pick<ResolvedWeights, 'file' | 'sha256'>,
    Omit<WeightsCheck, 'firstLayer'> {
  firstLayer: (Omit<FirstLayer, 'filters' | 'running'> & { filters: number; statistics: boolean }) | undefined;
}

function describeLayer({ filters, running, ...figures }: FirstLayer): NonNullable<CheckDescription['firstLayer']> {
  return { ...figures, filters: filters.length, statistics: running !== undefined };
}
