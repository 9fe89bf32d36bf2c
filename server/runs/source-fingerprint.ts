import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders whose code decides what a program's trace looks like, besides the engine's own. */
const folders = ['plugins', 'server/compiler', 'server/runtime'];

let known: string | undefined;

/** A hash of the code that programs are traced from: a change of a node's file never meets a graph emitted before it. */
export function sourceFingerprint(): string {
  if (known) return known;
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return (known = hash.digest('hex'));
}
