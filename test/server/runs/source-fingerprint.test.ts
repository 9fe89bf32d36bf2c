import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sourceFingerprint } from '../../../server/runs/source-fingerprint.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Sources of a folder and below it, by path. */
function sourcesIn(folder: string): string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? sourcesIn(path) : /\.(ts|js)$/.test(path) ? [path] : [];
  });
}

it('the fingerprint of the code that programs are traced from is over every source of plugins, compiler and runtime', () => {
  const hash = createHash('sha256');
  for (const folder of ['plugins', 'server/compiler', 'server/runtime']) {
    for (const path of sourcesIn(folder).sort()) hash.update(path).update('\0').update(readFileSync(root + path)).update('\0');
  }
  expect(sourceFingerprint()).toBe(hash.digest('hex'));
});
