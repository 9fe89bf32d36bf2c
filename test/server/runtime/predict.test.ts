import { beforeAll, expect, it } from 'vitest';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { predict, type PredictTask } from '../../../server/runtime/predict.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { distilGraph, pullGraph } from './trial-graphs.ts';
import { compileWith, feedOf, noisePictures, planOf, startOf } from './trial-run.ts';

const shades = [0.5, 0.1, 0.3, 0.2, 0.9];

describeWith(engineNeed(), 'a prediction', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  const taskOf = (document = pullGraph({}), pictures: ArrayLike<number>[] = shades.map((x) => [x, x, x])): PredictTask => {
    const plan = planOf(document);
    return {
      plan,
      weights: startOf(plan, 0),
      images: feedOf(plan, 'test', pictures),
      batch: 2,
      compile: compileWith(engine),
      onProgress: () => {},
    };
  };

  it('gives each image its score, in order, whatever the batch', async () => {
    for (const batch of [1, 2, 64]) {
      const progress: string[] = [];
      const found: [number, number][] = [];
      await withoutLeaks(engine, 'prediction', async () => {
        for await (const { index, values } of predict({ ...taskOf(), batch, onProgress: (done, total) => progress.push(`${done}/${total}`) })) {
          expect([...values].map(([{ name }, { shape }]) => [name, shape])).toEqual([['detection', []]]);
          for (const { data } of values.values()) found.push([index, data[0]!]);
        }
      });
      expect(found.map(([index]) => index)).toEqual([0, 1, 2, 3, 4]);
      found.forEach(([index, score]) => expect(score).toBeCloseTo(3 * shades[index]! ** 2, 6));
      expect(progress).toEqual({ 1: ['1/5', '2/5', '3/5', '4/5', '5/5'], 2: ['2/5', '4/5', '5/5'], 64: ['5/5'] }[batch]);
    }
  });

  it('gives every named result, maps as large as the images', async () => {
    for await (const { values } of predict(taskOf(distilGraph(), noisePictures('test', 3)))) {
      const found = new Map([...values].map(([{ name }, value]) => [name, value]));
      expect([...found.keys()].sort()).toEqual(['detection', 'localisation']);
      expect(found.get('localisation')!.shape).toEqual([16, 16, 1]);
      expect(found.get('localisation')!.data.reduce((a, b) => Math.max(a, b))).toBe(found.get('detection')!.data[0]);
    }
  });

  it('that is left half-way leaves nothing behind', async () => {
    await withoutLeaks(engine, 'left', async () => {
      for await (const { index } of predict(taskOf())) if (index === 2) break;
    });
    await withoutLeaks(engine, 'failed', async () => {
      const failing = async (): Promise<void> => {
        for await (const { index } of predict(taskOf())) if (index === 2) throw new Error('enough');
      };
      await expect(failing()).rejects.toThrow('enough');
    });
  });

  it('can be cancelled between batches', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    await withoutLeaks(engine, 'cancelled', async () => {
      const cut = async (): Promise<void> => {
        for await (const { index } of predict({ ...taskOf(), signal: abort.signal, onProgress: () => abort.abort() })) seen.push(index);
      };
      await expect(cut()).rejects.toMatchObject({ code: 'cancelled' });
    });
    expect(seen).toEqual([0, 1]);
  });
});
