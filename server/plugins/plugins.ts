import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { StillroomError, type Pack, type Problem } from '../../plugins/sdk/index.ts';
import { createRegistry } from '../graph/registry.ts';
import { Turns } from '../turns.ts';
import { absenceOf } from './absence.ts';
import { builtPlaces } from './built-files.ts';
import { BuiltWatch } from './built-watch.ts';
import { describeStaged, type PluginFacts } from './describe-plugin.ts';
import type { Places } from './discover.ts';
import type { Fault, Limits, LoadOutcome } from './host/messages.ts';
import { PluginHost } from './host/plugin-host.ts';
import { proxyPack } from './host/proxy.ts';
import { remembering } from './host/remembering.ts';
import { installStaged, stagePlugin, uninstallPlugin } from './install.ts';
import { installedPlugins, type Installed } from './installed.ts';
import { GivenNames, problemOf, type LoadedPlugin } from './load.ts';
import { layoutSources, type LayoutSource } from './layouts/layout-sources.ts';
import { LiveRegistry } from './live-registry.ts';
import { together } from './open-packs.ts';
import { outdatedApi } from './manifest.ts';
import type { PackSource, PluginEntry } from './plugin-entry.ts';
import { changePluginState, keptReason, stateFile, type PluginState } from './state.ts';

export interface PluginsOptions {
  home: string;
  /** Ours, and the module whose `packs` they are, for other processes. */
  packs: readonly Pack[];
  module: string;
  /** Where plugins are looked for; nowhere where null. */
  places: Places | null;
  limits?: Partial<Limits>;
  /** Told whenever other plugins, or other code of theirs, are in use than before, and of what is wrong with newer code. */
  onChange(plugins: readonly PluginNow[]): void;
  /** Told of each plugin that is being worked at when it has been built anew and tried. */
  onRenewed?(renewed: Renewed): void;
  log: Logger;
}

/** What came of a plugin that was built anew. */
export interface Renewed {
  plugin: PluginNow;
  /** Why what was used before is used still; null where the new code is in use. */
  problem: Problem | null;
  /** Time that it took to load, ms. */
  milliseconds: number;
}

/** How long it may take until a change by another process is noticed, ms. */
const noticedAfter = 1000;

/** A plugin of a server, and how it is. */
export interface PluginNow extends Installed {
  /** `on`: its nodes can be had. `off`: it is switched off, by itself where there is a `why`. `failed`: it cannot be used. */
  state: 'on' | 'off' | 'failed';
  why: Problem | null;
  /** Of one that is on and being worked at: why its newest code is not the one in use. */
  newest: Problem | null;
  packs: readonly Pack[];
}

/**
 * The plugins of a server: their code runs in a process of its own, and everyone here has definitions that ask it. One
 * that does not return, ends that process or takes too much memory is switched off, and everything else goes on. Those that are
 * being worked at are watched: what was built anew is tried in another process, which takes the place of the one before.
 */
export class Plugins {
  readonly registry: LiveRegistry;
  readonly #options: PluginsOptions;
  readonly #turns = new Turns();
  readonly #watch = new BuiltWatch(() => void this.#inTurn(() => this.#renew()).catch((error: unknown) => this.#options.log.error({ err: error }, 'plugins could not be loaded anew')));
  #host: PluginHost;
  #installed: readonly Installed[] = [];
  #loaded: readonly LoadedPlugin[] = [];
  /** Why plugins that are switched on are not in use, by name. */
  #failures = new Map<string, Problem>();
  /** Plugins that are being worked at and were switched off by themselves, by folder: which code, and why. */
  readonly #faulty = new Map<string, { stamp: string | undefined; reason: PluginState['reason'] }>();
  /** What is wrong with the newest code of plugins of which older code is in use, by folder. */
  #newest = new Map<string, Problem>();

  private constructor(options: PluginsOptions) {
    this.#options = options;
    this.registry = new LiveRegistry(createRegistry(options.packs));
    this.#host = this.#newHost();
  }

