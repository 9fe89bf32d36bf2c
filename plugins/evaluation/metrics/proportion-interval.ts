/** A range that holds a share with the stated confidence, 0–1. */
export interface Interval {
  low: number;
  high: number;
}

/** Share of such intervals that hold the true share, at least. */
export const confidence = 0.95;

/**
 * The exact interval of a share of which `hits` of `trials` were seen: both tails hold half of what 95 % leaves (Clopper
 * & Pearson 1934). Without a trial nothing is known: 0 to 1.
 */
export function proportionInterval(hits: number, trials: number): Interval {
  const tail = (1 - confidence) / 2;
  return {
    low: hits === 0 ? 0 : shareWhere((share) => 1 - atMost(hits - 1, trials, share) > tail),
    high: hits === trials ? 1 : shareWhere((share) => atMost(hits, trials, share) <= tail),
  };
}

/** The least share from which on something is so. */
function shareWhere(isSo: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  // Halved until floats have nothing in between.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (isSo(middle)) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** How likely at most so many of `trials` are hits: the binomial distribution, summed from its likeliest term on. */
function atMost(hits: number, trials: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return hits >= trials ? 1 : 0;
  const odds = share / (1 - share);
  // Terms relative to the likeliest one: neither overflows, and those that vanish do not matter.
  const mode = Math.min(trials, Math.floor((trials + 1) * share));
  let [all, some] = [0, 0];
  const add = (k: number, term: number): void => {
    all += term;
    if (k <= hits) some += term;
  };
  for (let [k, term] = [mode, 1]; k >= 0 && term > 0; term *= k / ((trials - k + 1) * odds), k--) add(k, term);
  for (let [k, term] = [mode, 1]; k < trials && term > 0; ) {
    term *= ((trials - k) * odds) / (k + 1);
    add(++k, term);
  }
  return some / all;
}
