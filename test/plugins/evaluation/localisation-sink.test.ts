import { describe, expect, it } from 'vitest';
import { localisation } from '../../../plugins/evaluation/localisation.ts';
import type { SinkReport } from '../../../plugins/sdk/index.ts';
import { paramsOf } from '../../support/infer-node.ts';

interface Picture {
  map: readonly number[];
  /** Of an anomalous image; null where it has no mask. Good images leave it out. */
  mask?: readonly number[] | null;
}

/** Measures maps 2×2. */
function report(pictures: readonly Picture[], set: Record<string, unknown> = {}): SinkReport {
  const evaluation = localisation.sink!(paramsOf(localisation, set)).evaluate({});
  pictures.forEach(({ map, mask }, i) => {
    const anomalous = mask !== undefined;
    const sample = { file: `${i}.png`, defect: anomalous ? 'hole' : 'good', anomalous, mask: mask ? Uint8Array.from(mask) : null };
    evaluation.add(sample, { shape: [2, 2, 1], data: Float32Array.from(map) });
  });
  return evaluation.finish();
}

const undefinedMetrics = {
  pixelAuroc: null,
  aupro: null,
  pixelAveragePrecision: null,
  pixelF1Max: null,
  pixelF1MaxThreshold: null,
};

describe('a localisation', () => {
  it('one image 2×2 with a defective pixel of 4 beside 5, 1, 0, one good image of 0, 1, 2, 3', () => {
    const { metrics, notes } = report([{ map: [5, 4, 1, 0], mask: [0, 1, 0, 0] }, { map: [0, 1, 2, 3] }]);
    expect(metrics).toEqual({
      // One of seven normal pixels is above.
      pixelAuroc: 6 / 7,
      // Nothing is found up to 1/7, all from there to 0.3.
      aupro: expect.closeTo((0.3 - 1 / 7) / 0.3, 12) as number,
      pixelAveragePrecision: 0.5,
      pixelF1Max: expect.closeTo(2 / 3, 12) as number,
      pixelF1MaxThreshold: 4,
    });
    expect(notes).toEqual([]);
  });

  it('maps that tie everywhere: chance', () => {
    const { metrics } = report([{ map: [1, 1, 1, 1], mask: [0, 1, 0, 0] }]);
    expect(metrics).toMatchObject({
      pixelAuroc: 0.5,
      aupro: expect.closeTo(0.15, 12) as number,
      pixelAveragePrecision: 0.25,
      pixelF1Max: expect.closeTo(0.4, 12) as number,
    });
  });

  it('perfect maps: 1 in everything', () => {
    const { metrics } = report([{ map: [0, 9, 0, 1], mask: [0, 1, 0, 1] }, { map: [0, 0, 0, 0] }]);
    expect(metrics).toEqual({
      pixelAuroc: 1,
      aupro: expect.closeTo(1, 12) as number,
      pixelAveragePrecision: 1,
      pixelF1Max: 1,
      pixelF1MaxThreshold: 1,
    });
  });

  it('all found only after the limit: AUPRO 0, AUROC not', () => {
    // 3 of 7 normal pixels are above, and 3/7 > 0.3.
    const { metrics } = report([{ map: [1, 2, 2, 2], mask: [1, 0, 0, 0] }, { map: [0, 0, 0, 0] }]);
    expect(metrics['aupro']).toBe(0);
    expect(metrics['pixelAuroc']).toBeCloseTo(4 / 7, 12);
  });

  it('another limit of AUPRO is said, since figures are not comparable', () => {
    const picture = { map: [5, 4, 1, 0], mask: [0, 1, 0, 0] };
    const { metrics, notes } = report([picture], { auproLimit: 1 });
    expect(metrics['aupro']).toBeCloseTo(2 / 3, 12);
    expect(notes).toEqual(['aupro is integrated to a false-positive rate of 1']);
  });

  it('gives the curves of both', () => {
    const { curves } = report([{ map: [5, 4, 1, 0], mask: [0, 1, 0, 0] }], { auproLimit: 1 });
    const values = { x: [0, 1 / 3, 1 / 3, 2 / 3, 1], y: [0, 0, 1, 1, 1] };
    expect(curves!.map(({ name, x, y }) => [name, x.title, x.values, y.title, y.values])).toEqual([
      ['PRO', 'false-positive rate', values.x, 'per-region overlap', values.y],
      ['pixel ROC', 'false-positive rate', values.x, 'true-positive rate', values.y],
    ]);
  });
});

describe('masks', () => {
  it('an anomalous image without one is left out, and counted', () => {
    const marked = { map: [9, 0, 0, 1], mask: [1, 0, 0, 0] };
    const alone = report([marked]);
    // Its values would spoil everything if they counted.
    const misleading = { map: [99, 99, 99, 99], mask: null };
    expect(report([marked, misleading]).metrics).toEqual(alone.metrics);
    expect(report([marked, misleading]).notes).toEqual(['1 anomalous image has no mask and is left out']);
    expect(report([misleading, marked, misleading]).notes).toEqual(['2 anomalous images have no masks and are left out']);
  });

  it('any value but zero marks', () => {
    const marks = (value: number) => report([{ map: [9, 1, 2, 3], mask: [value, 0, 0, 0] }]).metrics;
    expect(marks(255)).toEqual(marks(1));
  });

  it('one that marks nothing makes a picture of normal pixels', () => {
    const marked = { map: [9, 1, 2, 3], mask: [1, 0, 0, 0] };
    expect(report([marked, { map: [10, 0, 0, 0], mask: [0, 0, 0, 0] }]).metrics['pixelAuroc']).toBeCloseTo(6 / 7, 12);
  });

  it('of another size than the map is refused, with the image', () => {
    expect(() => report([{ map: [1, 2, 3, 4], mask: [1, 0] }])).toThrow(
      expect.objectContaining({
        code: 'mask-size',
        place: { file: '0.png' },
        message: 'expected a mask of 2×2 pixels, found 2 pixels',
      }) as Error,
    );
  });
});

describe('a localisation that has nothing to tell apart', () => {
  it('only good images: null, with the reason', () => {
    const { metrics, notes, curves } = report([{ map: [1, 2, 3, 4] }]);
    expect(metrics).toEqual(undefinedMetrics);
    expect(notes).toEqual(['pixelAuroc, aupro, pixelAveragePrecision and pixelF1Max are undefined: no defective pixel']);
    expect(curves).toEqual([]);
  });

  it('only images without masks: null, with both reasons', () => {
    const { metrics, notes } = report([{ map: [1, 2, 3, 4], mask: null }]);
    expect(metrics).toEqual(undefinedMetrics);
    expect(notes).toHaveLength(2);
  });

  it('only defective pixels: null, with the reason', () => {
    const { metrics, notes } = report([{ map: [1, 2, 3, 4], mask: [1, 1, 1, 1] }]);
    expect(metrics).toEqual(undefinedMetrics);
    expect(notes).toEqual(['pixelAuroc, aupro, pixelAveragePrecision and pixelF1Max are undefined: no normal pixel']);
  });
});

describe('a map that is not finite', () => {
  it.each([NaN, -Infinity])('with a %d is refused, with the image', (value) => {
    expect(() => report([{ map: [1, 2, 3, 4] }, { map: [1, 2, value, 4] }])).toThrow(
      expect.objectContaining({ code: 'map-not-finite', place: { file: '1.png', socket: 'map' } }) as Error,
    );
  });
});
