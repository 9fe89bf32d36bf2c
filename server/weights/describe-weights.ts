import { existsSync } from 'node:fs';
import { defaultWeights, type RegisteredWeights, type WeightsRegistry } from './registry.ts';
import { weightsFile } from './resolve.ts';

/** An entry as data, with where its file is, or would be. */
export interface WeightsDescription extends Omit<RegisteredWeights, 'source'> {
  /** Whether it is what its architecture has where nobody names weights. */
  default: boolean;
  file: string;
  present: boolean;
  source: { kind: RegisteredWeights['source']['kind'] } & Record<string, unknown>;
}

export function describeWeights(entry: RegisteredWeights, registry: WeightsRegistry): WeightsDescription {
  const { source, ...facts } = entry;
  const file = weightsFile(entry);
  return {
    ...facts,
    default: isDefault(entry, registry),
    file,
    present: existsSync(file),
    source: source.kind === 'bundled' ? { ...source, url: source.url.href } : { ...source },
  };
}

export function isDefault(entry: RegisteredWeights, registry: WeightsRegistry): boolean {
  return defaultWeights(registry, entry.architecture) === entry;
}
