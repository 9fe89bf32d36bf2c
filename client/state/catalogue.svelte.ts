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
  /** How often since the page was opened other node types, or other code of theirs, came to be had. */
  renewals = $state(0);
  #loads = 0;
  #text = '';

  async load(): Promise<void> {
    const number = ++this.#loads;
    const given = await call<{ nodes: NodeType[]; categories: string[]; socketTypes: SocketType[] }>('GET', '/nodes');
    const text = JSON.stringify(given);
    // Where nothing is another, nothing is drawn anew.
    if (number !== this.#loads || text === this.#text) return;
    this.#text = text;
    this.types = given.nodes;
    this.categories = given.categories;
    this.socketTypes = given.socketTypes;
    socketSheet.write(given.socketTypes);
  }

  /** What there was may be another now, or compute something else under the same name. */
  async renew(): Promise<void> {
    await this.load();
    this.renewals++;
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
