/** Something that changes, such as `engine` or `runs/ID`, with what is known of it now. */
export type TopicListener = (topic: string, state: unknown) => void;

/**
 * What the server tells whoever listens: of each topic its newest state, which stands for all before it. Publishing
 * costs the publisher nothing, however many listen.
 */
export class Topics {
  readonly #states = new Map<string, unknown>();
  readonly #listeners = new Set<TopicListener>();

  /** `state` is plain JSON. */
  publish(topic: string, state: unknown): void {
    this.#states.set(topic, state);
    for (const listener of this.#listeners) listener(topic, state);
  }

  /** Nothing more is to be said of it; listeners are told `null` once. */
  end(topic: string): void {
    if (!this.#states.delete(topic)) return;
    for (const listener of this.#listeners) listener(topic, null);
  }

  state(topic: string): unknown {
    return this.#states.get(topic) ?? null;
  }

  /** Returns what ends it. */
  listen(listener: TopicListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
