import { beforeAll, expect, it } from 'vitest';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { calibrate, type CalibrateTask } from '../../../server/runtime/calibrate.ts';
import type { WeightValues } from '../../../server/runtime/weight-values.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { distilGraph, pullGraph } from './trial-graphs.ts';
import { compileWith, feedOf, noisePictures, planOf, startOf } from './trial-run.ts';

const greys = (...values: number[]): number[][] => values.map((value) => [value, value, value]);

describeWith(engineNeed(), 'calibration', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  /** Calibrates a graph as it starts, and leaves no tensor; notes its progress. */
  async function calibrateTrial(
    document: GraphDocument,
    images: { train: readonly ArrayLike<number>[]; validation: readonly ArrayLike<number>[] },
    extra: Partial<CalibrateTask> = {},
  ): Promise<{ weights: WeightValues; progress: string[] }> {
    const plan = planOf(document);
    const progress: string[] = [];
    const weights = await withoutLeaks(engine, 'calibration', () =>
      calibrate({
        stages: plan.calibrations,
        nodes: plan.nodes,
        weights: startOf(plan, 0),
        train: feedOf(plan, 'train', images.train),
        validation: feedOf(plan, 'validation', images.validation),
        batch: 4,
        compile: compileWith(engine),
        ...extra,
        onProgress(done, total) {
          progress.push(`${done}/${total}`);
          extra.onProgress?.(done, total);
        },
      }),
    );
    return { weights, progress };
  }

  // The score of a grey x is 3 (0 − x)²; the median of five is that of 0.3. What fills the last batch up does not count.
  const five = greys(0.5, 0.1, 0.3, 0.2, 0.9);
  const median = (): GraphDocument => {
    const graph = pullGraph({});
    return { ...graph, nodes: { ...graph.nodes, detection: { ...graph.nodes['detection']!, params: { quantile: 0.5 } } } };
  };

  it('learns from each validation image once', async () => {
    const { weights, progress } = await calibrateTrial(median(), { train: greys(0.7), validation: five });
    expect(weights['detection/threshold']!.data[0]).toBeCloseTo(3 * 0.3 ** 2, 6);
    expect(weights['detection/images']!.data[0]).toBe(5);
    expect(progress).toEqual(['4/5', '5/5']);
  });

  it('learns from the training images where no image validates', async () => {
    const { weights } = await calibrateTrial(median(), { train: greys(0.7), validation: [] });
    expect(weights['detection/threshold']!.data[0]).toBeCloseTo(3 * 0.7 ** 2, 6);
  });

  it('leaves every other weight as it is', async () => {
    const start = startOf(planOf(median()), 0);
    const { weights } = await calibrateTrial(median(), { train: five, validation: five });
    expect(Object.keys(weights).sort()).toEqual(Object.keys(start).sort());
    expect(weights['pull/w']).toEqual(start['pull/w']);
  });

  it('goes stage by stage: the threshold is of scores that were scaled before', async () => {
    const images = { train: [], validation: noisePictures('validation', 5) };
    const { weights, progress } = await calibrateTrial(distilGraph(), images);
    expect(progress).toEqual(['4/10', '5/10', '9/10', '10/10']);
    // Scaled so that the 0.995-quantile is 1, the largest values of two maps are about 1 each, whatever they were before.
    expect(weights['scale1/scale']!.data[0]).not.toBeCloseTo(1, 1);
    expect(weights['scale2/scale']!.data[0]).not.toBeCloseTo(1, 1);
    expect(weights['detection/threshold']!.data[0]).toBeGreaterThan(1);
    expect(weights['detection/threshold']!.data[0]).toBeLessThan(3);
    // Batches are a matter of speed only.
    expect((await calibrateTrial(distilGraph(), images, { batch: 2 })).weights).toEqual(weights);
  });

  it('that cannot be names the node and its socket', async () => {
    await expect(calibrateTrial(median(), { train: [], validation: greys(0.1, NaN) })).rejects.toMatchObject({
      code: 'threshold-impossible',
      place: { node: 'detection', socket: 'score' },
    });
  });

  it('can be cancelled between batches, and leaves nothing', async () => {
    const abort = new AbortController();
    await withoutLeaks(engine, 'cancelled', async () => {
      const cut = calibrateTrial(median(), { train: [], validation: five }, { signal: abort.signal, onProgress: () => abort.abort() });
      await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    });
  });
});
