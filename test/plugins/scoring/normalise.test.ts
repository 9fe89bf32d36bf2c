import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normaliseMap } from '../../../plugins/scoring/normalise.ts';
import { summarise, type NormalisationSettings } from '../../../plugins/scoring/summarise.ts';
import type { Signal } from '../../../plugins/sdk/index.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

const map: Signal = { type: 'map', shape: [14, 14, 1], stride: 16, image: [224, 224] };

describe('what a normalised map is', () => {
  it('14×14 /16 by a quantile: as before, one weight', () => {
    const { outputs, problems, cost } = inferNode(normaliseMap, { map });
    expect([outputs, problems]).toEqual([{ map }, []]);
    expect(cost).toEqual({ parameters: 1, multiplyAdds: 196, activationBytes: 784 });
  });

  it.each(['mean-deviation', 'quantile-range'])('14×14 /16 by "%s": centred, two weights', (method) => {
    const { outputs, problems, cost } = inferNode(normaliseMap, { map }, { method });
    expect([outputs, problems]).toEqual([{ map: { ...map, centred: true } }, []]);
    expect(cost.parameters).toBe(2);
  });

  it.each([
    ['quantile', ['scale']],
    ['mean-deviation', ['scale', 'offset']],
    ['quantile-range', ['scale', 'offset']],
  ])('by "%s" is calibrated to %j, starting from what changes nothing', (method, names) => {
    const specs = normaliseMap.weights!({ map }, paramsOf(normaliseMap, { method }));
    expect(specs.map(({ name }) => name)).toEqual(names);
    for (const { name, role, shape, init } of specs) {
      expect([role, shape]).toEqual(['calibrated', []]);
      expect(init.kind).toBe(name === 'scale' ? 'ones' : 'zeros');
    }
  });
});

describe('what a normalisation refuses', () => {
  it('a map that is centred already, where it is only scaled', () => {
    const centred = { map: { ...map, centred: true } };
    const { outputs, problems } = inferNode(normaliseMap, centred);
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([{ code: 'centred-scaling', socket: 'map' }]);
    expect(inferNode(normaliseMap, centred, { method: 'mean-deviation' }).problems).toEqual([]);
  });

  it.each([0.9, 0.95])('a low quantile of %d where 0.9 becomes 1', (lowQuantile) => {
    const set = { quantile: 0.9, lowQuantile };
    const { outputs, problems } = inferNode(normaliseMap, { map }, { ...set, method: 'quantile-range' });
    expect(outputs).toEqual({});
    expect(problems).toMatchObject([
      {
        code: 'invalid-parameter',
        field: 'lowQuantile',
        message: `expected a quantile below the 0.9 that becomes 1, found ${lowQuantile}`,
      },
    ]);
    expect(inferNode(normaliseMap, { map }, set).problems).toEqual([]);
  });
});

const file = new URL('../../fixtures/scoring/scoring.json', import.meta.url);
const { statistics } = JSON.parse(readFileSync(file, 'utf8')) as {
  statistics: { values: number[]; mean: number; deviation: number; quantiles: Record<string, number> };
};

describe('statistics of maps', () => {
  const settings = (set: Partial<NormalisationSettings>): NormalisationSettings => ({
    method: 'quantile',
    quantile: 0.995,
    lowQuantile: 0.9,
    ...set,
  });
  const maps = (...values: readonly (readonly number[])[]): Float32Array[] => values.map((v) => Float32Array.from(v));

  it('0, 1, 2, 3, 4 in two maps, in any order: the quantile 0.875 is 3.5', () => {
    expect(summarise(maps([4, 0, 2], [1, 3]), settings({ quantile: 0.875 }))).toEqual({ offset: 0, scale: 3.5 });
  });

  it('2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2', () => {
    const found = summarise(maps([2, 4, 4, 4], [5, 5, 7, 9]), settings({ method: 'mean-deviation' }));
    expect(found).toEqual({ offset: 5, scale: 2 });
  });

  it('0…10: quantiles 0.2 and 0.9 are 2 and 9, 7 apart', () => {
    const set = settings({ method: 'quantile-range', lowQuantile: 0.2, quantile: 0.9 });
    const { offset, scale } = summarise(maps([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]), set);
    expect(offset).toBeCloseTo(2, 6);
    expect(scale).toBeCloseTo(7, 6);
  });

  const { values } = statistics;
  const parts = maps(values.slice(0, 7), values.slice(7, 30), values.slice(30));
  for (const [q, expected] of Object.entries(statistics.quantiles)) {
    it(`40 values in three maps: the quantile ${q} is numpy's`, () => {
      expect(summarise(parts, settings({ quantile: Number(q) })).scale).toBeCloseTo(expected, 6);
    });
  }
  it("40 values in three maps: mean and deviation are numpy's", () => {
    const { offset, scale } = summarise(parts, settings({ method: 'mean-deviation' }));
    expect(offset).toBeCloseTo(statistics.mean, 6);
    expect(scale).toBeCloseTo(statistics.deviation, 6);
  });

  it.each(['quantile', 'mean-deviation', 'quantile-range'] as const)('no map, or a value that is not finite: no scale by "%s"', (method) => {
    expect(summarise([], settings({ method })).scale).toBeNaN();
    expect(summarise(maps([1, NaN, 2]), settings({ method })).scale).toBeNaN();
    expect(summarise(maps([1, Infinity, 2]), settings({ method })).scale).toBeNaN();
  });
});

