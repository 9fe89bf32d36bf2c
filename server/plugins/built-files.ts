import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from './manifest.ts';

/**
 * Where what a manifest names lies: the folders of the package that a build writes, or the package itself where a module
 * lies in it directly; and its package.json.
 */
export function builtPlaces(folder: string, { packs = [], templates = [], client = {} }: Pick<Manifest, 'packs' | 'templates' | 'client'>): string[] {
  const paths = [...packs, ...templates, ...(client.viewers ?? []).map(({ module }) => module), ...(client.controls ?? []).map(({ module }) => module)];
  const tops = new Set(paths.map((path) => path.split('/').slice(1, -1)[0] ?? ''));
  return [join(folder, 'package.json'), ...(tops.has('') ? [folder] : [...tops].map((top) => join(folder, top)))];
}

/** A hash over names and bytes of what was built; another one where other code would be loaded. */
export async function stampOf(places: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesIn(places)) hash.update(`${file}\0`).update(await readFile(file).catch(() => ''));
  return hash.digest('hex').slice(0, 16);
}

/** The same by names, sizes and times, which costs next to nothing. */
export async function sightOf(places: readonly string[]): Promise<string> {
  const seen = await Promise.all(
    (await filesIn(places)).map(async (file) => {
      const found = await stat(file).catch(() => undefined);
      return found ? `${file} ${found.size} ${found.mtimeMs}` : file;
    }),
  );
  return seen.join('\n');
}

/** Packages that a plugin depends on, and what tools keep for themselves, are none of what it is built of. */
const isLeftOut = (name: string): boolean => name === 'node_modules' || name.startsWith('.');

async function filesIn(places: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    places.map(async (place): Promise<string[]> => {
      const entries = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOTDIR' ? null : []));
      if (entries === null) return [place];
      const inside = entries.filter(({ name }) => !isLeftOut(name));
      const folders = inside.filter((one) => one.isDirectory()).map(({ name }) => join(place, name));
      return [...inside.filter((one) => one.isFile()).map(({ name }) => join(place, name)), ...(folders.length > 0 ? await filesIn(folders) : [])];
    }),
  );
  return [...new Set(found.flat())].sort();
}
