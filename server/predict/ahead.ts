/**
 * Works on values ahead of whoever takes the results, a few at once, and gives the results in order. `work` must not
 * reject. Values are asked for as soon as there is room, so that a source that gives them slowly holds up nothing that
 * has come.
 */
export class Ahead<T, R> {
  readonly #source: AsyncIterator<T>;
  readonly #depth: number;
  readonly #work: (value: T) => Promise<R>;
  readonly #results: Promise<R>[] = [];
  #isOver = false;
  #isAsking = false;
  #failure: { error: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(source: AsyncIterable<T>, depth: number, work: (value: T) => Promise<R>) {
    this.#source = source[Symbol.asyncIterator]();
    this.#depth = Math.max(1, depth);
    this.#work = work;
    this.#ask();
  }

  /** Results that are there or being worked on. */
  get waiting(): number {
    return this.#results.length;
  }

  /** The next result; undefined after the last. */
  async next(): Promise<R | undefined> {
    while (this.#results.length === 0) {
      if (this.#failure) throw this.#failure.error;
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const result = await this.#results[0]!;
    this.#results.shift();
    this.#ask();
    return result;
  }

  #ask(): void {
    if (this.#isAsking || this.#isOver || this.#results.length >= this.#depth) return;
    this.#isAsking = true;
    this.#source.next().then(
      ({ done, value }) => {
        this.#isAsking = false;
        if (done) this.#isOver = true;
        else this.#results.push(this.#work(value as T));
        this.#wake();
        this.#ask();
      },
      (error: unknown) => {
        this.#failure = { error };
        this.#isOver = true;
        this.#wake();
      },
    );
  }
}
