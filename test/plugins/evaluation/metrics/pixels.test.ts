import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auroc } from '../../../../plugins/evaluation/metrics/auroc.ts';
import { aupro, proCurve } from '../../../../plugins/evaluation/metrics/aupro.ts';
import { averagePrecision } from '../../../../plugins/evaluation/metrics/average-precision.ts';
import { f1Max } from '../../../../plugins/evaluation/metrics/f1-max.ts';
import { PixelPool, type RankedPixels } from '../../../../plugins/evaluation/metrics/pixels.ts';
import { findRegions } from '../../../../plugins/evaluation/metrics/regions.ts';
import { createRandom } from '../../../../plugins/sdk/index.ts';

interface Picture {
  values: readonly number[];
  mask: readonly number[];
}

function pool(pictures: readonly Picture[], height: number, width: number): RankedPixels {
  const pixels = new PixelPool();
  for (const { values, mask } of pictures) {
    const hasDefect = mask.some((m) => m !== 0);
    pixels.add(Float32Array.from(values), hasDefect ? Uint8Array.from(mask) : null, height, width);
  }
  return pixels.rank();
}

/** Rows of a mask or map, as one reads them. */
function rows(text: string): number[] {
  return text.trim().split(/\s+/).map(Number);
}

/** Per-region overlap at every distinct value, counted anew each time; regions found by spreading labels until still. */
function slowAupro(pictures: readonly Picture[], width: number, limit: number): number {
  const labelled = pictures.map(({ values, mask }) => ({ values, mask, labels: spreadLabels(mask, width) }));
  const thresholds = [...new Set(pictures.flatMap(({ values }) => values))].sort((a, b) => b - a);
  const curve = [[0, 0], ...thresholds.map((threshold) => at(threshold))] as [number, number][];
  let area = 0;
  for (let i = 1; i < curve.length; i++) {
    const [[x0, y0], [x1, y1]] = [curve[i - 1]!, curve[i]!];
    if (x0 >= limit) break;
    const end = Math.min(x1, limit);
    const height = x1 === x0 ? y1 : y0 + ((y1 - y0) * (end - x0)) / (x1 - x0);
    area += ((end - x0) * (y0 + height)) / 2;
  }
  return area / limit;

  function at(threshold: number): [number, number] {
    let [normal, falsePositives] = [0, 0];
    const overlaps: number[] = [];
    for (const { values, mask, labels } of labelled) {
      values.forEach((value, i) => {
        if (mask[i] !== 0) return;
        normal++;
        if (value >= threshold) falsePositives++;
      });
      for (const region of new Set(labels.filter((label) => label > 0))) {
        const inside = values.filter((_, i) => labels[i] === region);
        overlaps.push(inside.filter((value) => value >= threshold).length / inside.length);
      }
    }
    return [falsePositives / normal, overlaps.reduce((a, b) => a + b, 0) / overlaps.length];
  }
}

function spreadLabels(mask: readonly number[], width: number): number[] {
  let labels = mask.map((m, i) => (m ? i + 1 : 0));
  for (;;) {
    const next = labels.map((label, i) => {
      if (!label) return 0;
      const [y, x] = [Math.floor(i / width), i % width];
      const around = labels.filter((_, j) => Math.abs(Math.floor(j / width) - y) <= 1 && Math.abs((j % width) - x) <= 1);
      return Math.max(...around);
    });
    if (next.join() === labels.join()) return labels;
    labels = next;
  }
}

describe('connected regions', () => {
  it('mask 4×5: a corner joins, a gap parts', () => {
    const { labels, sizes } = findRegions(
      Uint8Array.from(rows(`1 0 0 0 1
                            0 1 0 0 1
                            0 0 0 0 0
                            1 1 0 1 0`)),
      4,
      5,
    );
    expect([...labels]).toEqual(
      rows(`1 0 0 0 2
            0 1 0 0 2
            0 0 0 0 0
            3 3 0 4 0`),
    );
    expect(sizes).toEqual([2, 2, 2, 1]);
  });

  it('mask 3×4: the right border does not touch the left one', () => {
    expect(findRegions(Uint8Array.from(rows('0 0 0 1  1 0 0 0  0 0 0 1')), 3, 4).sizes).toEqual([1, 1, 1]);
  });

  it('mask 400×400, all of it: one region', () => {
    expect(findRegions(new Uint8Array(160_000).fill(1), 400, 400).sizes).toEqual([160_000]);
  });
});

