import { describe, expect, it } from 'vitest';
import { worthOf, type Measured } from '../../bench/starter-weights/worth.ts';

const one = (set: string, teacher: Measured['teacher'], seed: number, aupro: number): Measured => ({ set, teacher, seed, metrics: { aupro } });

describe('what starter weights are worth', () => {
  const table = worthOf([
    one('wood', 'random', 0, 0.1),
    one('wood', 'random', 1, 0.3),
    one('wood', 'starter', 0, 0.4),
    one('wood', 'starter', 1, 0.4),
    one('wood', 'imagenet', 0, 0.5),
    one('wood', 'imagenet', 1, 0.7),
    one('tile', 'random', 0, 0.2),
    one('tile', 'starter', 0, 0.4),
    one('tile', 'imagenet', 0, 0.3),
  ]);

  it('gives mean and sample standard deviation over the seeds', () => {
    expect(table).toContain('| random | 20.0 ± 14.1 | 20.0 ± 0.0 | 20.0 |');
    expect(table).toContain('| imagenet | 60.0 ± 14.1 | 30.0 ± 0.0 | 50.0 |');
  });

  it('takes the means first and divides then, so that a set where ImageNet gains nothing divides by nothing', () => {
    // (0.4 − 0.2) / (0.5 − 0.2)
    expect(table).toContain('(starter − random) / (ImageNet − random): aupro 0.67');
  });
});
