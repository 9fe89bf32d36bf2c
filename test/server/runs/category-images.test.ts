import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../server/compiler/index.ts';
import type { Category } from '../../../server/data/dataset.ts';
import { readDataset } from '../../../server/data/read-dataset.ts';
import { openCategory, type CategoryImages } from '../../../server/runs/category-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { distilGraph, trialRegistry } from '../runtime/trial-graphs.ts';
import { writeCategory } from './trial-data.ts';

const folder = temporaryFolder();

describe('the images of a category', () => {
  const { plan } = compile(distilGraph({ validationShare: 0.25 }), trialRegistry);
  const sink = plan.predict.sinks.find(({ kind }) => kind === 'map')!;
  let category: Category;
  let images: CategoryImages;
  beforeAll(async () => {
    await writeCategory(join(folder, 'bottle'));
    category = (await readDataset(join(folder, 'bottle'))).categories[0]!;
    images = openCategory(category, plan, 0);
  });

  it('are split into those that train and those that validate, each image once', async () => {
    expect(images.counts).toEqual({ train: 9, validation: 3, test: 5, anomalous: 3 });
    expect([images.train.count, images.validation.count, images.test.count]).toEqual([9, 3, 5]);
    const all: string[] = [];
    for (const [set, count] of [[images.train, 9], [images.validation, 3]] as const) {
      for (let i = 0; i < count; i++) all.push((await set.feeds([i], ['decode.images']))['decode.images']!.data.join());
    }
    expect(new Set(all).size).toBe(12);
  });

  it('are split in another way with another seed', async () => {
    const first = async (seed: number): Promise<unknown> =>
      (await openCategory(category, plan, seed).validation.feeds([0, 1, 2], ['decode.images']))['decode.images']!.data;
    expect(await first(0)).toEqual(await first(0));
    expect(await Promise.all([1, 2, 3].map(first))).not.toEqual(Array(3).fill(await first(0)));
  });

  it('have masks: drawn ones, none of a good image, and nothing known of a defective one without', async () => {
    const masks = await Promise.all([0, 1, 2, 3, 4].map((i) => images.mask(i, sink)));
    expect(images.testImages.map(({ defect }) => defect)).toEqual(['good', 'good', ...Array<string>(3).fill('hole, "deep"')]);
    expect(masks.map((mask) => mask && mask.reduce((sum, value) => sum + (value ? 1 : 0), 0))).toEqual([0, 0, 24, 24, null]);
    expect(masks[2]![4 * 16 + 5]).not.toBe(0);
  });

  it('are given to be drawn whole, at the size that is asked for, with what their masks mark', async () => {
    const { image, mask } = await images.drawn(2, [16, 16]);
    expect(image).toHaveLength(16 * 16 * 3);
    expect([...image.subarray((4 * 16 + 5) * 3, (4 * 16 + 5) * 3 + 3)]).toEqual([0, 0, 0]);
    expect(mask!.reduce((a, b) => a + b)).toBe(24);
    const half = await images.drawn(2, [8, 8]);
    expect(half.image).toHaveLength(8 * 8 * 3);
    // Rows 4 to 9 are rows 2 to 4, columns 5 to 8 are columns 2 to 4: none that holds a marked pixel is lost.
    expect(half.mask!.reduce((a, b) => a + b)).toBe(9);
    expect((await images.drawn(0, [16, 16])).mask).toBeNull();
  });

  it('say how many defective pixels a network does not see', async () => {
    expect(await images.defects(2, sink)).toEqual({ marked: 24, outside: 0 });
    expect(await images.defects(0, sink)).toBeNull();
    const decode = { type: 'data/resize-crop', version: 2, params: { mode: 'crop', resize: [16, 16], crop: [6, 16] } };
    const graph = distilGraph({ validationShare: 0.25 });
    const cropped = compile({ ...graph, nodes: { ...graph.nodes, decode } }, trialRegistry).plan;
    // Of rows 4 to 9 the middle six of sixteen are 5 to 10.
    expect(await openCategory(category, cropped, 0).defects(2, cropped.predict.sinks[0]!)).toEqual({ marked: 24, outside: 4 });
  });
});
