/** Work on many things at once, but on each of them a piece at a time, in the order it was asked for. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Gives what `work` gives, or throws what it throws; what failed before it does not matter. */
  take<T>(id: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(id) ?? Promise.resolve()).catch(() => undefined).then(work);
    this.#last.set(id, turn);
    void turn.catch(() => undefined).finally(() => this.#last.get(id) === turn && this.#last.delete(id));
    return turn;
  }
}
