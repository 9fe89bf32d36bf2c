import { existsSync } from 'node:fs';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { StillroomError, type Pack, type Problem } from '../../plugins/sdk/index.ts';
import { placeOfError, placeOfSyntaxError } from './error-place.ts';
import { packsOf } from './pack-form.ts';
import type { PluginEntry } from './plugin-entry.ts';
import { withReadersApart } from './readers/read-weights-apart.ts';

/** A plugin whose code has been loaded into this process. */
export interface LoadedPlugin {
  entry: PluginEntry;
  packs: readonly Pack[];
}

let isResolving = false;

/**
 * Loads a plugin into this process. Throws `plugin-entry-missing`, `plugin-load-failed` with what its code threw,
 * `plugin-without-pack`, `plugin-foreign-type`, `node-type-duplicate`, `node-type-invalid`; each names the plugin.
 */
export async function loadPlugin(entry: PluginEntry): Promise<LoadedPlugin> {
  if (!isResolving) register('./resolve-stillroom.js', import.meta.url);
  isResolving = true;
  const modules: Record<string, unknown>[] = [];
  for (const file of entry.modules) modules.push(await importModule(file, entry));
  return { entry, packs: packsOf(modules, entry) };
}

async function importModule(file: string, { name, version, folder }: PluginEntry): Promise<Record<string, unknown>> {
  if (!existsSync(file)) {
    throw new StillroomError('plugin-entry-missing', `expected the module that the manifest of ${name} names, found no such file`, {
      file,
      hint: 'build the plugin, or install it again',
    });
  }
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new StillroomError('plugin-load-failed', `expected ${name} ${version} to load, found that its code failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      file: placeOfError(cause, folder) ?? placeOfSyntaxError(cause, file) ?? file,
      hint: `this is a defect of ${name}: report it to its authors`,
      cause,
    });
  }
}

/**
 * Loads plugins beside packs that are there; one that cannot be loaded, or gives what another has given, is left out;
 * `problems` says why, by the plugin's name.
 */
export async function loadPlugins(entries: readonly PluginEntry[], known: readonly Pack[]): Promise<{ loaded: LoadedPlugin[]; problems: Map<string, Problem> }> {
  const names = new GivenNames(known);
  const loaded: LoadedPlugin[] = [];
  const problems = new Map<string, Problem>();
  for (const entry of entries) {
    try {
      const plugin = await loadPlugin(entry);
      names.add(plugin);
      loaded.push({ entry, packs: withReadersApart(entry, plugin.packs) });
    } catch (error) {
      problems.set(entry.name, problemOf(error, entry));
    }
  }
  return { loaded, problems };
}

/** What kept a plugin from being loaded. */
export function problemOf(error: unknown, { name, folder }: Pick<PluginEntry, 'name' | 'folder'>): Problem {
  if (error instanceof StillroomError) {
    const [first] = error.problems;
    const message = error.message.includes(name) ? error.message : `${name}: ${error.message}`;
    return { ...first!, message, file: error.place.file ?? folder };
  }
  const message = `expected ${name} to load, found: ${error instanceof Error ? error.message : String(error)}`;
  return { code: 'plugin-load-failed', severity: 'error', message, file: placeOfError(error, folder) ?? folder, hint: `this is a defect of ${name}: report it to its authors` };
}

/** Names that may be given once: of node types, architectures, weights and types of sockets. */
export class GivenNames {
  readonly #owners = new Map<string, string>();

  constructor(packs: readonly Pack[]) {
    for (const pack of packs) for (const name of namesIn([pack])) this.#owners.set(name, `the pack "${pack.name}"`);
  }

  /** Throws `plugin-duplicate` where one of its names is taken, or given twice; none is then its own. */
  add({ entry, packs }: LoadedPlugin): void {
    const names = namesIn(packs);
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) {
      throw new StillroomError('plugin-duplicate', `expected ${twice} once, found it in ${entry.name} twice`, { file: entry.folder, hint: `this is a defect of ${entry.name}: report it to its authors` });
    }
    for (const name of names) {
      const owner = this.#owners.get(name);
      if (owner === undefined) continue;
      throw new StillroomError('plugin-duplicate', `expected ${name} once, found it in ${entry.name} and in ${owner}`, { file: entry.folder, hint: 'remove one of the two plugins' });
    }
    for (const name of names) this.#owners.set(name, entry.name);
  }
}

const namesIn = (packs: readonly Pack[]): string[] =>
  packs.flatMap(({ nodes, architectures = [], weights = [], layouts = [], weightReaders = [], optimisers = [], schedules = [], socketTypes = [], exporters = [] }) => [
    ...nodes.map(({ type }) => `the node type "${type}"`),
    ...architectures.map(({ name }) => `the architecture "${name}"`),
    ...weights.map(({ name }) => `the weights "${name}"`),
    ...layouts.map(({ name }) => `the layout "${name}"`),
    ...weightReaders.map(({ name }) => `the reader of weights "${name}"`),
    ...optimisers.map(({ name }) => `the optimiser "${name}"`),
    ...schedules.map(({ name }) => `the schedule "${name}"`),
    ...exporters.map(({ name }) => `the exporter "${name}"`),
    ...socketTypes.map(({ type }) => `the socket type "${type}"`),
  ]);
