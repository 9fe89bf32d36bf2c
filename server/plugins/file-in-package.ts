import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { isInside } from '../data/lie-within.ts';

/** How a manifest names a file of its package. */
export const pathInPackage = z
  .string()
  .regex(/^\.\/(?!(.*\/)?\.\.(\/|$))[^\\]+$/, 'expected a path inside the package that begins with "./"');

/** Reads a file that a manifest names. Throws `plugin-entry-missing`, also where a link leads out of the package. */
export async function readFileInPackage(folder: string, path: string, plugin: string): Promise<Buffer> {
  const file = join(folder, path);
  const [real, root] = await Promise.all([realpath(file).catch(() => undefined), realpath(folder).catch(() => folder)]);
  if (real === undefined || !isInside(real, root)) {
    const found = real === undefined ? 'no such file' : 'a link that leads out of the package';
    throw new StillroomError('plugin-entry-missing', `expected the file that the manifest of ${plugin} names, found ${found}`, { file, hint: 'build the plugin, or install it again' });
  }
  return readFile(real);
}
