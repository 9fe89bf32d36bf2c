import { expect } from 'vitest';
import type { HostTensor } from '../../plugins/sdk/index.ts';

/** What PyTorch says of one stage, in HWC. */
export interface StageFigures {
  shape: readonly number[];
  mean: number;
  deviation: number;
  /** Largest magnitude; where it is not stated, that of the samples stands for it. */
  largest?: number;
  /** `[channel, y, x, value]`. */
  samples: readonly (readonly [number, number, number, number])[];
}

/** Expects a stage to agree with PyTorch's within 1e-4 of the largest magnitude. */
export function expectStage({ shape, data }: HostTensor, figures: StageFigures): void {
  expect(shape).toEqual([1, ...figures.shape]);
  const [, width = 0, channels = 0] = figures.shape;
  const largest = figures.largest ?? Math.max(...figures.samples.map(([, , , value]) => Math.abs(value)));
  const within = 1e-4 * largest;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  expect(Math.abs(mean - figures.mean)).toBeLessThan(within);
  expect(Math.abs(Math.sqrt(variance) - figures.deviation)).toBeLessThan(within);
  for (const [c, y, x, value] of figures.samples) {
    expect(Math.abs(data[(y * width + x) * channels + c]! - value)).toBeLessThan(within);
  }
  if (figures.largest !== undefined) {
    const found = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(Math.abs(found - figures.largest)).toBeLessThan(within);
  }
}
