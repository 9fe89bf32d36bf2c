import { isImageName } from '../../plugins/sdk/layout.ts';
import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { glob, isDynamicPattern } from 'tinyglobby';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { byCodeUnits } from '../data/order.ts';
import { isMapName } from './map-name.ts';

/** Stands for the lines of standard input. */
export const standardInput = '-';

/** An image to score, or what was named and is none. */
export type Named = { file: string } | { file: string; error: StillroomError };

/**
 * The images that arguments name, each once: a file as it is; of a folder and all below it whatever has an image's
 * name, sorted, but for maps that lie there; a glob (`*`, `**`, `?`, `[…]`, `{…}`) likewise. What names no image is
 * given as such, in its place.
 */
export async function imagesNamed(args: readonly string[]): Promise<Named[]> {
  const found = new Map<string, Named>();
  for (const arg of args) {
    for (const named of await namedBy(arg)) {
      const place = resolve(named.file);
      found.set(place, found.get(place) ?? named);
    }
  }
  return [...found.values()];
}

/** Paths as they come, a line each; empty lines are skipped. */
export async function* imagesFrom(input: NodeJS.ReadableStream, signal?: AbortSignal): AsyncGenerator<Named> {
  const lines = createInterface({ input, crlfDelay: Infinity, ...(signal ? { signal } : {}) });
  for await (const line of lines) if (line.trim() !== '') yield { file: line };
}

async function namedBy(arg: string): Promise<Named[]> {
  const found = await stat(arg).catch(() => undefined);
  if (found?.isDirectory()) return inFolder(arg);
  // A file may be called `a[1].png`: what is there is meant.
  if (found || !isDynamicPattern(arg)) return [{ file: arg }];
  const files = await glob(arg, { onlyFiles: true, dot: false, expandDirectories: false, absolute: isAbsolute(arg) });
  return someImages(arg, files.filter(isToScore), 'expected a pattern that some images match, found that none does');
}

async function inFolder(folder: string): Promise<Named[]> {
  const files = await glob('**/*', { cwd: folder, onlyFiles: true, dot: false, expandDirectories: false });
  return someImages(folder, files.filter(isToScore).map((file) => join(folder, file)), 'expected a folder with images, found none in it');
}

/** An image's name, and not that of a map which was written beside or among images. */
function isToScore(name: string): boolean {
  return isImageName(name) && !isMapName(name);
}

function someImages(arg: string, files: readonly string[], none: string): Named[] {
  if (files.length > 0) return [...files].sort(byCodeUnits).map((file) => ({ file }));
  const hint = 'images end in .png, .jpg, .jpeg, .bmp, .tif, .tiff or .webp';
  return [{ file: arg, error: new StillroomError('no-images', none, { file: arg, hint }) }];
}
