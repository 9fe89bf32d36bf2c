import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Reports the size of the largest file below a directory four times a second, until the returned function is called. */
export function watchLargestFile(directory: string, onBytes: (bytes: number) => void): () => void {
  let stopped = false;
  const timer = setInterval(() => {
    void largestFile(directory).then(
      (bytes) => stopped || onBytes(bytes),
      () => {}, // a directory went away between listing and looking
    );
  }, 250);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

async function largestFile(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.allSettled(files.map(async (e) => (await stat(join(e.parentPath, e.name))).size));
  return Math.max(0, ...sizes.map((size) => (size.status === 'fulfilled' ? size.value : 0)));
}
