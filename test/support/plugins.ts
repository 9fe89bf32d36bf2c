import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../fixtures/plugins/', import.meta.url));

/** Folder of a plugin among the fixtures. */
export const fixture = (name: string): string => join(fixtures, name);

/** Names that the fixtures have as packages, where these are not those of their folders. */
const packages: Record<string, string> = { tint: '@acme/tint', workshop: '@acme/workshop', extras: '@acme/extras' };

/** Puts plugins of the fixtures into a home as if they had been installed there. */
export function installFixtures(home: string, ...names: string[]): void {
  const project = join(home, 'plugins');
  const dependencies: Record<string, string> = {};
  for (const name of names) {
    const as = packages[name] ?? name;
    dependencies[as] = '*';
    mkdirSync(join(project, 'node_modules', as), { recursive: true });
    cpSync(fixture(name), join(project, 'node_modules', as), { recursive: true });
  }
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'plugins', private: true, dependencies }));
}

/** Changes a file of an installed plugin. */
export function changePlugin(home: string, name: string, file: string, change: (text: string) => string): void {
  const path = join(home, 'plugins', 'node_modules', name, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