  /** Finds plugins, and loads those that are switched on. */
  static async open(options: PluginsOptions): Promise<Plugins> {
    const plugins = new Plugins(options);
    await plugins.refresh();
    watchFile(stateFile(options.home), { interval: noticedAfter, persistent: false }, plugins.#notice);
    return plugins;
  }

  /** What other processes load. */
  readonly source = (): PackSource => ({ module: this.#options.module, plugins: this.#loaded.map(({ entry }) => entry) });

  /** Layouts of datasets that they bring. */
  layouts(): LayoutSource[] {
    return layoutSources(this.#loaded);
  }

  list(): PluginNow[] {
    return this.#installed.map((one) => {
      const loaded = this.#loaded.find(({ entry }) => entry.folder === one.folder);
      const why = this.#failures.get(one.folder) ?? one.problem ?? one.kept.reason;
      const state = loaded ? 'on' : one.kept.enabled || one.problem ? 'failed' : 'off';
      return { ...one, state, why: state === 'on' ? null : why, newest: this.#newest.get(one.folder) ?? null, packs: loaded?.packs ?? [] };
    });
  }

  /** Throws `no-plugin`. */
  named(name: string): PluginNow {
    const found = this.list().find((one) => one.name === name);
    if (found) return found;
    throw new StillroomError('no-plugin', `expected the name of a plugin that is here, found ${JSON.stringify(name.slice(0, 214))}`, { hint: '`stillroom plugin list` lists them' });
  }

  /** Looks for plugins anew, and loads those that are switched on into a new process. */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#refresh());
  }

  /** Throws `no-plugin`. */
  async enable(name: string): Promise<PluginNow> {
    this.#faulty.delete(this.named(name).folder);
    return this.#changed(name, { enabled: true, reason: null });
  }

  /** Throws `no-plugin`. */
  async disable(name: string, reason: Problem | null = null): Promise<PluginNow> {
    this.named(name);
    return this.#changed(name, { enabled: false, reason: reason && keptReason(reason) });
  }

  /** What a plugin is that could be added, without any of it being run. Throws what `stagePlugin` throws. */
  async look(from: string): Promise<PluginFacts> {
    const staged = await stagePlugin(from);
    await staged.discard();
    return describeStaged(staged);
  }

  /**
   * Installs a plugin that somebody has looked at, and loads it. Throws `plugin-not-confirmed` where it is not of the
   * integrity that was shown, and what `stagePlugin` and `installStaged` throw.
   */
  add(from: string, integrity: string): Promise<PluginNow> {
    return this.#inTurn(async () => {
      const staged = await stagePlugin(from);
      try {
        if (staged.integrity !== integrity) {
          throw new StillroomError('plugin-not-confirmed', `expected ${from} as it was shown, found a package of the integrity ${staged.integrity}`, { hint: 'look at it anew, and add that' });
        }
        await installStaged(this.#options.home, staged);
      } finally {
        await staged.discard();
      }
      await this.#refresh();
      return this.named(staged.package.name);
    });
  }

  /** Throws `no-plugin`, `npm-missing`, `npm-failed`. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      await uninstallPlugin(this.#options.home, name);
      await this.#refresh();
    });
  }

  /** Switches off a plugin whose code has held up or ended a process that computes. */
  blame(fault: Fault): void {
    if (this.#loaded.some(({ entry }) => entry.name === fault.plugin)) this.#switchOff(fault);
  }

  close(): Promise<void> {
    unwatchFile(stateFile(this.#options.home), this.#notice);
    this.#watch.close();
    return this.#host.close();
  }

  /** The command line changes plugins too. */
  readonly #notice = (): void => {
    const { places, log } = this.#options;
    if (!places) return;
    void this.#inTurn(async () => {
      // Those that are being worked at are watched.
      const others = (installed: readonly Installed[]): string => JSON.stringify(installed.filter(({ origin }) => origin !== 'dev'));
      if (others(await installedPlugins(places)) !== others(this.#installed)) await this.#refresh();
    }).catch((error: unknown) => log.error({ err: error }, 'plugins could not be looked for'));
  };

  /** One change at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take('', work);
  }

  #changed(name: string, change: Partial<PluginState>): Promise<PluginNow> {
    return this.#inTurn(async () => {
      await changePluginState(this.#options.home, name, change);
      await this.#refresh();
      return this.named(name);
    });
  }

  async #refresh(): Promise<void> {
    const { places } = this.#options;
    const installed = this.#withoutFaulty(places ? await installedPlugins(places) : []);
    await this.#watch.look(workedAt(installed));
    this.#installed = installed;
    this.#newest = new Map();
    this.#use(await this.#host.load(entriesOf(installed)));
    this.#become();
  }

  /** Loads everything anew beside what is in use, and takes that over unless a plugin that works now would not any more. */
  async #renew(): Promise<void> {
    const { places, onRenewed } = this.#options;
    const begun = performance.now();
    const installed = this.#withoutFaulty(await installedPlugins(places!));
    await this.#watch.look(workedAt(installed));
    const before = new Map(this.#loaded.map(({ entry }) => [entry.folder, entry]));
    const renewed = installed.filter(({ origin, folder, entry }) => origin === 'dev' && !this.#faulty.has(folder) && (entry?.stamp !== before.get(folder)?.stamp || this.#newest.has(folder)));
    if (renewed.length === 0) return;
    const host = this.#newHost();
    const outcomes = await host.load(entriesOf(installed));
    const problemIn = ({ name, problem, entry }: Installed): Problem | null => {
      const outcome = outcomes.find((one) => one.name === name);
      return entry && outcome ? ('problem' in outcome ? outcome.problem : null) : problem;
    };
    const lost = new Map(renewed.flatMap((one): [string, Problem][] => (before.has(one.folder) && problemIn(one) ? [[one.folder, { ...problemIn(one)!, hint: stillUsed }]] : [])));
    this.#newest = lost;
    if (lost.size > 0) {
      await host.close();
      this.#options.onChange(this.list());
    } else {
      const old = this.#host;
      [this.#host, this.#installed] = [host, installed];
      this.#use(outcomes);
      this.#become();
      await old.close();
    }
    const milliseconds = performance.now() - begun;
    for (const plugin of this.list()) {
      if (renewed.some(({ folder }) => folder === plugin.folder)) onRenewed?.({ plugin, problem: plugin.newest ?? plugin.why, milliseconds });
    }
  }

  #newHost(): PluginHost {
    const host: PluginHost = new PluginHost((fault) => {
      if (host === this.#host) this.#switchOff(fault);
    }, this.#options.limits);
    return host;
  }

  #use(outcomes: readonly LoadOutcome[]): void {
    this.#failures = new Map();
    const names = new GivenNames(this.#options.packs);
    const host = this.#host;
    const ask = remembering((question) => host.ask(question));
    const loaded: LoadedPlugin[] = [];
    for (const outcome of outcomes) {
      const found = this.#installed.find(({ entry: one }) => one?.name === outcome.name)!;
      const entry = found.entry!;
      try {
        if ('problem' in outcome) throw new StillroomError(outcome.problem.code, outcome.problem.message, outcome.problem);
        const plugin = { entry, packs: outcome.packs.map((facts) => proxyPack(entry.name, facts, ask)) };
        names.add(plugin);
        loaded.push(plugin);
        const outdated = found.package && outdatedApi(found.package, entry.folder);
        if (outdated) this.#options.log.warn({ plugin: entry.name, hint: outdated.hint }, outdated.message);
      } catch (error) {
        const problem = problemOf(error, entry);
        this.#failures.set(entry.folder, problem);
        this.#options.log.warn({ plugin: entry.name }, problem.message);
      }
    }
    this.#loaded = loaded;
  }

  /** Those that are being worked at stay off until their own code is another. */
  #withoutFaulty(installed: readonly Installed[]): Installed[] {
    return installed.map((one) => {
      const fault = this.#faulty.get(one.folder);
      if (!fault) return one;
      if (one.origin === 'dev' && one.entry?.stamp === fault.stamp) return { ...one, entry: null, kept: { ...one.kept, enabled: false, reason: fault.reason } };
      this.#faulty.delete(one.folder);
      return one;
    });
  }

  #switchOff({ plugin, problem }: Fault): void {
    this.#options.log.warn({ plugin }, problem.message);
    const worked = this.#installed.find(({ name, origin, entry }) => name === plugin && origin === 'dev' && entry);
    if (worked) this.#faulty.set(worked.folder, { stamp: worked.entry!.stamp, reason: keptReason(problem) });
    this.#loaded = this.#loaded.filter(({ entry }) => entry.name !== plugin);
    this.#installed = this.#installed.map((one) => (one.name === plugin && one.entry ? { ...one, entry: null, kept: { ...one.kept, enabled: false, reason: keptReason(problem) } } : one));
    this.#become();
    // Of one that is being worked at the next code may be right.
    if (this.#installed.some(({ name, origin }) => name === plugin && origin === 'dev')) return;
    void this.#inTurn(() => changePluginState(this.#options.home, plugin, { enabled: false, reason: keptReason(problem) })).catch((error: unknown) => this.#options.log.error({ err: error, plugin }, 'that a plugin is switched off could not be written'));
  }

  #become(): void {
    const absent = new Map(this.list().flatMap(({ name, state, why }) => (state === 'on' ? [] : [[name, absenceOf(name, state, why)] as const])));
    const { registry } = together(this.#options.packs, this.#loaded, absent);
    this.registry.become(registry);
    this.#options.onChange(this.list());
  }
}

const stillUsed = 'correct it and build it again: what worked last is in use until then';
const entriesOf = (installed: readonly Installed[]): PluginEntry[] => installed.flatMap(({ entry }) => entry ?? []);

/** What is to be watched of plugins that are being worked at; of one whose manifest cannot be read, that. */
function workedAt(installed: readonly Installed[]): string[] {
  return installed.flatMap(({ origin, folder, package: found }) => (origin === 'dev' ? builtPlaces(folder, found?.manifest ?? {}) : []));
}
