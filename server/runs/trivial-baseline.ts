import type { Geometry } from '../../plugins/sdk/index.ts';
import { aupro } from '../../plugins/evaluation/metrics/aupro.ts';
import { auroc } from '../../plugins/evaluation/metrics/auroc.ts';
import { PixelPool } from '../../plugins/evaluation/metrics/pixels.ts';
import { rank } from '../../plugins/evaluation/metrics/ranked.ts';
import { filesOfMask, type Category } from '../data/dataset.ts';
import { decodeMask, decodeViews } from '../data/decode.ts';
import { fitTrivial } from '../data/demo/trivial-detectors.ts';
import { inspectionOf } from '../data/inspection.ts';
import { assembleMaps, assembledSize } from '../runtime/assemble-views.ts';

export interface BaselineMetrics {
  name: string;
  title: string;
  imageAuroc: number | null;
  pixelAuroc: number | null;
  aupro: number | null;
}

/**
 * What detectors without any network reach on a category, in the geometry of a run: what a network has to beat.
 * They see all normal training images, the share for validation too, and of tiles whatever a network sees of them.
 */
export async function measureTrivial(category: Category, geometry: Geometry): Promise<BaselineMetrics[]> {
  const { size } = geometry;
  const train = (await Promise.all(category.train.map(({ file }) => decodeViews(file, geometry)))).flat();
  const measured = fitTrivial(train, size[1], size[0]).map((detector) => ({
    detector,
    scores: [] as number[],
    pixels: new PixelPool(),
  }));
  for (const { file, mask, anomalous, ...image } of category.test) {
    const views = await decodeViews(file, geometry);
    const inspection = inspectionOf([image.height, image.width], geometry, file);
    const marked = mask ? await decodeMask(filesOfMask(mask), inspection) : null;
    const [height, width] = assembledSize(size, inspection);
    for (const { detector, scores, pixels } of measured) {
      const found = views.map((view) => detector.score(view));
      scores.push(Math.max(...found.map(({ score }) => score)));
      const map = assembleMaps(found.map((view) => view.map), size, inspection);
      if (marked || !anomalous) pixels.add(map, marked, height, width);
    }
  }
  const labels = Uint8Array.from(category.test, ({ anomalous }) => (anomalous ? 1 : 0));
  return measured.map(({ detector: { name, title }, scores, pixels }) => {
    const ranked = pixels.rank();
    return { name, title, imageAuroc: auroc(rank(Float32Array.from(scores), labels)), pixelAuroc: auroc(ranked), aupro: aupro(ranked) };
  });
}
