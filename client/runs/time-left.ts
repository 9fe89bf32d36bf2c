/** Time over which the pace is taken, ms: parts of a run go at different paces, and what was done before is told at once. */
const span = 60_000;
/** What is measured over less says nothing, ms. */
const least = 5_000;

/** Estimates how long something takes by the pace of the last minute. */
export class TimeLeft {
  #marks: { at: number; share: number }[] = [];

  /** Says that a share, 0–1, is done at a time, ms. Returns the seconds that are left; null while that cannot be told. */
  mark(at: number, share: number): number | null {
    if (share < (this.#marks.at(-1)?.share ?? 0)) this.#marks = [];
    this.#marks.push({ at, share });
    while (this.#marks.length > 2 && at - this.#marks[1]!.at >= span) this.#marks.shift();
    const first = this.#marks[0]!;
    if (at - first.at < least || share <= first.share) return null;
    return ((1 - share) * (at - first.at)) / (share - first.share) / 1000;
  }
}