describe('AUPRO by hand, map 4×4 with regions of 1 and 3 pixels', () => {
  // 12 normal pixels. Descending: 9 (region of 1), 8 (normal), 7 and 7 (region of 3), 6 6 (normal), 5 (region of 3), rest.
  const picture = {
    values: rows(`9 0 7 5
                  0 0 7 0
                  8 0 0 0
                  6 6 0 0`),
    mask: rows(`1 0 1 1
                0 0 1 0
                0 0 0 0
                0 0 0 0`),
  };
  const pixels = pool([picture], 4, 4);

  it('the curve', () => {
    const [r1, r3] = [1 / 2, 1 / 2 + 1 / 3];
    expect(pixels.regions).toBe(2);
    const { x, y } = proCurve(pixels, 1)!;
    expect(x.map((value) => value * 12)).toEqual([0, 0, 1, 1, 3, 3, 12].map((n) => expect.closeTo(n, 12)));
    expect(y).toEqual([0, r1, r1, r3, r3, 1, 1].map((n) => expect.closeTo(n, 12)));
  });

  it('to a false-positive rate of 0.3 (3.6 of 12 pixels)', () => {
    // ½ over the first pixel, ⅚ over the next two, 1 over what is left.
    expect(aupro(pixels, 0.3)).toBeCloseTo((1 / 2 + (2 * 5) / 6 + 0.6) / 3.6, 12);
  });

  it('to 1/24, within the first step', () => expect(aupro(pixels, 1 / 24)).toBeCloseTo(1 / 2, 12));
  it('to 1/12, exactly at a point', () => expect(aupro(pixels, 1 / 12)).toBeCloseTo(1 / 2, 12));

  it('a map that is the same everywhere rises in a straight line: limit / 2', () => {
    const flat = pool([{ ...picture, values: Array<number>(16).fill(3) }], 4, 4);
    expect(aupro(flat, 0.3)).toBeCloseTo(0.15, 12);
  });
});

describe('pixels of three maps 24×20, one of them normal, as scipy and scikit-learn measure them', () => {
  const fixture = JSON.parse(
    readFileSync(new URL('../../../fixtures/metrics/pixels.json', import.meta.url), 'utf8'),
  ) as {
    shape: [number, number];
    maps: number[][];
    masks: string[];
    regions: number[];
    aupro: Record<string, number>;
  } & Record<'pixelAuroc' | 'pixelAveragePrecision' | 'pixelF1Max' | 'pixelF1MaxThreshold', number>;
  const [height, width] = fixture.shape;
  const pictures = fixture.maps.map((map, i) => ({
    values: map.map((value) => value / 64),
    mask: [...fixture.masks[i]!].map(Number),
  }));
  const pixels = pool(pictures, height, width);

  it('regions', () => {
    const found = pictures.map(({ mask }) => findRegions(Uint8Array.from(mask), height, width).sizes.length);
    expect(found).toEqual(fixture.regions);
  });
  for (const [limit, expected] of Object.entries(fixture.aupro)) {
    it(`AUPRO to ${limit}`, () => {
      expect(aupro(pixels, Number(limit))).toBeCloseTo(expected, 10);
      expect(slowAupro(pictures, width, Number(limit))).toBeCloseTo(expected, 10);
    });
  }
  it('pixel AUROC', () => expect(auroc(pixels)).toBeCloseTo(fixture.pixelAuroc, 12));
  it('pixel average precision', () => {
    expect(averagePrecision(pixels)).toBeCloseTo(fixture.pixelAveragePrecision, 12);
  });
  it('pixel F1-max and its threshold', () => {
    expect(f1Max(pixels)!.f1).toBeCloseTo(fixture.pixelF1Max, 12);
    expect(f1Max(pixels)!.threshold).toBe(fixture.pixelF1MaxThreshold);
  });
});

describe('AUPRO against a slow count', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    it(`random maps 9×7, seed ${seed}`, () => {
      const random = createRandom('aupro', seed);
      const pictures = Array.from({ length: 3 }, () => {
        const mask = Array.from({ length: 63 }, () => (random.uniform() < 0.25 ? 1 : 0));
        return { mask, values: mask.map((m) => Math.round(8 * (random.normal() + m)) / 8) };
      });
      const pixels = pool(pictures, 9, 7);
      for (const limit of [0.05, 0.3, 0.77, 1]) {
        expect(aupro(pixels, limit)).toBeCloseTo(slowAupro(pictures, 7, limit), 10);
      }
    });
  }
});

describe('where AUPRO is undefined', () => {
  it('no defective pixel: null', () => {
    const pixels = pool([{ values: [1, 2], mask: [0, 0] }], 1, 2);
    expect([aupro(pixels), proCurve(pixels)]).toEqual([null, null]);
  });
  it('no normal pixel: null', () => {
    const pixels = pool([{ values: [1, 2], mask: [1, 1] }], 1, 2);
    expect([aupro(pixels), proCurve(pixels)]).toEqual([null, null]);
  });
});

describe('many pixels', () => {
  it('5 million are ranked and measured, with at most about 500 points of the curve', () => {
    const random = createRandom('many');
    const side = 500;
    const noise = Float32Array.from({ length: side * side }, () => random.uniform());
    const mask = Uint8Array.from({ length: side * side }, (_, i) => (i % side > 480 && i < 20 * side ? 1 : 0));
    const pool = new PixelPool();
    for (let image = 0; image < 20; image++) {
      pool.add(noise.map((value, i) => value * (1 + image / 100) + mask[i]! / 2), image % 2 ? mask : null, side, side);
    }
    const pixels = pool.rank();
    const area = aupro(pixels)!;
    expect(area).toBeGreaterThan(0.5);
    expect(pixels.positives.length + pixels.negatives.length).toBe(20 * side * side);
    expect(proCurve(pixels, 0.3, 500)!.x.length).toBeLessThanOrEqual(502);
  });
});
