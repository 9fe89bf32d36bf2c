import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StillroomError } from '../../../plugins/sdk/problem.ts';
import { asWriteError, isAlive } from '../../atomic-file.ts';
import { isComplete, MANIFEST, readManifest, type DemoManifest } from './manifest.ts';
import { ALTERED_FROM } from './mask.ts';
import { planCategory } from './plan.ts';
import { surfaces, type Category } from './surfaces/index.ts';
import { DEMO_SEED, DEMO_SHA256, DEMO_VERSION } from './version.ts';
import { writeCategory } from './write-category.ts';

export const demoCategories = Object.keys(surfaces) as Category[];

export interface DemoOptions {
  /** Whole number from 0; `DEMO_SEED` unless told, which figures are reported on. */
  seed?: number;
  /** Some of `demoCategories`; all unless told. */
  categories?: readonly string[];
  onProgress?(progress: { category: Category; done: number; total: number }): void;
}

export interface DemoSummary {
  folder: string;
  /** Shown wherever the set is. */
  label: 'generated';
  version: number;
  seed: number;
  /** Whether it was there already. */
  reused: boolean;
  /** `asPublished` tells whether the pixels are those of this version; undefined for another seed. */
  categories: { name: string; training: number; good: number; defective: number; sha256: string; asPublished?: boolean }[];
}

/**
 * Makes the demo set in `out` (`<category>/train/good/000.png`, …, `demo.json`), or finds it there. Whoever looks sees
 * no set or a whole one: it is made beside `out` and then renamed.
 * @throws StillroomError `unknown-demo-category`, `bad-demo-seed`, `demo-folder-taken`, `cannot-write`
 */
export async function generateDemo(out: string, options: DemoOptions = {}): Promise<DemoSummary> {
  const folder = resolve(out);
  const seed = checkedSeed(options.seed ?? DEMO_SEED);
  const categories = checkedCategories(options.categories ?? demoCategories);
  const there = await findDemo(folder, seed, categories);
  if (there) return summary(folder, there, true);
  try {
    return await make(folder, seed, categories, options.onProgress);
  } catch (cause) {
    throw asWriteError(cause, folder);
  }
}

async function make(
  folder: string,
  seed: number,
  categories: readonly Category[],
  onProgress: DemoOptions['onProgress'],
): Promise<DemoSummary> {
  await mkdir(dirname(folder), { recursive: true });
  await removeLeftovers(folder);
  const temporary = await mkdtemp(`${leftoverPrefix(folder)}${process.pid}-`);
  try {
    const total = categories.reduce((sum, category) => sum + planCategory(category).length, 0);
    let done = 0;
    const made: DemoManifest['categories'] = {};
    for (const category of categories) {
      made[category] = await writeCategory(join(temporary, category), category, seed, () =>
        onProgress?.({ category, done: ++done, total }),
      );
    }
    const manifest: DemoManifest = {
      label: 'generated',
      about: 'Pictures made by Stillroom’s demo generator, not photographs: for trying things out, not for comparing methods.',
      generator: 'stillroom demo',
      version: DEMO_VERSION,
      seed,
      alteredFrom: ALTERED_FROM,
      categories: made,
    };
    await writeFile(join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    return await moveIn(temporary, folder, manifest);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Puts the finished set in its place. Another process may have been quicker: then its set, which is the same, stays. */
async function moveIn(temporary: string, folder: string, manifest: DemoManifest): Promise<DemoSummary> {
  const there = await findDemo(folder, manifest.seed, Object.keys(manifest.categories));
  if (there) return summary(folder, there, true);
  const incomplete = `${temporary}-replaced`;
  const replaced = await rename(folder, incomplete).then(() => true, ifMissing(false));
  await rename(temporary, folder);
  if (replaced) await rm(incomplete, { recursive: true, force: true });
  return summary(folder, manifest, false);
}

/**
 * The record of the wanted set where it is whole; undefined where it can be made in this place.
 * @throws StillroomError where the folder holds anything else.
 */
async function findDemo(folder: string, seed: number, categories: readonly string[]): Promise<DemoManifest | undefined> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw taken(folder, 'a file');
  });
  if (entries.length === 0) return undefined;
  const manifest = await readManifest(folder);
  if (!manifest) throw taken(folder, 'other files');
  if (manifest.version !== DEMO_VERSION) throw taken(folder, `one of version ${manifest.version}, not ${DEMO_VERSION}`);
  if (manifest.seed !== seed) throw taken(folder, `one of seed ${manifest.seed}, not ${seed}`);
  const missing = categories.filter((category) => !(category in manifest.categories));
  if (missing.length > 0) throw taken(folder, `one without ${missing.join(', ')}`);
  if (await isComplete(folder, manifest)) return manifest;
  const kept = Object.keys(manifest.categories).filter((category) => !categories.includes(category));
  if (kept.length > 0) throw taken(folder, `an incomplete one with ${kept.join(', ')} besides`);
  return undefined;
}

function taken(folder: string, found: string): StillroomError {
  return new StillroomError('demo-folder-taken', `expected an empty folder or this demo set, found ${found}`, {
    file: folder,
    hint: 'name another folder with --out, or remove this one',
  });
}

function leftoverPrefix(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.making-`);
}

/** What a killed process left half made beside the folder; that of one that still runs stays. */
async function removeLeftovers(folder: string): Promise<void> {
  const prefix = basename(leftoverPrefix(folder));
  for (const name of await readdir(dirname(folder))) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isInteger(owner) && !isAlive(owner)) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

function ifMissing<T>(value: T): (cause: NodeJS.ErrnoException) => T {
  return (cause) => {
    if (cause.code !== 'ENOENT') throw cause;
    return value;
  };
}

function checkedSeed(seed: number): number {
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new StillroomError('bad-demo-seed', `expected a whole number from 0 as seed, found ${seed}`, { field: 'seed' });
}

function checkedCategories(names: readonly string[]): Category[] {
  const unknown = names.find((name) => !demoCategories.includes(name as Category));
  if (unknown === undefined && names.length > 0) return demoCategories.filter((category) => names.includes(category));
  throw new StillroomError('unknown-demo-category', `expected a demo category, found ${unknown ?? 'none'}`, {
    field: 'categories',
    hint: `choose from ${demoCategories.join(', ')}`,
  });
}

function summary(folder: string, { seed, version, categories }: DemoManifest, reused: boolean): DemoSummary {
  return {
    folder,
    label: 'generated',
    version,
    seed,
    reused,
    categories: Object.entries(categories).map(([name, { sha256, images }]) => ({
      name,
      training: images.filter(({ image }) => image.startsWith('train/')).length,
      good: images.filter(({ image }) => image.startsWith('test/good/')).length,
      defective: images.filter(({ defect }) => defect !== undefined).length,
      sha256,
      ...(seed === DEMO_SEED ? { asPublished: sha256 === DEMO_SHA256[name as Category] } : {}),
    })),
  };
}
