import { call } from './call.ts';
import type { NodeType } from './types.ts';

/** Every node type that there is. */
class Catalogue {
  types: readonly NodeType[] = $state.raw([]);
  categories: readonly string[] = $state.raw([]);
  readonly #byType = $derived(new Map(this.types.map((one) => [one.type, one])));

  async load(): Promise<void> {
    const { nodes, categories } = await call<{ nodes: NodeType[]; categories: string[] }>('GET', '/nodes');
    this.types = nodes;
    this.categories = categories;
  }

  get(type: string): NodeType | undefined {
    return this.#byType.get(type);
  }
}

export const catalogue = new Catalogue();
