import type { Architecture } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { mapKeys } from './key-map.ts';
import type { WeightsRegistry } from './registry.ts';
import type { StateDict } from './state-dict.ts';

/** The architecture most of whose weights a file names. Throws `weights-wrong-architecture`. */
export function recogniseArchitecture(registry: WeightsRegistry, state: StateDict, file: string): Architecture {
  const fits = [...registry.architectures.values()].flatMap((architecture) => {
    const names = architecture.weights().map(({ name }) => name);
    try {
      const { tensors } = mapKeys(state, architecture, file);
      const share = names.filter((name) => tensors.has(name)).length / names.length;
      return [{ architecture, share: share - strangers(tensors, names) }];
    } catch (error) {
      if (error instanceof StillroomError) return [];
      throw error;
    }
  });
  const [best] = fits.sort((a, b) => b.share - a.share);
  if (best) return best.architecture;
  const known = [...registry.architectures.keys()].join(', ');
  throw new StillroomError('weights-wrong-architecture', `expected weights of ${known}, found others`, {
    file,
    hint: 'install the plugin that has their architecture',
  });
}

/** Share of the file's tensors that the architecture does not know. */
function strangers(tensors: ReadonlyMap<string, unknown>, names: readonly string[]): number {
  const known = new Set(names);
  return [...tensors.keys()].filter((name) => !known.has(name)).length / tensors.size;
}
