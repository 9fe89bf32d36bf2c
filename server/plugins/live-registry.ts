import type { AnyNodeDefinition, Pack } from '../../plugins/sdk/index.ts';
import type { PluginVersion, Registry } from '../graph/registry.ts';

/** The node types that can be had now: who holds it has others once plugins are added or switched off. */
export class LiveRegistry implements Registry {
  #now: Registry;

  constructor(registry: Registry) {
    this.#now = registry;
  }

  become(registry: Registry): void {
    this.#now = registry;
  }

  get packs(): readonly Pack[] {
    return this.#now.packs;
  }

  get definitions(): readonly AnyNodeDefinition[] {
    return this.#now.definitions;
  }

  get(type: string): AnyNodeDefinition | undefined {
    return this.#now.get(type);
  }

  packOf(type: string): Pack | undefined {
    return this.#now.packOf(type);
  }

  pluginOf(type: string): PluginVersion | undefined {
    return this.#now.pluginOf(type);
  }

  whyAbsent(type: string): string | undefined {
    return this.#now.whyAbsent(type);
  }
}
