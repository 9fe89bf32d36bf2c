import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { nvidiaGpus } from './accelerator.ts';
import { compileBinding, findCompiler, noCompiler } from './compile.ts';
import { asDiskFull, needSpace } from './disk.ts';
import { fetchWheel } from './fetch-wheel.ts';
import { chosenFile, findEngine } from './find.ts';
import { linkCuda } from './link-cuda.ts';
import { bindingFile, enginesDirectory, isEngineDirectory, isWhole, manifestFile, readManifest } from './location.ts';
import type { EngineLocation, EngineManifest } from './location.ts';
import { withLock } from './lock.ts';
import type { HeldLock } from './lock.ts';
import { findNamedLibrary, linkNamedLibrary } from './named-library.ts';
import { findPip } from './pip.ts';
import { installPrebuilt } from './prebuilt.ts';
import type { OnProgress } from './progress.ts';
import { sha256OfFile } from './sha256.ts';
import { unpackWheel } from './unpack.ts';
import { verifyBinding } from './verify-binding.ts';
import { recipeFor } from './wheels.ts';
import type { Recipe } from './wheels.ts';

export interface ProvisionOptions {
  /** For an NVIDIA GPU; where the driver shows one unless said otherwise. */
  gpu?: boolean;
  /**
   * A directory that holds an engine, TensorFlow (Python's package or the C distribution), or the wheel that would be
   * fetched. It stays chosen until the next call without `from`.
   */
  from?: string;
  /** Make it again even where there is one. */
  again?: boolean;
  /** Another recipe than the machine's. */
  recipe?: Recipe;
  /** Age at which an untouched lock is of a process that was killed; ten seconds unless given, two at least. */
  lockStaleMs?: number;
  onProgress?: OnProgress;
}

/**
 * Makes an engine and returns where it is; returns at once where there is one. Whatever moment it is killed at, the
 * same call goes on with what was fetched whole, and no half-made engine is ever found; of two processes that call it
 * at once, one works and the other waits.
 */
export async function provisionEngine(options: ProvisionOptions = {}): Promise<EngineLocation> {
  const onProgress = options.onProgress ?? (() => {});
  // An engine that this variable names comes before any other; that it is not there is better known before fetching.
  if (process.env['STILLROOM_ENGINE']) findEngine();
  const root = enginesDirectory();
  const onWait = () =>
    onProgress({ stage: 'wait', subject: 'another process that provisions the engine', done: 0, unit: 'steps' });
  try {
    return await withLock(root, { onWait, staleMs: options.lockStaleMs }, async (lock) => {
      await removeLeftovers(root);
      const from = options.from === undefined ? undefined : resolve(options.from);
      const named = from === undefined ? undefined : await engineOfDirectory(root, from, options.recipe?.sources, lock, onProgress);
      if (named) {
        await writeAtomically(join(root, chosenFile), JSON.stringify({ directory: named }, null, 2) + '\n');
        return found(named);
      }
      await rm(join(root, chosenFile), { force: true });
      return found(await engineOfRecipe(root, options, from, lock, onProgress));
    });
  } catch (error) {
    throw asDiskFull(error, root);
  }
}

function found(directory: string): EngineLocation {
  const best = findEngine();
  return best?.directory === directory ? best : (findEngine(directory) as EngineLocation);
}

/** An engine in, or compiled against, a directory that the user names; undefined where it holds (only) wheels. */
async function engineOfDirectory(
  root: string,
  from: string,
  sources: readonly string[] | undefined,
  lock: HeldLock,
  onProgress: OnProgress,
): Promise<string | undefined> {
  if (isEngineDirectory(from)) {
    onProgress({ stage: 'prove', subject: from, done: 0, total: 1, unit: 'steps' });
    await verifyBinding(from);
    return from;
  }
  const library = await findNamedLibrary(from);
  if (!library) {
    const names = existsSync(from) ? await readdir(from) : [];
    if (names.some((name) => name.endsWith('.whl'))) return undefined;
    throw new StillroomError(
      'engine-not-there',
      'expected an engine, TensorFlow (libtensorflow and include/tensorflow/c) or its wheel, found none of them',
      { file: from, hint: 'name a directory like `site-packages/tensorflow`, or leave `--from` out' },
    );
  }
  const key = `named-${createHash('sha256').update(from).digest('hex').slice(0, 12)}`;
  return build(root, key, lock, onProgress, async (directory) => {
    await linkNamedLibrary(library, directory);
    const compiled = await compile(directory, sources, onProgress);
    return { source: 'named', variant: 'cpu', from: [{ directory: from }], compiled };
  });
}

