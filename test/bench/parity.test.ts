import { describe, expect, it } from 'vitest';
import { describeParity, type Compared } from '../../bench/parity/describe.ts';
import type { Outcome } from '../../bench/parity/ours.ts';

const outcome = (imageAuroc: number, ...losses: number[]): Outcome => ({
  steps: { fit: losses },
  epochs: { fit: [{ train: losses[0]!, validation: 0.25 }] },
  metrics: { imageAuroc, pixelAuroc: 0.9, aupro: 0.5 },
});

function compared(seed: number, ours: Outcome, peer: Outcome): Compared {
  return { model: 'shallow', set: 'wood', seed, ours, peer, double: peer, nudged: peer, slower: [{ rate: 0.0005, ours, peer, nudged: peer }] };
}

describe('how parity is told', () => {
  it('gives the largest relative difference of the first loss and of the first ten', () => {
    const later = Array(9).fill(1) as number[];
    const table = describeParity([
      compared(0, outcome(0.8, 2, ...later, 5), outcome(0.8, 2, ...later, 6)),
      compared(1, outcome(0.8, 1.01, 1.1), outcome(0.8, 1, 1)),
    ]);
    // 0.1 is the second loss of seed 1; the eleventh loss of seed 0 does not count.
    expect(table).toContain('| shallow | wood | fit | 1e-2 · 1e-1 | 0e+0 · 0e+0 | 0e+0 · 0e+0 | 1e-2 · 1e-1 | 0e+0 · 0e+0 |');
  });

  it('calls means within the spread where they differ by no more than two standard errors', () => {
    const figures = (offset: number): string =>
      describeParity([0.7, 0.8, 0.9].map((a, seed) => compared(seed, outcome(a, 1), outcome(a + offset, 1))));
    // Standard error of the difference: sqrt((0.1² + 0.1²) / 3) = 0.082.
    expect(figures(0.16)).toContain('| yes |');
    expect(figures(0.17)).toContain('| no |');
  });

  it('shows the losses of both epoch by epoch', () => {
    expect(describeParity([compared(0, outcome(0.8, 0.125), outcome(0.8, 0.0625))])).toContain(
      '| 0 | Stillroom | 0.1250 · 0.2500 |\n| 0 | PyTorch | 0.0625 · 0.2500 |',
    );
  });
});
