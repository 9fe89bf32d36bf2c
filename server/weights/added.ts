import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { WeightsEntry } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { homeDirectory } from '../home.ts';

/** Weights that a user has added from a file; a copy of it is kept. */
export interface AddedWeights extends Omit<WeightsEntry, 'source'> {
  source: { kind: 'file'; path: string };
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const registrySchema = z.object({
  version: z.literal(1),
  weights: z.array(
    z.object({
      name: z.string().min(1),
      architecture: z.string().min(1),
      title: z.string(),
      publisher: z.string(),
      licence: z.string(),
      /** Relative to the registry's folder. */
      file: z.string().min(1),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      normalisation: z.object({ mean: triple, deviation: triple }),
      padding: z.enum(['torch', 'same']),
    }),
  ),
});

/** Where the list of added weights of a home, and their files, lie. */
export const addedFolder = (home = homeDirectory()): string => join(home, 'weights');
const registryFile = (home?: string): string => join(addedFolder(home), 'registry.json');

/** The user's own weights; none where nothing was ever added. Throws `weights-registry-corrupt`. */
export async function readAddedWeights(home?: string): Promise<AddedWeights[]> {
  const file = registryFile(home);
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw damaged(file, cause.code ?? cause.message, cause);
  });
  if (text === undefined) return [];
  const parsed = registrySchema.safeParse(parseJson(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(file, `${issue!.path.join('.')}: ${issue!.message}`, parsed.error);
  }
  return parsed.data.weights.map(({ file: path, ...entry }) => ({
    ...entry,
    source: { kind: 'file', path: resolve(addedFolder(home), path) },
  }));
}

/** Replaces the list of the user's own weights. Throws `cannot-write`. */
export async function writeAddedWeights(entries: readonly AddedWeights[], home?: string): Promise<void> {
  const weights = entries.map(({ source, ...entry }) => ({ ...entry, file: basename(source.path) }));
  const text = `${JSON.stringify({ version: 1, weights }, null, 2)}\n`;
  await writeFileAtomically(registryFile(home), (handle) => handle.writeFile(text));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(file, 'no JSON', cause);
  }
}

function damaged(file: string, found: string, cause: unknown): StillroomError {
  return new StillroomError('weights-registry-corrupt', `expected the list of added weights, found ${found}`, {
    file,
    hint: 'mend or remove that file; weights can be added again',
    cause,
  });
}
