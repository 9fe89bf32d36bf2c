import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { addedFolder, readAddedWeights, writeAddedWeights } from './added.ts';

/** Takes weights that were added out of the list, and their copy off the disk. Throws `weights-not-added`, `weights-registry-corrupt`, `cannot-write`. */
export async function removeWeights(name: string, home?: string): Promise<void> {
  const added = await readAddedWeights(home);
  const entry = added.find((one) => one.name === name);
  if (!entry) {
    throw new StillroomError('weights-not-added', `expected weights that were added, found "${name}", which were not`, { hint: 'only what was added can be removed' });
  }
  await writeAddedWeights(added.filter((one) => one !== entry), home);
  // A list that was edited by hand may name a file elsewhere, which is not ours.
  if (dirname(entry.source.path) === addedFolder(home)) await rm(entry.source.path, { recursive: true, force: true });
}
