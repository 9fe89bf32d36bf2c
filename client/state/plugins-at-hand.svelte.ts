import type { Problem } from '../../plugins/sdk/index.ts';
import { catalogue } from './catalogue.svelte.ts';
import { live } from './live.svelte.ts';

/** A plugin that is being worked at, as the server has it. */
export interface WorkedPlugin {
  name: string;
  version: string | null;
  state: 'on' | 'off' | 'failed';
  /** Why it is not in use, or not as it was built last. */
  problem: Problem | null;
}

interface Told {
  /** Another number whenever other code can be had. */
  changed: number;
  worked: readonly WorkedPlugin[];
}

/** Plugins that are being worked at. Whenever any plugin changes, so does the catalogue of node types. */
class PluginsAtHand {
  worked: readonly WorkedPlugin[] = $state.raw([]);
  #changed: number | null = null;

  /** From now on for as long as the page is there. */
  follow(): void {
    live.listen<Told>('plugins', (told) => void this.#take(told));
  }

  async #take({ changed, worked }: Told): Promise<void> {
    const before = this.#changed;
    this.#changed = changed;
    try {
      // It may have changed while the catalogue was on its way.
      if (before === null) await catalogue.load();
      else if (before !== changed) await catalogue.renew();
    } catch {
      // The server has gone; it tells anew when it is back.
      this.#changed = before;
    }
    this.worked = worked;
  }
}

export const pluginsAtHand = new PluginsAtHand();
