import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { distilGraph } from './trial-graphs.ts';
import { categoryTrial, feedOf, noisePictures, planOf, type TrialCategory } from './trial-run.ts';

/** Runs of equal events, as one entry: `step ×4`. */
function summary(events: readonly RunEvent[]): string[] {
  const lines: { text: string; times: number }[] = [];
  for (const event of events) {
    const text = event.type === 'stage' ? `stage ${event.stage}${event.node ? ` ${event.node}` : ''}` : event.type;
    const last = lines.at(-1);
    if (last?.text === text) last.times++;
    else lines.push({ text, times: 1 });
  }
  return lines.map(({ text, times }) => (times > 1 ? `${text} ×${times}` : text));
}

function withFit(graph: GraphDocument, id: string, params: Record<string, unknown>): GraphDocument {
  const node = graph.nodes[id]!;
  return { ...graph, nodes: { ...graph.nodes, [id]: { ...node, params: { ...node.params, ...params } } } };
}

describeWith(engineNeed(), 'a category', () => {
  let engine: Engine;
  let once: TrialCategory;
  const run = (document = distilGraph(), extra: Parameters<typeof categoryTrial>[2] = {}): Promise<TrialCategory> =>
    withoutLeaks(engine, 'category', () => categoryTrial(engine, document, extra));
  beforeAll(async () => {
    engine = await loadEngine();
    once = await run();
  });

  it('is fitted, calibrated and predicted, each stage telling its progress', () => {
    expect(summary(once.events)).toEqual([
      ...[1, 2].flatMap((k) => [`stage fit fit${k}`, 'step ×2', 'epoch', 'step ×2', 'epoch', 'step ×2', 'epoch', 'fitted']),
      'stage calibrate',
      'calibrating ×4',
      'stage predict',
      'predicting ×2',
    ]);
    expect(once.events.every((event) => 'category' in event && event.category === 'trial')).toBe(true);
  });

  it('gives one report and one value an image for every named result', () => {
    expect([...once.reports.keys()].map(({ name }) => name).sort()).toEqual(['detection', 'localisation']);
    expect(Object.fromEntries(Object.entries(once.values).map(([name, list]) => [name, list.map(({ length }) => length)]))).toEqual({
      detection: Array(6).fill(1),
      localisation: Array(6).fill(256),
    });
    for (const [{ name }, { metrics }] of once.reports) expect(metrics, name).toHaveProperty(name === 'detection' ? 'imageAuroc' : 'pixelAuroc');
  });

  it('with the same seed gives the same losses, weights and scores, bit for bit', async () => {
    const { weights, histories, values } = await run();
    expect(histories).toEqual(once.histories);
    expect(weights).toEqual(once.weights);
    expect(values).toEqual(once.values);
  });

  it('with another seed gives others', async () => {
    const other = await run(distilGraph(), { seed: 1 });
    for (const fit of ['fit1', 'fit2']) {
      other.histories[fit]!.forEach(({ trainLoss }, i) => expect(trainLoss).not.toBe(once.histories[fit]![i]!.trainLoss));
    }
  });

  describe('with several fits', () => {
    it('fits each by its own settings, the others not moved by it', async () => {
      const changed = await run(withFit(distilGraph(), 'fit1', { epochs: 2, optimiser: 'sgd', learningRate: 0.1, batch: 2 }));
      expect(changed.histories['fit1']).toHaveLength(2);
      expect(changed.histories['fit1']![0]!.rate).toBe(0.1);
      expect(changed.histories['fit2']).toEqual(once.histories['fit2']);
      for (const name of Object.keys(once.weights)) {
        if (name.startsWith('student2/')) expect(changed.weights[name], name).toEqual(once.weights[name]);
        if (name.startsWith('student1/')) expect(changed.weights[name], name).not.toEqual(once.weights[name]);
      }
    });

    it('leaves frozen networks as they were', async () => {
      const longer = await run(distilGraph({ fit: { epochs: 5 } }));
      for (const name of Object.keys(once.weights).filter((name) => name.startsWith('teacher/'))) {
        expect(longer.weights[name]).toEqual(once.weights[name]);
      }
    });
  });

  describe('of few images', () => {
    it('is fitted and measured on one image to train, without any to validate', async () => {
      const { histories, values } = await run(distilGraph({ fit: { batch: 8 } }), { counts: { train: 1, validation: 0, test: 3 } });
      for (const { trainLoss, validationLoss } of histories['fit1']!) expect(validationLoss).toBe(trainLoss);
      expect(values['detection']!.flatMap((v) => [...v]).every(Number.isFinite)).toBe(true);
    });

    it('without test images has reports without figures', async () => {
      const { reports, events } = await run(distilGraph(), { counts: { test: 0 } });
      for (const [{ name }, { metrics, notes }] of reports) {
        expect(metrics[name === 'detection' ? 'imageAuroc' : 'pixelAuroc'], name).toBeNull();
        expect(notes.length, name).toBeGreaterThan(0);
      }
      expect(events.at(-1)).toMatchObject({ type: 'stage', stage: 'predict' });
    });
  });

  describe('that ends too early leaves no tensor', () => {
    const abort = (type: RunEvent['type'], nth: number) => {
      const controller = new AbortController();
      let seen = 0;
      return {
        signal: controller.signal,
        emit: (event: RunEvent) => void (event.type === type && ++seen === nth && controller.abort()),
      };
    };

    it.each<[RunEvent['type'], number]>([
      ['features', 1],
      ['step', 3],
      ['epoch', 3],
      ['step', 8],
      ['calibrating', 1],
      ['calibrating', 3],
      ['predicting', 1],
    ])('when it is cancelled at %s %i', async (type, nth) => {
      await withoutLeaks(engine, 'cancelled', async () => {
        const cut = categoryTrial(engine, distilGraph(), { ...abort(type, nth), featureBudget: 1e9 });
        await expect(cut).rejects.toMatchObject({ code: 'cancelled', hint: expect.stringContaining('last whole epoch') });
      });
    });

    it('when a result cannot be taken', async () => {
      await withoutLeaks(engine, 'failed', async () => {
        const failing = categoryTrial(engine, distilGraph(), {
          onResult: (_sink, index) => {
            if (index === 4) throw new Error('no room');
          },
        });
        await expect(failing).rejects.toThrow('no room');
      });
    });

    it('when an image cannot be read', async () => {
      await withoutLeaks(engine, 'failed', async () => {
        const read = feedOf(planOf(distilGraph()), 'train', noisePictures('train', 9));
        const train = { ...read, feeds: () => Promise.reject(new Error('unreadable')) };
        await expect(categoryTrial(engine, distilGraph(), { train })).rejects.toThrow('unreadable');
      });
    });
  });
});
