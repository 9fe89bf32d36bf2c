import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { FeatureStore } from '../../../server/runtime/feature-store.ts';
import { stepFeed } from '../../../server/runtime/step-feed.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { distilGraph } from './trial-graphs.ts';
import { categoryTrial, compileWith, feedOf, noisePictures, planOf, startOf, type TrialCategory } from './trial-run.ts';

const scratch = join(temporaryFolder(), 'scratch');

/** Everything of a category that must not depend on where features come from. */
const resultOf = ({ weights, histories, values }: TrialCategory) => ({ weights, histories, values });

describeWith(engineNeed(), 'features of frozen networks', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  const graph = distilGraph({ fit: { batch: 3 } });
  const settings = { 'kept in memory': 1e9, 'kept on disk': 0, 'computed at every step': null };
  const run = (featureBudget: number | null, document = graph, extra = {}): Promise<TrialCategory> =>
    withoutLeaks(engine, 'category', () => categoryTrial(engine, document, { featureBudget, scratch, ...extra }));

  it('kept in memory, on disk or not at all give the same losses, weights and scores, bit for bit', async () => {
    const [inMemory, onDisk, anew] = [await run(1e9), await run(0), await run(null)];
    expect(resultOf(onDisk)).toEqual(resultOf(inMemory));
    expect(resultOf(anew)).toEqual(resultOf(inMemory));
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('are computed once for each set of images, and not again for another fit that wants the same', async () => {
    // Each fit wants its own layer of the teacher: 9 images to train in batches of 4, 5 to validate.
    const { events } = await run(1e9);
    const told = events.flatMap((event) => (event.type === 'features' ? [`${event.fit} ${event.set} ${event.done}/${event.total}`] : []));
    expect(told).toEqual(
      ['fit1', 'fit2'].flatMap((fit) => [`${fit} train 4/9`, `${fit} train 8/9`, `${fit} train 9/9`, `${fit} validation 4/5`, `${fit} validation 5/5`]),
    );
    const store = new FeatureStore(1e9, scratch);
    const plan = planOf(graph);
    const train = feedOf(plan, 'train', noisePictures('train', 3));
    const setting = { fit: plan.fits[0]!, nodes: plan.nodes, weights: startOf(plan, 0), featureBatch: 2, store };
    const programs: string[] = [];
    const compile = compileWith(engine);
    for (const _ of [1, 2]) {
      const feed = stepFeed({ ...setting, compile: (spec, options) => (programs.push(spec.name), compile(spec, options)) });
      for (const __ of [1, 2]) await feed.feeds(train, [0, 2]);
      feed.dispose();
    }
    expect(programs).toEqual(['features for fit1']);
    store.dispose();
  });

  it.each(Object.entries(settings))('%s, are each image’s own, whatever the batch', async (_, budget) => {
    const plan = planOf(graph);
    const pictures = noisePictures('train', 5);
    const train = feedOf(plan, 'train', pictures);
    const store = budget === null ? null : new FeatureStore(budget, scratch);
    const feed = stepFeed({
      fit: plan.fits[0]!,
      nodes: plan.nodes,
      weights: startOf(plan, 0),
      featureBatch: 2,
      compile: compileWith(engine),
      store,
    });
    const name = 'teacher.layer1';
    const alone: ArrayLike<number>[] = [];
    for (const i of [0, 1, 2, 3, 4]) alone.push((await feed.feeds(train, [i]))[name]!.data);
    const some = (await feed.feeds(train, [4, 1, 3]))[name]!;
    expect(some.shape).toEqual([3, 8, 8, 4]);
    expect(some.data).toEqual(Float32Array.from([4, 1, 3].flatMap((i) => Array.from(alone[i]!))));
    expect(alone[0]).not.toEqual(alone[1]);
    feed.dispose();
    store?.dispose();
  });

  it('computed in whatever order are those that are kept, bit for bit', async () => {
    // In batches of eight of these images the convolution's last rows are summed up in another order.
    const plan = planOf(graph);
    const train = feedOf(plan, 'train', noisePictures('train', 20));
    const store = new FeatureStore(1e9, scratch);
    const setting = { fit: plan.fits[0]!, nodes: plan.nodes, weights: startOf(plan, 0), featureBatch: 8, compile: compileWith(engine) };
    const [kept, anew] = [stepFeed({ ...setting, store }), stepFeed({ ...setting, store: null })];
    for (const indices of [[7, 15, 0, 8], [19, 16, 3], [0, 1, 2, 3, 4, 5, 6, 7], [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]]) {
      expect(await anew.feeds(train, indices), indices.join()).toEqual(await kept.feeds(train, indices));
    }
    kept.dispose();
    anew.dispose();
    store.dispose();
  });

  it('that see something random are computed anew in every step, and the step looks at images', async () => {
    const noisy = distilGraph({ fit: { batch: 3 }, beforeTeacher: 'trial/noise' });
    const plan = planOf(noisy);
    expect(plan.fits.map(({ frozen }) => frozen)).toEqual([null, null]);
    const [kept, anew] = [await run(1e9, noisy), await run(null, noisy)];
    expect(kept.events.filter(({ type }) => type === 'features')).toEqual([]);
    expect(resultOf(kept)).toEqual(resultOf(anew));
    // The noise takes part: without it the losses are others.
    expect(kept.histories['fit1']).not.toEqual((await run(1e9)).histories['fit1']);
  });

  it('leave nothing when computing them is cancelled', async () => {
    const abort = new AbortController();
    await withoutLeaks(engine, 'cancelled', async () => {
      const cut = categoryTrial(engine, graph, {
        featureBudget: 0,
        scratch,
        signal: abort.signal,
        emit: (event) => void (event.type === 'features' && abort.abort()),
      });
      await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    });
    expect(readdirSync(scratch)).toEqual([]);
  });
});
