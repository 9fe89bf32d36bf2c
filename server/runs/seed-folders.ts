import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const name = /^seed-(\d+)$/;

export const seedFolderName = (seed: number): string => `seed-${seed}`;

export function isSeedFolderName(text: string): boolean {
  return name.test(text);
}

/** What to name where one run is wanted and a folder of several seeds is given: one of its runs. Undefined for other folders. */
export function hintOfSeeds(folder: string): string | undefined {
  const [first] = entriesOf(folder)
    .filter((entry) => isSeedFolderName(entry) && existsSync(join(folder, entry, 'manifest.json')))
    .sort((a, b) => Number(name.exec(a)![1]) - Number(name.exec(b)![1]));
  return first && `it holds runs of several seeds: name one of them, such as ${join(folder, first)}`;
}

/** None of what is no folder, or cannot be looked into: that is told by whoever wants a run of it. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
