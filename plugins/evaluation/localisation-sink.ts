import { StillroomError, type Curve, type HostTensor, type Sample, type Sink, type SinkReport } from '../sdk/index.ts';
import { auroc } from './metrics/auroc.ts';
import { aupro, proCurve } from './metrics/aupro.ts';
import { averagePrecision } from './metrics/average-precision.ts';
import { rocCurve } from './metrics/curves.ts';
import { f1Max } from './metrics/f1-max.ts';
import { PixelPool, type RankedPixels } from './metrics/pixels.ts';

const mostPoints = 500;
/** Up to which false-positive rate the literature integrates. */
const usualLimit = 0.3;

/**
 * Measures maps `[1, H, W, 1]` on the pixels of all test images together. Normal images are normal everywhere; anomalous
 * ones without a mask are left out.
 */
export function localisationSink({ name, auproLimit }: { name: string; auproLimit: number }): Sink {
  return {
    name,
    kind: 'map',
    evaluate() {
      const pool = new PixelPool();
      let withoutMask = 0;
      return {
        add(sample, value) {
          const { height, width } = checked(sample, value);
          if (!sample.anomalous) pool.add(value.data, null, height, width);
          else if (sample.mask) pool.add(value.data, sample.mask, height, width);
          else withoutMask++;
        },
        finish() {
          const report = measure(pool.rank(), auproLimit);
          const notes = [...report.notes];
          if (auproLimit !== usualLimit) notes.push(`aupro is integrated to a false-positive rate of ${auproLimit}`);
          if (withoutMask) notes.push(leftOut(withoutMask));
          return { ...report, notes };
        },
      };
    },
  };
}

function checked({ file, anomalous, mask }: Sample, { shape, data }: HostTensor): { height: number; width: number } {
  const [height = 0, width = 0] = shape.slice(-3);
  if (anomalous && mask && mask.length !== data.length) {
    throw new StillroomError('mask-size', `expected a mask of ${height}×${width} pixels, found ${mask.length} pixels`, {
      file,
      hint: 'masks must have the size of their images',
    });
  }
  if (!data.every(Number.isFinite)) {
    throw new StillroomError('map-not-finite', 'expected a finite anomaly map, found a value that is not', {
      file,
      socket: 'map',
      hint: 'check what feeds the map: a value is divided by zero or grows without bounds',
    });
  }
  return { height, width };
}

function measure(pixels: RankedPixels, auproLimit: number): SinkReport {
  const best = f1Max(pixels);
  const pro = proCurve(pixels, auproLimit, mostPoints);
  const roc = rocCurve(pixels, mostPoints);
  const curves: Curve[] = [];
  if (pro) {
    curves.push({
      name: 'PRO',
      x: { title: 'false-positive rate', values: pro.x },
      y: { title: 'per-region overlap', values: pro.y },
    });
  }
  if (roc) {
    curves.push({
      name: 'pixel ROC',
      x: { title: 'false-positive rate', values: roc.x },
      y: { title: 'true-positive rate', values: roc.y },
    });
  }
  return {
    metrics: {
      pixelAuroc: auroc(pixels),
      aupro: aupro(pixels, auproLimit),
      pixelAveragePrecision: averagePrecision(pixels),
      pixelF1Max: best?.f1 ?? null,
      pixelF1MaxThreshold: best?.threshold ?? null,
    },
    notes: undefinedNotes(pixels),
    curves,
  };
}

function undefinedNotes({ positives, negatives }: RankedPixels): string[] {
  const missing = positives.length === 0 ? 'defective' : negatives.length === 0 ? 'normal' : undefined;
  return missing ? [`pixelAuroc, aupro, pixelAveragePrecision and pixelF1Max are undefined: no ${missing} pixel`] : [];
}

function leftOut(images: number): string {
  return images === 1
    ? '1 anomalous image has no mask and is left out'
    : `${images} anomalous images have no masks and are left out`;
}
