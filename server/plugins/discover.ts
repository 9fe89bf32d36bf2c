import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StillroomError, type Problem } from '../../plugins/sdk/index.ts';
import { pluginKeyword, readPluginPackage, type PluginPackage } from './manifest.ts';
import { packageFolder, pluginFolder } from './plugin-folder.ts';

/** How a plugin came here: a folder that is being worked at, the home's own plugins, the packages of the project at hand. */
export type Origin = 'dev' | 'home' | 'project';

/** A package that says that it is a plugin, or was installed as one. */
export interface Found {
  /** As npm names it; of a folder without a readable package.json, the folder. */
  name: string;
  origin: Origin;
  folder: string;
  /** Null where its manifest cannot be used: `problem` says why. */
  package: PluginPackage | null;
  problem: Problem | null;
}

export interface Places {
  /** Whose installed plugins are looked at; none where null. */
  home: string | null;
  /** Folders of plugins that are being worked at. */
  dev?: readonly string[];
  /** Whose packages are looked at: the folder, or one above it, with a package.json; none where null. */
  project?: string | null;
}

/**
 * The plugins that are there, by their manifests alone: no code of theirs is run. A name that is found twice counts where
 * it was found first: what is being worked at before what is installed, that before what the project has.
 */
export async function discoverPlugins({ home, dev = [], project = null }: Places): Promise<Found[]> {
  const found = [
    ...(await Promise.all(dev.map((folder) => look(resolve(folder), folder, 'dev')))),
    ...(home === null ? [] : await installed(home)),
    ...(project === null ? [] : await ofProject(project)),
  ];
  const first = new Map<string, Found>();
  return found.map((one) => {
    const earlier = first.get(one.name);
    if (!earlier) first.set(one.name, one);
    return earlier && !one.problem ? { ...one, problem: twice(one, earlier) } : one;
  });
}

async function installed(home: string): Promise<Found[]> {
  const project = pluginFolder(home);
  const names = await dependenciesOf(join(project, 'package.json'), ['dependencies']);
  return Promise.all(names.map((name) => look(packageFolder(project, name), name, 'home')));
}

/** Packages that the project names itself; those that they bring along are theirs. */
async function ofProject(from: string): Promise<Found[]> {
  const project = await projectOf(resolve(from));
  if (project === undefined) return [];
  const names = await dependenciesOf(join(project, 'package.json'), ['dependencies', 'devDependencies', 'optionalDependencies']);
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = packageFolder(project, name);
      const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
      return text.includes(`"${pluginKeyword}"`) && saysKeyword(text) ? look(folder, name, 'project') : [];
    }),
  );
  return found.flat();
}

function saysKeyword(text: string): boolean {
  try {
    const { keywords } = JSON.parse(text) as { keywords?: unknown };
    return Array.isArray(keywords) && keywords.includes(pluginKeyword);
  } catch {
    return false;
  }
}

async function projectOf(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await readFile(join(at, 'package.json')).catch(() => undefined)) return at;
    if (at === dirname(at)) return undefined;
  }
}

async function dependenciesOf(file: string, kinds: readonly string[]): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    const told = JSON.parse(text) as Record<string, unknown>;
    return [...new Set(kinds.flatMap((kind) => Object.keys((told[kind] as object | undefined) ?? {})))].sort();
  } catch (cause) {
    throw new StillroomError('plugin-manifest-invalid', `expected JSON, found: ${(cause as Error).message}`, { file, hint: 'mend the file, or remove it' });
  }
}

async function look(folder: string, name: string, origin: Origin): Promise<Found> {
  const file = join(folder, 'package.json');
  try {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new StillroomError('plugin-manifest-invalid', `expected the package of a plugin, found ${cause.code === 'ENOENT' ? 'no package.json' : (cause.code ?? cause.message)}`, {
        file,
        hint: origin === 'dev' ? 'name the folder that has its package.json' : `stillroom plugin remove ${name}, or install it again`,
        cause,
      });
    });
    const found = readPluginPackage(text, file);
    return { name: found.name, origin, folder, package: found, problem: null };
  } catch (error) {
    if (!(error instanceof StillroomError)) throw error;
    const [first] = error.problems;
    const problem: Problem = error.problems.length > 1 ? { code: error.code, severity: 'error', message: error.message, ...error.place, ...(error.hint ? { hint: error.hint } : {}) } : first!;
    return { name, origin, folder, package: null, problem };
  }
}

const twice = ({ name, folder }: Found, earlier: Found): Problem => ({
  code: 'plugin-duplicate',
  severity: 'warning',
  file: folder,
  message: `expected each plugin once, found ${name} here and in ${earlier.folder}, which is used`,
  hint: 'remove one of the two',
});
