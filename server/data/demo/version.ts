import type { Category } from './surfaces/index.ts';

/** Raised with any change of a pixel of the demo set; figures measured on different versions do not compare. */
export const DEMO_VERSION = 1;

/** The seed of the demo set that figures are reported on. */
export const DEMO_SEED = 1;

/** SHA-256 of each category's decoded pixels and masks (`fingerprint.ts`) with `DEMO_SEED`. */
export const DEMO_SHA256: Readonly<Record<Category, string>> = {
  textile: 'a21432cb1f8609713ff8082c557dfbe396d6d2bdbd744a9b0f1417da4fbb3463',
  leather: 'bcbb802ab827e9066d4aa070a41f95305f6a95159898f096464b16a0b98bd766',
  wood: 'd9d692388edb5e90315b8121e0f3cb48ef86ea1da7c04022a27375ce6f77c4d7',
  tile: '9ea790db51c6e3b53db510988fac6dc4d222f631536a44decdc3188e8a63a1bb',
  grid: 'abe65affeb8d46079203bd794afa75d24a8a19e64e2049013b3c4dac74b6368c',
};
