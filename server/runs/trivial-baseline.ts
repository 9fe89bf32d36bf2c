import type { Geometry } from '../../plugins/sdk/index.ts';
import { aupro } from '../../plugins/evaluation/metrics/aupro.ts';
import { auroc } from '../../plugins/evaluation/metrics/auroc.ts';
import { PixelPool } from '../../plugins/evaluation/metrics/pixels.ts';
import { rank } from '../../plugins/evaluation/metrics/ranked.ts';
import type { Category } from '../data/dataset.ts';
import { decodeImage, decodeMask } from '../data/decode.ts';
import { fitTrivial } from '../data/demo/trivial-detectors.ts';

export interface BaselineMetrics {
  name: string;
  title: string;
  imageAuroc: number | null;
  pixelAuroc: number | null;
  aupro: number | null;
}

/**
 * What detectors without any network reach on a category, in the geometry of a run: what a network has to beat.
 * They see all normal training images, the share for validation too.
 */
export async function measureTrivial(category: Category, geometry: Geometry): Promise<BaselineMetrics[]> {
  const [height, width] = geometry.crop;
  const train = await Promise.all(category.train.map(({ file }) => decodeImage(file, geometry)));
  const measured = fitTrivial(train, width, height).map((detector) => ({
    detector,
    scores: [] as number[],
    pixels: new PixelPool(),
  }));
  for (const { file, mask, anomalous } of category.test) {
    const image = await decodeImage(file, geometry);
    const marked = mask ? await decodeMask(mask.file, geometry) : null;
    for (const { detector, scores, pixels } of measured) {
      const { score, map } = detector.score(image);
      scores.push(score);
      if (marked || !anomalous) pixels.add(map, marked, height, width);
    }
  }
  const labels = Uint8Array.from(category.test, ({ anomalous }) => (anomalous ? 1 : 0));
  return measured.map(({ detector: { name, title }, scores, pixels }) => {
    const ranked = pixels.rank();
    return { name, title, imageAuroc: auroc(rank(Float32Array.from(scores), labels)), pixelAuroc: auroc(ranked), aupro: aupro(ranked) };
  });
}
