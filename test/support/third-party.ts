import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../', import.meta.url));

export interface Packed {
  /** The package as its author has it, built. */
  folder: string;
  /** What `npm pack` made of it. */
  tarball: string;
}

/**
 * Builds and packs a plugin of the examples in a folder of its own, as somebody does who has Stillroom, TypeScript and tsx
 * among the packages and nothing else of this repository.
 */
export async function packExample(name: string, into: string): Promise<Packed> {
  const folder = join(into, name);
  cpSync(join(repository, 'examples', name), folder, { recursive: true, filter: (path) => !/[/\\](node_modules|dist)$/.test(path) });
  linkTools(folder);
  const npm = (...args: string[]): Promise<{ stdout: string }> => promisify(execFile)('npm', args, { cwd: folder });
  await npm('run', 'build');
  const { stdout } = await npm('pack', '--json', '--ignore-scripts');
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return { folder, tarball: join(folder, filename) };
}

/** What `npm install` puts among the packages of a plugin, from those of this repository. */
export function linkTools(folder: string): void {
  const modules = join(folder, 'node_modules');
  for (const within of ['.bin', '@types']) mkdirSync(join(modules, within), { recursive: true });
  symlinkSync(repository, join(modules, 'stillroom'));
  symlinkSync(join(repository, 'server/cli/bin.js'), join(modules, '.bin/stillroom'));
  for (const used of ['typescript', 'tsx', '@types/node', '.bin/tsc', '.bin/tsx']) symlinkSync(join(repository, 'node_modules', used), join(modules, used));
}
