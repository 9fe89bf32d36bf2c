import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { filesOf, type Dataset } from './dataset.ts';

/** Throws `outside-roots` for the first file of a dataset that a link leads out of all folders; these are real paths. */
export async function mustLieWithin({ categories }: Dataset, folders: readonly string[]): Promise<void> {
  for (const { file } of filesOf(categories)) {
    const real = await realpath(file);
    if (folders.some((folder) => isInside(real, folder))) continue;
    throw new StillroomError('outside-roots', `expected files inside ${folders.join(' or ')}, found a link that leads out of there`, {
      file,
      hint: 'copy the file itself there, or start the server with --data-root DIR',
    });
  }
}

/** Whether a path is a folder or lies below it; both absolute. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
