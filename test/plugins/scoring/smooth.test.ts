import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { smooth } from '../../../plugins/scoring/smooth.ts';
import { engineNeed, runNode } from '../../support/eager-node.ts';
import { inferNode, paramsOf } from '../../support/infer-node.ts';
import { describeWith } from '../../support/needs.ts';

describe('a smoothed map', () => {
  it('56×28×1 /4 keeps shape, stride, image and that it is centred', () => {
    const map = { type: 'map', shape: [56, 28, 1], stride: 4, image: [224, 112], centred: true } as const;
    expect(inferNode(smooth, { map })).toEqual({
      outputs: { map },
      problems: [],
      cost: { parameters: 0, multiplyAdds: 56 * 28 * (56 + 28), activationBytes: 2 * 4 * 56 * 28 },
    });
  });

  it('has σ = 4 px by default, and needs one above 0', () => {
    expect(smooth.params.sigma.default).toBe(4);
    expect(smooth.params.sigma.schema.safeParse(0).success).toBe(false);
  });
});

interface Smoothed {
  shape: [number, number];
  sigma: number;
  map: number[];
  smoothed: number[];
}
const file = new URL('../../fixtures/scoring/scoring.json', import.meta.url);
const { smoothed } = JSON.parse(readFileSync(file, 'utf8')) as { smoothed: Smoothed[] };

describeWith(engineNeed(), "as scipy's gaussian_filter, borders reflected", () => {
  const run = async (sigma: number, [h, w]: readonly [number, number], values: readonly number[], stride = 1) => {
    const images = values.length / (h * w);
    const map = { type: 'map', shape: [images, h, w, 1], stride, data: Float32Array.from(values) } as const;
    const { map: found } = await runNode(smooth, paramsOf(smooth, { sigma }), { map });
    expect(found!.shape).toEqual([images, h, w, 1]);
    return [...found!.data];
  };

  for (const { shape, sigma, map, smoothed: expected } of smoothed) {
    it(`map ${shape.join('×')}, σ = ${sigma}`, async () => {
      const found = await run(sigma, shape, map);
      expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
    });
  }

  it('σ counts in pixels of the image: σ = 6 at stride 4 is σ = 1.5 between positions', async () => {
    const { shape, map, smoothed: expected } = smoothed.find(({ sigma }) => sigma === 1.5)!;
    const found = await run(6, shape, map, 4);
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });

  it('each image of a batch for itself', async () => {
    const [first, other] = [smoothed[0]!, smoothed[1]!];
    const found = await run(first.sigma, first.shape, [...first.map, ...other.map]);
    first.smoothed.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });

  it('a flat map 5×3 of 7 stays 7, at the borders too', async () => {
    for (const value of await run(2, [5, 3], Array<number>(15).fill(7))) expect(value).toBeCloseTo(7, 5);
  });

  it('one bright pixel of 9×9, σ = 1: a bell of weight 1 in the middle', async () => {
    const values = Array<number>(81).fill(0);
    values[40] = 1;
    const found = await run(1, [9, 9], values);
    // exp(−d² / 2), and its sum over −4…4, squared as rows and columns both have it.
    const bell = (d: number): number => Math.exp(-(d * d) / 2);
    const total = [-4, -3, -2, -1, 0, 1, 2, 3, 4].reduce((sum, d) => sum + bell(d), 0) ** 2;
    for (let i = 0; i < 81; i++) {
      expect(found[i]).toBeCloseTo((bell(Math.floor(i / 9) - 4) * bell((i % 9) - 4)) / total, 6);
    }
  });
});
