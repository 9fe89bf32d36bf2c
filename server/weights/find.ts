import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { noneThere } from './none-there.ts';
import { architectureNamed, defaultWeights, imagenetNormalisation, type RegisteredWeights, type WeightsRegistry } from './registry.ts';

/**
 * The weights of a name for an architecture, or of a file; of the default where neither is given (`''`). Nothing is fetched
 * or read; `isFile` says what is a file. Throws `unknown-architecture`, `unknown-weights`, `file-not-found`.
 */
export function findWeights(registry: WeightsRegistry, architecture: string, nameOrFile: string, isFile: (name: string) => boolean = existsSync): RegisteredWeights {
  const { title } = architectureNamed(registry, architecture);
  const known = registry.entries.filter((entry) => entry.architecture === architecture);
  const names = known.map(({ name }) => name).join(', ') || 'none are registered: name a file';
  if (nameOrFile === '') {
    const entry = defaultWeights(registry, architecture);
    if (entry) return entry;
    throw new StillroomError('unknown-weights', `expected default weights of ${title}, found none`, {
      hint: `name a file of them: --weights ${architecture}=FILE`,
    });
  }
  const named = registry.entries.find(({ name }) => name === nameOrFile);
  if (named?.architecture === architecture) return named;
  if (named) {
    throw new StillroomError('unknown-weights', `expected weights of ${title}, found "${nameOrFile}" of ${named.architecture}`, {
      hint: `name one of ${names}`,
    });
  }
  if (!isFile(nameOrFile)) throw noneThere(nameOrFile, `a name of ${title} weights or a file`, names);
  return entryOfFile(nameOrFile, architecture, title, defaultWeights(registry, architecture));
}

/** A file that is named for this run only; its input is taken to be that of the architecture's default weights. */
function entryOfFile(
  file: string,
  architecture: string,
  title: string,
  like: RegisteredWeights | undefined,
): RegisteredWeights {
  return {
    name: basename(file),
    architecture,
    title: `${title}, from a file`,
    publisher: 'named by the user',
    licence: 'unknown',
    normalisation: like?.normalisation ?? imagenetNormalisation,
    padding: like?.padding ?? 'torch',
    source: { kind: 'file', path: resolve(file) },
  };
}
