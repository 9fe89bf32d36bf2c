/** How like their neighbours the numbers of a layer's kernels are. */
export interface Autocorrelation {
  /** Mean over filters, −1…1: near 0 where the numbers were drawn at random. */
  value: number;
  /** Standard error of that, had they been drawn at random. */
  error: number;
}

/**
 * Correlation of the numbers beside and below each other in kernels `[kh, kw, in, out]`, each filter counting alike;
 * filters that are nearly zero beside the others are left out. Undefined for 1×1 kernels, and where all is zero.
 */
export function autocorrelationOf(kernels: Float32Array, [height, width, input, output]: readonly [number, number, number, number]): Autocorrelation | undefined {
  const [right, below] = [input * output, width * input * output];
  const products = new Float64Array(output);
  const squares = new Float64Array(output);
  for (let at = 0; at < kernels.length; at++) {
    const value = kernels[at]!;
    const filter = at % output;
    squares[filter]! += value * value;
    if (at % below < below - right) products[filter]! += value * kernels[at + right]!;
    if (at + below < kernels.length) products[filter]! += value * kernels[at + below]!;
  }
  const pairs = ((width - 1) * height + (height - 1) * width) * input;
  const live = liveFilters(squares);
  if (pairs === 0 || live.length === 0) return undefined;
  const each = live.map((filter) => products[filter]! / pairs / (squares[filter]! / (height * width * input)));
  return { value: each.reduce((a, b) => a + b, 0) / live.length, error: 1 / Math.sqrt(pairs * live.length) };
}

/** Filters whose energy is not nothing beside the others'. */
export function liveFilters(energies: Float64Array): number[] {
  const median = energies.toSorted()[energies.length >> 1] ?? 0;
  return [...energies.keys()].filter((filter) => energies[filter]! > 0 && energies[filter]! > 1e-3 * median);
}
