import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Hashes of all that the result of a run is made of: losses, weights, scores, maps. The manifest tells of its processes. */
export function resultFiles(out: string): Record<string, string> {
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'manifest.json');
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      // Checkpoints know how long their epochs took; what is made for people tells when and how long.
      const isTimed = /\.last\.|\.html$|tfevents/.test(entry.name);
      const name = path.slice(out.length + 1).replace(/(?<=tfevents\.)\d+/, 'TIME');
      return [name, isTimed ? 'there' : createHash('sha256').update(readFileSync(path)).digest('hex')];
    }),
  );
}
