import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../plugins/sdk/index.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const moment = (values: readonly number[], power: number): number => mean(values.map((x) => x ** power));

describe('random', () => {
  // Computed in Python from the description of sfc32 and of the hash, with whole numbers modulo 2³².
  it('gives the numbers of sfc32', () => {
    const fit = createRandom(1, 'fit');
    expect(draws(4, () => fit.uniform() * 2 ** 32)).toEqual([2928494692, 3077195221, 1709312435, 819011862]);
    const a = createRandom('a');
    expect(draws(4, () => a.uniform() * 2 ** 32)).toEqual([3172463695, 748370331, 2036033011, 1746367996]);
  });

  it('keeps seeds apart that read alike when joined', () => {
    const first = (...parts: (string | number)[]): number => createRandom(...parts).uniform();
    const seeds = [first('a', 'bc'), first('ab', 'c'), first('abc'), first(1), first('1'), first(), first(1, 1), first(11)];
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('refuses a seed that is no number', () => {
    expect(() => createRandom(NaN)).toThrow(RangeError);
  });

  it('draws uniform numbers with mean 1/2 and variance 1/12', () => {
    const random = createRandom('uniform');
    const values = draws(100_000, random.uniform);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(moment(values, 2) - mean(values) ** 2).toBeCloseTo(1 / 12, 2);
    expect(Math.min(...values.slice(0, 10_000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 10_000))).toBeLessThan(1);
  });

  it('draws normal numbers with the moments 0, 1, 0, 3', () => {
    const random = createRandom('normal');
    const values = draws(200_000, random.normal);
    // Standard errors: 0.002, 0.003, 0.009, 0.02.
    expect(Math.abs(moment(values, 1))).toBeLessThan(0.01);
    expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(values, 3))).toBeLessThan(0.04);
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(0.1);
  });

  it('draws every whole number below n equally often', () => {
    const random = createRandom('integer');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(() => random.integer(0)).toThrow(RangeError);
    expect(() => random.integer(1.5)).toThrow(RangeError);
  });

  it('shuffles into each of the 6 orders of 3 equally often, in place', () => {
    const random = createRandom('shuffle');
    const counts = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      const items = ['a', 'b', 'c'];
      if (random.shuffle(items) !== items) throw new Error('not in place');
      const order = items.join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
