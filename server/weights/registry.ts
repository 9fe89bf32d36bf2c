import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Architecture, Pack, WeightsEntry } from '../../plugins/sdk/pack.ts';
import type { WeightReader } from '../../plugins/sdk/weight-reader.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { readAddedWeights, type AddedWeights } from './added.ts';

/** Weights that can be asked for by name: those of packs, and files that the user has added. */
export type RegisteredWeights = WeightsEntry | AddedWeights;

export interface WeightsRegistry {
  /** By name. */
  architectures: ReadonlyMap<string, Architecture>;
  /** In order of preference: those of packs, then the user's own. */
  entries: readonly RegisteredWeights[];
  /** Formats beside the built-in ones. */
  readers: readonly WeightReader[];
}

/** What the input of weights is taken to be where their architecture has no registered ones to go by. */
export const imagenetNormalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** Everything that the packs and the user's own registry (`<home>/weights/registry.json`) know. */
export async function openWeightsRegistry(packs: readonly Pack[], home?: string): Promise<WeightsRegistry> {
  const architectures = packs.flatMap((pack) => pack.architectures ?? []);
  return {
    architectures: new Map(architectures.map((architecture) => [architecture.name, architecture])),
    entries: [...packs.flatMap((pack) => pack.weights ?? []), ...(await readAddedWeights(home))],
    readers: packs.flatMap((pack) => pack.weightReaders ?? []),
  };
}

/** The architecture of that name. Throws `unknown-architecture`. */
export function architectureNamed(registry: WeightsRegistry, name: string): Architecture {
  const architecture = registry.architectures.get(name);
  if (architecture) return architecture;
  throw new StillroomError('unknown-architecture', `expected the name of an architecture, found "${name}"`, {
    hint: `name one of ${[...registry.architectures.keys()].join(', ') || 'none: no pack gives any'}`,
  });
}

/** What is used where nobody names weights: the architecture's first entry whose file can be had. */
export function defaultWeights(registry: WeightsRegistry, architecture: string): RegisteredWeights | undefined {
  return registry.entries.find((entry) => entry.architecture === architecture && !isLackingBundle(entry));
}

function isLackingBundle({ source }: RegisteredWeights): boolean {
  return source.kind === 'bundled' && !existsSync(fileURLToPath(source.url));
}