async function engineOfRecipe(
  root: string,
  options: ProvisionOptions,
  from: string | undefined,
  lock: HeldLock,
  onProgress: OnProgress,
): Promise<string> {
  const variant = (options.gpu ?? (recipeFor('gpu') && nvidiaGpus().length > 0)) ? 'gpu' : 'cpu';
  const recipe = options.recipe ?? recipeFor(variant);
  if (!options.again && recipe && isMade(join(root, recipe.key))) {
    await removeWheels(root, recipe);
    return join(root, recipe.key);
  }
  const python = findPip();
  if (!recipe || (!python && from === undefined && !hasDownloads(root, recipe))) {
    return prebuilt(root, variant, options.again, lock, onProgress);
  }
  if (!findCompiler()) throw noCompiler();
  await needSpace(root, recipe.bytes + recipe.wheels.reduce((sum, wheel) => sum + (wheel.bytes ?? 0), 0));

  const made = await build(root, recipe.key, lock, onProgress, async (directory) => {
    for (const wheel of recipe.wheels) {
      const file = await fetchWheel(wheel, downloads(root), { python, onProgress, ...(from ? { from } : {}) });
      lock.check();
      await unpackWheel(file, wheel, directory, onProgress);
    }
    await linkCuda(directory);
    const compiled = await compile(directory, recipe.sources, onProgress);
    const origin = recipe.wheels.map(({ file, sha256 }) => ({ file, sha256 }));
    return { source: 'wheel', variant: recipe.variant, from: origin, compiled };
  });
  await removeWheels(root, recipe);
  return made;
}

async function prebuilt(
  root: string,
  variant: 'cpu' | 'gpu',
  again: boolean | undefined,
  lock: HeldLock,
  onProgress: OnProgress,
): Promise<string> {
  const key = `prebuilt-${variant}-${process.platform}-${process.arch}`;
  if (!again && isMade(join(root, key))) return join(root, key);
  return build(root, key, lock, onProgress, async (directory) => {
    await installPrebuilt(directory, variant, onProgress);
    const sha256 = await sha256OfFile(join(directory, bindingFile));
    return { source: 'prebuilt', variant, from: [{ file: bindingFile, sha256 }], compiled: null };
  });
}

type Made = Pick<EngineManifest, 'source' | 'variant' | 'from' | 'compiled'>;

/** Makes an engine in a directory beside its place and moves it there when it is whole and has been loaded once. */
async function build(
  root: string,
  key: string,
  lock: HeldLock,
  onProgress: OnProgress,
  make: (directory: string) => Promise<Made>,
): Promise<string> {
  const target = join(root, key);
  const part = join(root, `${key}.part-${randomUUID()}`);
  await mkdir(part, { recursive: true });
  try {
    const made = await make(part);
    onProgress({ stage: 'prove', subject: key, done: 0, total: 1, unit: 'steps' });
    const version = await verifyBinding(part);
    const system = `${process.platform}-${process.arch}`;
    const files = await listFiles(part);
    const manifest: EngineManifest = { format: 1, ...made, version, system, files, made: new Date().toISOString() };
    await writeFile(join(part, manifestFile), JSON.stringify(manifest, null, 2) + '\n');
    lock.check();
    if (existsSync(target)) await rename(target, join(root, `${key}.part-old-${randomUUID()}`));
    await rename(part, target);
    onProgress({ stage: 'prove', subject: key, done: 1, total: 1, unit: 'steps' });
  } finally {
    if (!lock.lost) await removeLeftovers(root);
  }
  return target;
}

async function compile(directory: string, sources: readonly string[] | undefined, onProgress: OnProgress) {
  onProgress({ stage: 'compile', subject: bindingFile, done: 0, total: 1, unit: 'steps' });
  const compiled = await compileBinding(directory, sources ? [...sources] : undefined);
  onProgress({ stage: 'compile', subject: bindingFile, done: 1, total: 1, unit: 'steps' });
  return compiled;
}

function isMade(directory: string): boolean {
  const manifest = readManifest(directory);
  return manifest !== undefined && isWhole(directory, manifest);
}

/** Libraries and binding with their sizes; headers are too many and small to be worth the look at each start. */
async function listFiles(directory: string): Promise<EngineManifest['files']> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => /\.(node|dll|dylib|so[.\d]*)$/.test(name));
  const files = await Promise.all(names.map(async (file) => ({ file, bytes: (await stat(join(directory, file))).size })));
  return files.sort((a, b) => (a.file < b.file ? -1 : 1));
}

function downloads(root: string): string {
  return join(root, 'downloads');
}

function hasDownloads(root: string, { wheels }: Recipe): boolean {
  return wheels.every(({ file }) => existsSync(join(downloads(root), file)));
}

async function removeWheels(root: string, { wheels }: Recipe): Promise<void> {
  for (const { file } of wheels) await rm(join(downloads(root), file), { force: true });
}

async function removeLeftovers(root: string): Promise<void> {
  for (const name of (await readdir(root)).filter((entry) => entry.includes('.part-'))) {
    await rm(join(root, name), { recursive: true, force: true });
  }
}

async function writeAtomically(file: string, text: string): Promise<void> {
  const part = `${file}.part-${randomUUID()}`;
  await writeFile(part, text);
  await rename(part, file);
}
