import { beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../../server/compiler/plan.ts';
import { inspectionOf } from '../../../server/data/inspection.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { calibrate } from '../../../server/runtime/calibrate.ts';
import { imageFeed, type ImageFeed } from '../../../server/runtime/image-feed.ts';
import { predict } from '../../../server/runtime/predict.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { distilGraph, pullGraph } from './trial-graphs.ts';
import { compileWith, noisePictures, planOf, startOf } from './trial-run.ts';

/** A graph that looks at tiles of `side`, half of which the next one shows too. */
function tiled(graph: GraphDocument, side: number, params: Record<string, unknown> = {}): GraphDocument {
  const set = { mode: 'tiles', crop: [side, side], scale: 1, overlap: 0, ...params };
  return { ...graph, nodes: { ...graph.nodes, decode: { ...graph.nodes['decode']!, params: set } } };
}

/** Images in memory, RGB `[height, width, 3]` row-major, cut into the tiles of the graph's source. */
function feedOf(plan: Plan, name: string, pictures: readonly { height: number; width: number; data: ArrayLike<number> }[]): ImageFeed {
  const inspections = (source: Plan['sources'][number]) => pictures.map(({ height, width }) => inspectionOf([height, width], source.geometry));
  return imageFeed(
    name,
    pictures.length,
    plan.sources.map((source) => {
      const views = inspections(source).flatMap(({ windows }, i) => windows.map((window) => ({ ...window, picture: pictures[i]! })));
      const batch = async (wanted: readonly number[]): Promise<Float32Array> =>
        Float32Array.from(
          wanted.flatMap((view) => {
            const { top, left, height, width, picture } = views[view]!;
            return Array.from({ length: height * width * 3 }, (_, i) => {
              const [y, x] = [top + Math.floor(i / 3 / width), left + (Math.floor(i / 3) % width)];
              return picture.data[(y * picture.width + x) * 3 + (i % 3)]!;
            });
          }),
        );
      return { source, images: { batch, prefetch: () => {}, inspections: inspections(source) } };
    }),
  );
}

/** An image of one row of greys. */
const row = (...greys: number[]) => ({ height: 1, width: greys.length, data: greys.flatMap((grey) => [grey, grey, grey]) });

describeWith(engineNeed(), 'a graph that looks at tiles', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  // Tiles of one pixel; the score of a grey x is 3 (0 − x)².
  const rows = [row(0.1, 0.5, 0.2), row(0.3), row(0.2, 0.1), row(0, 0, 0, 0.9, 0), row(0.25)];
  const worst = [0.5, 0.3, 0.2, 0.9, 0.25];

  it('scores an image as the worst of its tiles, however they fall into batches', async () => {
    const plan = planOf(tiled(pullGraph({}), 1));
    for (const batch of [1, 2, 5, 64]) {
      const found: number[] = [];
      const progress: string[] = [];
      const task = { plan, weights: startOf(plan, 0), images: feedOf(plan, 'test', rows), batch, compile: compileWith(engine) };
      for await (const { index, values } of predict({ ...task, onProgress: (done, total) => progress.push(`${done}/${total}`) })) {
        for (const { data } of values.values()) found[index] = data[0]!;
      }
      found.forEach((score, i) => expect(score).toBeCloseTo(3 * worst[i]! ** 2, 6));
      expect(found).toHaveLength(5);
      expect(progress.at(-1)).toBe('5/5');
    }
  });

  it('learns its threshold from images, not from tiles', async () => {
    const graph = tiled(pullGraph({}), 1);
    const median = { ...graph, nodes: { ...graph.nodes, detection: { ...graph.nodes['detection']!, params: { quantile: 0.5 } } } };
    const plan = planOf(median);
    for (const batch of [1, 4, 64]) {
      const weights = await calibrate({
        stages: plan.calibrations,
        nodes: plan.nodes,
        weights: startOf(plan, 0),
        train: feedOf(plan, 'train', []),
        validation: feedOf(plan, 'validation', rows),
        batch,
        compile: compileWith(engine),
        onProgress: () => {},
      });
      // The median of the five images' worst greys is 0.3; that of the twelve tiles is 0.1 to 0.2.
      expect(weights['detection/threshold']!.data[0]).toBeCloseTo(3 * 0.3 ** 2, 6);
      expect(weights['detection/images']!.data[0]).toBe(5);
    }
  });

  describe('gives a map', () => {
    it('of the whole image, which where one tile alone shows a place is that tile’s', async () => {
      const plan = planOf(tiled(distilGraph(), 16, { overlap: 0.25 }));
      const single = planOf(tiled(distilGraph(), 16));
      const [noise] = noisePictures('large', 1, 28);
      const picture = { height: 28, width: 28, data: noise! };
      // The four corners that each are seen by one tile: tiles are at 0 and 12.
      const corner = { height: 16, width: 16, data: Float32Array.from({ length: 16 * 16 * 3 }, (_, i) => noise![(Math.floor(i / 48) * 28 + (Math.floor(i / 3) % 16)) * 3 + (i % 3)]!) };
      const mapOf = async (of: Plan, pictures: Parameters<typeof feedOf>[2]): Promise<{ shape: readonly number[]; data: Float32Array; score: number }> => {
        const task = { plan: of, weights: startOf(of, 0), images: feedOf(of, 'test', pictures), batch: 4, compile: compileWith(engine) };
        for await (const { values } of predict({ ...task, onProgress: () => {} })) {
          const found = new Map([...values].map(([{ name }, value]) => [name, value]));
          return { ...found.get('localisation')!, score: found.get('detection')!.data[0]! };
        }
        throw new Error('nothing predicted');
      };
      const whole = await mapOf(plan, [picture]);
      const part = await mapOf(single, [corner]);
      expect(whole.shape).toEqual([28, 28, 1]);
      expect(part.shape).toEqual([16, 16, 1]);
      for (let y = 0; y < 12; y++) {
        for (let x = 0; x < 12; x++) expect(whole.data[y * 28 + x]).toBeCloseTo(part.data[y * 16 + x]!, 5);
      }
      // The score is the worst tile's; blending cannot raise the map above it.
      expect(Math.max(...whole.data)).toBeLessThanOrEqual(whole.score * (1 + 1e-6));
      expect(whole.score).toBeGreaterThanOrEqual(part.score * (1 - 1e-5));
    });
  });
});
