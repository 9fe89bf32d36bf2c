import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeLeftovers } from '../atomic-file.ts';

/** Removes from a home what writes of a killed server have left. Whatever lies deeper in a run's folder, the run removes when it goes on. */
export async function tidyHome(home: string): Promise<void> {
  for (const name of ['server', 'graphs', 'dataset-records']) await removeLeftovers(join(home, name));
  const runs = join(home, 'runs');
  await removeLeftovers(runs, { below: false });
  for (const name of await readdir(runs).catch(() => [])) await removeLeftovers(join(runs, name), { below: false });
}
