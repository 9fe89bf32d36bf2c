/** The contract between Stillroom and its node packs; everything a plugin may import. */
export * from './backbone.ts';
export * from './calibration.ts';
export * from './distance.ts';
export * from './fit.ts';
export * from './images.ts';
export * from './match.ts';
export * from './net.ts';
export * from './network.ts';
export * from './node.ts';
export * from './pack.ts';
export * from './params.ts';
export * from './problem.ts';
export * from './random.ts';
export * from './resize.ts';
export * from './signal.ts';
export * from './sink.ts';
export * from './weight.ts';
