import type { Problem } from '../../plugins/sdk/index.ts';
import type { Topics } from '../live/topics.ts';
import type { PluginNow } from '../plugins/plugins.ts';

/** What clients are told of plugins, under the topic `plugins`. */
export interface PluginsState {
  /** Another number whenever other node types, or other code of theirs, can be had, after a server's restart too. */
  changed: number;
  /** Plugins that are being worked at. */
  worked: { name: string; version: string | null; state: PluginNow['state']; problem: Problem | null }[];
}

export class PluginNews {
  readonly #topics: Topics;
  #changed = Date.now();
  #code = '';

  constructor(topics: Topics) {
    this.#topics = topics;
  }

  tell(plugins: readonly PluginNow[]): void {
    const code = JSON.stringify(plugins.map(({ entry, state }) => [entry, state]));
    // What is wrong with newer code changes nothing that can be had.
    if (code !== this.#code) this.#changed++;
    this.#code = code;
    const worked = plugins.filter(({ origin }) => origin === 'dev');
    this.#topics.publish('plugins', {
      changed: this.#changed,
      worked: worked.map(({ name, package: found, state, why, newest }) => ({ name, version: found?.version ?? null, state, problem: newest ?? why })),
    } satisfies PluginsState);
  }
}