describe('calibration of a normalisation', () => {
  const pass = (set: Record<string, unknown>) => normaliseMap.calibrate!(paramsOf(normaliseMap, set));
  const batch = (...values: number[]) => ({ map: { shape: [1, 1, values.length, 1], data: Float32Array.from(values) } });

  it('looks at the validation images', () => expect(pass({}).images).toBe('validation'));

  it('keeps what it was given, whatever becomes of the memory it lay in', () => {
    const running = pass({ method: 'mean-deviation' }).begin();
    const given = batch(2, 4, 4, 4);
    running.add(given);
    given.map.data.fill(100);
    running.add(batch(5, 5, 7, 9));
    expect(running.finish()).toEqual({ scale: Float32Array.of(2), offset: Float32Array.of(5) });
  });

  it('each pass begins anew', () => {
    const twice = pass({ quantile: 1 });
    const first = twice.begin();
    first.add(batch(8));
    const second = twice.begin();
    second.add(batch(3));
    expect(second.finish()).toEqual({ scale: Float32Array.of(3) });
    expect(first.finish()).toEqual({ scale: Float32Array.of(8) });
  });

  it.each([
    ['no map at all', {}, [], 'NaN', 'give the dataset validation images'],
    ['maps that are 0 everywhere', {}, [batch(0, 0)], '0', 'raise `quantile`, or check what feeds the map'],
    ['flat maps, centred', { method: 'mean-deviation' }, [batch(3, 3)], '0', 'raise `quantile`, or check what feeds the map'],
    ['flat maps, a range of quantiles', { method: 'quantile-range' }, [batch(3, 3)], '0', 'raise `quantile`, or check what feeds the map'],
    ['a value that is not finite', {}, [batch(1, NaN)], 'NaN', 'raise `quantile`, or check what feeds the map'],
    ['a quantile below zero', { quantile: 0 }, [batch(-2, 1)], '-2', 'raise `quantile`, or check what feeds the map'],
  ])('%s: no scale follows', (_, set, batches, scale, hint) => {
    const running = pass(set).begin();
    for (const values of batches) running.add(values);
    expect(() => running.finish()).toThrow(
      expect.objectContaining({
        code: 'map-cannot-be-scaled',
        place: { socket: 'map' },
        message: `expected validation maps that a scale follows from, found the scale ${scale}`,
        hint,
      }) as Error,
    );
  });
});

describeWith(engineNeed(), 'a map 1×3 of 1, 2, 5', () => {
  const values = { type: 'map', shape: [1, 1, 3, 1], data: Float32Array.of(1, 2, 5) } as const;
  it.each([
    ['quantile', { scale: 2 }, [0.5, 1, 2.5]],
    ['mean-deviation', { scale: 2, offset: 3 }, [-1, -0.5, 1]],
    ['quantile-range', { scale: 4, offset: 1 }, [0, 0.25, 1]],
  ])('by "%s" with %j', async (method, calibrated, expected) => {
    const weights = new Map(Object.entries(calibrated).map(([name, value]) => [name, Float32Array.of(value)]));
    const { map: found } = await runNode(normaliseMap, paramsOf(normaliseMap, { method }), { map: values }, weights);
    expect([...found!.data]).toEqual(expected);
  });
});
