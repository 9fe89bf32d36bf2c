/** Values by key within a budget; those longest unused go first. */
export class ByteLru<T> {
  readonly #budget: number;
  readonly #weigh: (value: T) => number;
  readonly #drop: (value: T) => void;
  readonly #values = new Map<string, T>();
  #bytes = 0;

  /** @param drop told of each value that is let go */
  constructor(budget: number, weigh: (value: T) => number, drop: (value: T) => void = () => {}) {
    this.#budget = budget;
    this.#weigh = weigh;
    this.#drop = drop;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** A value larger than the budget is let go at once. */
  set(key: string, value: T): void {
    const before = this.#values.get(key);
    if (before !== undefined) this.#remove(key, before);
    this.#values.set(key, value);
    this.#bytes += this.#weigh(value);
    for (const [oldest, old] of this.#values) {
      if (this.#bytes <= this.#budget) return;
      this.#remove(oldest, old);
    }
  }

  clear(): void {
    for (const [key, value] of this.#values) this.#remove(key, value);
  }

  #remove(key: string, value: T): void {
    this.#values.delete(key);
    this.#bytes -= this.#weigh(value);
    this.#drop(value);
  }
}
