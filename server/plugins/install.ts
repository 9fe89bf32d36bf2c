import { existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { forgetInstalledFiles, recordInstalledFiles } from './installed-files.ts';
import { readPluginPackage, type PluginPackage } from './manifest.ts';
import { runNpm } from './npm.ts';
import { packageFolder, pluginFolder } from './plugin-folder.ts';
import { mustBePlain, readPacked } from './read-packed.ts';
import { changePluginState } from './state.ts';

/** A plugin that has been fetched and looked at, and of which nothing has run. */
export interface Staged {
  package: PluginPackage;
  /** Of the packed package, as npm writes it: `sha512-…`. */
  integrity: string;
  /** What was asked for. */
  from: string;
  /** The packed package. */
  file: string;
  /** Removes what was fetched. */
  discard(): Promise<void>;
}

const own = fileURLToPath(new URL('../../', import.meta.url));
const packages = 'packages';

/**
 * Fetches a plugin: a name of the registry with or without a version, a packed package, or a folder. Throws
 * `npm-missing`, `npm-failed`, `plugin-manifest-invalid`, `plugin-package-unsafe`, `plugin-api-unfit`, `bad-usage`, `no-such-path`.
 */
export async function stagePlugin(spec: string): Promise<Staged> {
  if (spec.startsWith('-') || spec.trim() === '') throw new StillroomError('bad-usage', `expected the name of a package, a file or a folder, found ${JSON.stringify(spec)}`);
  const from = existsSync(spec) ? resolve(spec) : spec;
  if (!existsSync(spec) && /^(\.{0,2}[/\\]|[a-z]:)|\.(tgz|tar\.gz)$/i.test(spec)) throw new StillroomError('no-such-path', 'expected a packed package or a folder, found nothing there', { file: resolve(spec) });
  const folder = await mkdtemp(join(tmpdir(), 'stillroom-plugin-'));
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const [packed] = JSON.parse(await runNpm(folder, 'pack', '--json', '--pack-destination', folder, from)) as { filename: string; integrity: string }[];
    const file = join(folder, basename(packed!.filename));
    await mustBePlain(file, from);
    const found = readPluginPackage(await readPacked(file, 'package.json'), `${from}: package.json`);
    return { package: found, integrity: packed!.integrity, from, file, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Installs what was fetched, with what it depends on, and switches it on. What fails leaves everything as it was. */
export async function installStaged(home: string, { package: { name, version }, integrity, from, file }: Staged): Promise<void> {
  const project = await openProject(home);
  const kept = join(packages, `${name.replace('/', '-')}-${version}.tgz`);
  await mkdir(join(project, packages), { recursive: true });
  const undo = await remember(project, ['package.json', 'package-lock.json', kept]);
  // npm leaves alone what it takes for the same version, whatever has become of its files.
  const before = await setAside(packageFolder(project, name), project);
  try {
    await copyFile(file, join(project, kept));
    await runNpm(project, 'install', '--prefer-offline', `./${kept}`);
  } catch (error) {
    await before.putBack();
    await undo();
    throw error;
  } finally {
    await before.forget();
    await linkStillroom(project);
  }
  await recordInstalledFiles(home, name);
  await changePluginState(home, name, { enabled: true, reason: null, integrity, from });
}

/** Removes an installed plugin with what only it depends on. Throws `no-plugin` where it is none of the home's. */
export async function uninstallPlugin(home: string, name: string): Promise<void> {
  const project = await openProject(home);
  const { dependencies = {} } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
  if (!Object.hasOwn(dependencies, name)) {
    throw new StillroomError('no-plugin', `expected the name of an installed plugin, found ${JSON.stringify(name.slice(0, 214))}`, { hint: '`stillroom plugin list` lists them' });
  }
  await runNpm(project, 'uninstall', name);
  await linkStillroom(project);
  const kept = dependencies[name]!.replace(/^file:/, '');
  if (kept.startsWith(`${packages}/`)) await rm(join(project, kept), { force: true });
  await forgetInstalledFiles(home, name);
  await changePluginState(home, name, null);
}

async function openProject(home: string): Promise<string> {
  const project = pluginFolder(home);
  const file = join(project, 'package.json');
  if (!existsSync(file)) {
    const text = JSON.stringify({ name: 'stillroom-plugins', private: true, description: 'Plugins of Stillroom: change them by `stillroom plugin`.', dependencies: {} }, null, 2);
    await writeFileAtomically(file, (handle) => handle.writeFile(`${text}\n`));
  }
  return project;
}

/** So that `import 'stillroom/sdk'` finds this Stillroom; npm takes away what it does not know. */
async function linkStillroom(project: string): Promise<void> {
  const link = packageFolder(project, 'stillroom');
  if (await lstat(link).catch(() => undefined)) await rm(link, { recursive: true, force: true });
  await mkdir(join(project, 'node_modules'), { recursive: true });
  await symlink(own, link, 'junction');
}

/** Takes a folder away that is to come anew; it can be put back. */
async function setAside(folder: string, project: string): Promise<{ putBack(): Promise<void>; forget(): Promise<void> }> {
  if (!existsSync(folder)) return { putBack: async () => {}, forget: async () => {} };
  const aside = await mkdtemp(join(project, '.before-'));
  await rename(folder, join(aside, 'package'));
  return {
    async putBack() {
      await rm(folder, { recursive: true, force: true });
      await rename(join(aside, 'package'), folder);
    },
    forget: () => rm(aside, { recursive: true, force: true }),
  };
}

/** What puts files back as they are now. */
async function remember(folder: string, names: readonly string[]): Promise<() => Promise<void>> {
  const before = await Promise.all(names.map(async (name) => ({ file: join(folder, name), bytes: await readFile(join(folder, name)).catch(() => null) })));
  return async () => {
    for (const { file, bytes } of before) {
      if (bytes) await writeFileAtomically(file, (handle) => handle.writeFile(bytes));
      else await rm(file, { force: true });
    }
  };
}
