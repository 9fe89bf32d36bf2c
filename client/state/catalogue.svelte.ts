import { call } from './call.ts';
import { socketSheet } from './socket-sheet.ts';
import type { NodeType, SocketType } from './types.ts';

/** Every node type that there is. */
class Catalogue {
  types: readonly NodeType[] = $state.raw([]);
  categories: readonly string[] = $state.raw([]);
  /** Types of sockets that packs say something of. */
  socketTypes: readonly SocketType[] = $state.raw([]);
  readonly #bySocket = $derived(new Map(this.socketTypes.map((one) => [one.type, one])));
  readonly #byType = $derived(new Map(this.types.map((one) => [one.type, one])));

  async load(): Promise<void> {
    const { nodes, categories, socketTypes } = await call<{ nodes: NodeType[]; categories: string[]; socketTypes: SocketType[] }>('GET', '/nodes');
    this.types = nodes;
    this.categories = categories;
    this.socketTypes = socketTypes;
    socketSheet.write(socketTypes);
  }

  get(type: string): NodeType | undefined {
    return this.#byType.get(type);
  }

  socket(type: string): SocketType | undefined {
    return this.#bySocket.get(type);
  }

  /** What a type of sockets is called. */
  socketTitle(type: string): string {
    return this.#bySocket.get(type)?.title ?? type;
  }
}

export const catalogue = new Catalogue();
