import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../engine/sha256.ts';
import { npyFilesOf } from './numpy.ts';
import { openWeightsFile } from './open-file.ts';

/**
 * SHA-256 of a file of weights; of a folder of `.npy` files, over their names and hashes in order. Throws `file-not-found`,
 * `file-unreadable`, `weights-unknown-format`.
 */
export async function sha256OfWeights(file: string): Promise<string> {
  if (!(await stat(file).catch(() => undefined))?.isDirectory()) {
    await (await openWeightsFile(file)).close();
    return sha256OfFile(file);
  }
  const hash = createHash('sha256');
  for (const path of await npyFilesOf(file)) hash.update(`${path}\0${await sha256OfFile(join(file, path))}\n`);
  return hash.digest('hex');
}
