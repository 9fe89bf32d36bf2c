import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Problem } from '../../plugins/sdk/index.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { packageFolder, pluginFolder } from './plugin-folder.ts';

const recordForm = z.record(z.string(), z.string());
const mostNamed = 3;

const recordOf = (home: string, name: string): string => join(pluginFolder(home), 'files', `${name.replace('/', '+')}.json`);

/** Keeps what the files of a plugin are that has just been installed: SHA-256 by path. */
export async function recordInstalledFiles(home: string, name: string): Promise<void> {
  const hashes = await hashesIn(packageFolder(pluginFolder(home), name));
  const text = JSON.stringify(Object.fromEntries(hashes), null, 2);
  await writeFileAtomically(recordOf(home, name), (handle) => handle.writeFile(`${text}\n`));
}

export const forgetInstalledFiles = (home: string, name: string): Promise<void> => rm(recordOf(home, name), { force: true });

/**
 * What keeps an installed plugin from being used: that its files are not those that were installed, each named; null where
 * they are, and of a plugin of which nothing is recorded. Packages that it depends on are not looked at.
 */
export async function changedSinceInstalled(home: string, name: string): Promise<Problem | null> {
  const text = await readFile(recordOf(home, name), 'utf8').catch(() => null);
  if (text === null) return null;
  const folder = packageFolder(pluginFolder(home), name);
  const recorded = read(text);
  const found = await hashesIn(folder);
  const changed = [...new Set([...recorded.keys(), ...found.keys()])].sort().flatMap((path) => {
    if (recorded.get(path) === found.get(path)) return [];
    return `${path} (${!found.has(path) ? 'gone' : recorded.has(path) ? 'changed' : 'new'})`;
  });
  if (changed.length === 0) return null;
  const named = `${changed.slice(0, mostNamed).join(', ')}${changed.length > mostNamed ? ` and ${changed.length - mostNamed} more` : ''}`;
  return {
    code: 'plugin-changed',
    severity: 'error',
    file: folder,
    message: `expected ${name} as it was installed, found other files: ${named}`,
    hint: `install it again by \`stillroom plugin add\`; to work at a plugin, use its own folder (\`stillroom plugin dev DIR\`)`,
  };
}

/** A record that cannot be read says of no file what it was. */
function read(text: string): Map<string, string> {
  try {
    return new Map(Object.entries(recordForm.parse(JSON.parse(text))));
  } catch {
    return new Map();
  }
}

async function hashesIn(folder: string): Promise<Map<string, string>> {
  const paths = await filesIn(folder);
  return new Map(await Promise.all(paths.map(async (path): Promise<[string, string]> => [path, await hashOf(join(folder, path))])));
}

/** Paths with `/`; what is installed below a plugin is another package. */
async function filesIn(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.map((one) => {
      const path = below === '' ? one.name : `${below}/${one.name}`;
      if (one.isDirectory()) return path === 'node_modules' ? [] : filesIn(folder, path);
      return one.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
