import { cp, mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { asWriteError } from '../atomic-file.ts';
import { addedFolder, readAddedWeights, writeAddedWeights, type AddedWeights } from './added.ts';
import { coverageOf, type Coverage } from './import.ts';
import { readState } from './read-state.ts';
import { recogniseArchitecture } from './recognise.ts';
import { architectureNamed, defaultWeights, imagenetNormalisation, type WeightsRegistry } from './registry.ts';
import { sha256OfWeights } from './sha256.ts';

/** Weights that have been added, and what of their file fits the architecture. */
export interface AddedFile extends Coverage {
  entry: AddedWeights;
}

/**
 * Registers a file under a name, after reading it and seeing that it holds weights of the architecture (of the one that
 * fits best, where none is named). The file, or folder of arrays, is copied. Throws what reading throws, `weights-name-taken`,
 * `weights-bad-name`, `weights-wrong-architecture`, `cannot-write`.
 */
export async function addWeights(
  registry: WeightsRegistry,
  name: string,
  file: string,
  { architecture: wanted }: { architecture?: string } = {},
): Promise<AddedFile> {
  mustBeFree(registry, name);
  const state = await readState(file, registry.readers);
  const architecture = wanted === undefined ? recogniseArchitecture(registry, state, file) : architectureNamed(registry, wanted);
  const coverage = coverageOf(state, architecture, file);
  const like = defaultWeights(registry, architecture.name);
  const path = join(addedFolder(), name + extname(file));
  const entry: AddedWeights = {
    name,
    architecture: architecture.name,
    title: `${architecture.title}, from ${basename(file)}`,
    publisher: 'added by the user',
    licence: 'unknown',
    sha256: await sha256OfWeights(file),
    normalisation: like?.normalisation ?? imagenetNormalisation,
    padding: like?.padding ?? 'torch',
    source: { kind: 'file', path },
  };
  try {
    await mkdir(addedFolder(), { recursive: true });
    await cp(file, path, { recursive: true });
  } catch (cause) {
    throw asWriteError(cause, path);
  }
  await writeAddedWeights([...(await readAddedWeights()), entry]);
  return { entry, ...coverage };
}

/** Throws `weights-bad-name`, `weights-name-taken`. */
export function mustBeFree(registry: WeightsRegistry, name: string): void {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
    throw new StillroomError('weights-bad-name', `expected a name of letters, digits, dots and dashes, found "${name}"`, {
      hint: 'choose a name such as resnet18.mine',
    });
  }
  if (registry.entries.some((entry) => entry.name === name)) {
    throw new StillroomError('weights-name-taken', `expected a name of its own, found that "${name}" is taken`, {
      hint: 'choose another name; `stillroom weights list` shows those there are',
    });
  }
}
