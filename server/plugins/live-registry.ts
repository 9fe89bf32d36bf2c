import type { AnyNodeDefinition, Optimiser, Pack, Schedule, SocketTypeDefinition } from '../../plugins/sdk/index.ts';
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

  get socketTypes(): readonly SocketTypeDefinition[] {
    return this.#now.socketTypes;
  }

  get(type: string): AnyNodeDefinition | undefined {
    return this.#now.get(type);
  }

  packOf(type: string): Pack | undefined {
    return this.#now.packOf(type);
  }

  socketType(type: string): SocketTypeDefinition | undefined {
    return this.#now.socketType(type);
  }

  optimiser(name: string): Optimiser | undefined {
    return this.#now.optimiser(name);
  }

  schedule(name: string): Schedule | undefined {
    return this.#now.schedule(name);
  }

  pluginOf(name: string): PluginVersion | undefined {
    return this.#now.pluginOf(name);
  }

  whyAbsent(type: string): string | undefined {
    return this.#now.whyAbsent(type);
  }
}
