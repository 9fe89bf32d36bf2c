import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { StillroomError, type Pack, type Problem } from '../../plugins/sdk/index.ts';
import { createRegistry } from '../graph/registry.ts';
import { Turns } from '../turns.ts';
import { absenceOf } from './absence.ts';
import { describeStaged, type PluginFacts } from './describe-plugin.ts';
import type { Places } from './discover.ts';
import type { Fault, Limits, LoadOutcome } from './host/messages.ts';
import { PluginHost } from './host/plugin-host.ts';
import { proxyPack } from './host/proxy.ts';
import { remembering } from './host/remembering.ts';
import { installStaged, stagePlugin, uninstallPlugin } from './install.ts';
import { installedPlugins, type Installed } from './installed.ts';
import { GivenNames, problemOf, type LoadedPlugin } from './load.ts';
import { LiveRegistry } from './live-registry.ts';
import { together } from './open-packs.ts';
import type { PackSource } from './plugin-entry.ts';
import { changePluginState, keptReason, stateFile, type PluginState } from './state.ts';

export interface PluginsOptions {
  home: string;
  /** Ours, and the module whose `packs` they are, for other processes. */
  packs: readonly Pack[];
  module: string;
  /** Where plugins are looked for; nowhere where null. */
  places: Places | null;
  limits?: Partial<Limits>;
  /** Told whenever other plugins are in use than before. */
  onChange(): void;
  log: Logger;
}

/** How long it may take until a change by another process is noticed, ms. */
const noticedAfter = 1000;

/** A plugin of a server, and how it is. */
export interface PluginNow extends Installed {
  /** `on`: its nodes can be had. `off`: it is switched off, by itself where there is a `why`. `failed`: it cannot be used. */
  state: 'on' | 'off' | 'failed';
  why: Problem | null;
  packs: readonly Pack[];
}

/**
 * The plugins of a server: their code runs in a process of its own, and everyone here has definitions that ask it. One
 * that does not return, ends that process or takes too much memory is switched off, and everything else goes on.
 */
export class Plugins {
  readonly registry: LiveRegistry;
  readonly #options: PluginsOptions;
  readonly #host: PluginHost;
  readonly #turns = new Turns();
  #installed: readonly Installed[] = [];
  #loaded: readonly LoadedPlugin[] = [];
  /** Why plugins that are switched on are not in use, by name. */
  #failures = new Map<string, Problem>();

  private constructor(options: PluginsOptions) {
    this.#options = options;
    this.registry = new LiveRegistry(createRegistry(options.packs));
    this.#host = new PluginHost((fault) => this.#switchOff(fault), options.limits);
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

  list(): PluginNow[] {
    return this.#installed.map((one) => {
      const loaded = this.#loaded.find(({ entry }) => entry.folder === one.folder);
      const why = this.#failures.get(one.folder) ?? one.problem ?? one.kept.reason;
      const state = loaded ? 'on' : one.kept.enabled || one.problem ? 'failed' : 'off';
      return { ...one, state, why: state === 'on' ? null : why, packs: loaded?.packs ?? [] };
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
    this.named(name);
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

  close(): Promise<void> {
    unwatchFile(stateFile(this.#options.home), this.#notice);
    return this.#host.close();
  }

  /** The command line changes plugins too. */
  readonly #notice = (): void => {
    const { places, log } = this.#options;
    if (!places) return;
    void this.#inTurn(async () => {
      if (JSON.stringify(await installedPlugins(places)) !== JSON.stringify(this.#installed)) await this.#refresh();
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
    this.#installed = places ? await installedPlugins(places) : [];
    this.#failures = new Map();
    this.#use(await this.#host.load(this.#installed.flatMap(({ entry }) => entry ?? [])));
    this.#become();
  }

  #use(outcomes: readonly LoadOutcome[]): void {
    const names = new GivenNames(this.#options.packs);
    const ask = remembering((question) => this.#host.ask(question));
    const loaded: LoadedPlugin[] = [];
    for (const outcome of outcomes) {
      const entry = this.#installed.find(({ entry: one }) => one?.name === outcome.name)!.entry!;
      try {
        if ('problem' in outcome) throw new StillroomError(outcome.problem.code, outcome.problem.message, outcome.problem);
        const plugin = { entry, packs: outcome.packs.map((facts) => proxyPack(entry.name, facts, ask)) };
        names.add(plugin);
        loaded.push(plugin);
      } catch (error) {
        const problem = problemOf(error, entry);
        this.#failures.set(entry.folder, problem);
        this.#options.log.warn({ plugin: entry.name }, problem.message);
      }
    }
    this.#loaded = loaded;
  }

  #switchOff({ plugin, problem }: Fault): void {
    this.#options.log.warn({ plugin }, problem.message);
    this.#loaded = this.#loaded.filter(({ entry }) => entry.name !== plugin);
    this.#installed = this.#installed.map((one) => (one.name === plugin && one.entry ? { ...one, entry: null, kept: { ...one.kept, enabled: false, reason: keptReason(problem) } } : one));
    this.#become();
    void this.#inTurn(() => changePluginState(this.#options.home, plugin, { enabled: false, reason: keptReason(problem) })).catch((error: unknown) => this.#options.log.error({ err: error, plugin }, 'that a plugin is switched off could not be written'));
  }

  #become(): void {
    const absent = new Map(this.list().flatMap(({ name, state, why }) => (state === 'on' ? [] : [[name, absenceOf(name, state, why)] as const])));
    const { registry } = together(this.#options.packs, this.#loaded, absent);
    this.registry.become(registry);
    this.#options.onChange();
  }
}
