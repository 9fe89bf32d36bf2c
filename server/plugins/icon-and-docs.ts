import { extname } from 'node:path';
import { StillroomError } from '../../plugins/sdk/index.ts';
import { readFileInPackage } from './file-in-package.ts';
import type { PluginPackage } from './manifest.ts';

interface Offering {
  name: string;
  folder: string;
  package: PluginPackage | null;
}

const pictures: Record<string, string> = { '.svg': 'image/svg+xml', '.png': 'image/png', '.webp': 'image/webp', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg' };
const mostBytes = 2 ** 20;

/** The icon of a plugin with its media type. Throws `no-file` where it has none, `plugin-entry-missing`, `plugin-file-unfit`. */
export async function iconOf({ name, folder, package: found }: Offering): Promise<{ media: string; bytes: Buffer }> {
  const path = named(found?.manifest.icon, name, 'an icon');
  const media = pictures[extname(path).toLowerCase()];
  if (!media) throw unfit(path, `an icon as ${Object.keys(pictures).join(', ')}`, extname(path) || 'no ending', name);
  return { media, bytes: await bounded(folder, path, name) };
}

/** What a plugin says of itself at length, as text. Throws as `iconOf`. */
export async function docsOf({ name, folder, package: found }: Offering): Promise<string> {
  const path = named(found?.manifest.docs, name, 'documentation');
  if (!/\.(md|txt)$/i.test(path)) throw unfit(path, 'documentation as .md or .txt', extname(path) || 'no ending', name);
  return (await bounded(folder, path, name)).toString('utf8');
}

async function bounded(folder: string, path: string, plugin: string): Promise<Buffer> {
  const bytes = await readFileInPackage(folder, path, plugin);
  if (bytes.length > mostBytes) throw unfit(path, `at most ${mostBytes} bytes`, String(bytes.length), plugin);
  return bytes;
}

function named(path: string | undefined, plugin: string, what: string): string {
  if (path !== undefined) return path;
  throw new StillroomError('no-file', `expected ${what} of ${plugin}, found none`);
}

const unfit = (file: string, expected: string, found: string, plugin: string): StillroomError =>
  new StillroomError('plugin-file-unfit', `${plugin}: expected ${expected}, found ${found}`, { file, hint: `this is a defect of ${plugin}: report it to its authors` });
