import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** File of an engine's directory that lends standard error to a file (`native/quiet.cc`). */
export const quietFile = 'quiet.node';

/** What TensorFlow writes whenever it is loaded, before its log level is read. */
const banners = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I\d{4} .*oneDNN custom operations are on\./,
];

/**
 * Loads TensorFlow without its banners; anything else that is written to standard error meanwhile comes out afterwards.
 * An engine without `quiet.node` is loaded as it is.
 */
export function withoutBanners<T>(directory: string, load: () => T): T {
  const addon = join(directory, quietFile);
  if (!existsSync(addon)) return load();
  const { redirect, restore } = createRequire(import.meta.url)(addon) as {
    redirect(file: number): number;
    restore(before: number): void;
  };
  const temporary = mkdtempSync(join(tmpdir(), 'stillroom-load-'));
  const file = openSync(join(temporary, 'stderr'), 'a+');
  const before = redirect(file);
  try {
    return load();
  } finally {
    restore(before);
    closeSync(file);
    process.stderr.write(notBanners(readFileSync(join(temporary, 'stderr'), 'utf8')));
    rmSync(temporary, { recursive: true, force: true });
  }
}

export function notBanners(written: string): string {
  return written
    .split(/(?<=\n)/)
    .filter((line) => !banners.some((banner) => banner.test(line.trimEnd())))
    .join('');
}
