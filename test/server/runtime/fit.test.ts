import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitSettings, PluginSettings } from '../../../plugins/sdk/index.ts';
import { epochOrder } from '../../../server/data/split.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { FitCheckpoints, type SavedFit } from '../../../server/runtime/checkpoint.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { distilGraph, pullGraph } from './trial-graphs.ts';
import { compileWith, fitTrial, noisePictures, planOf, startOf, type TrialFit } from './trial-run.ts';

const folder = temporaryFolder();
let count = 0;
const savedBy = (checkpoints: FitCheckpoints, withBest = true): Promise<SavedFit | null> => checkpoints.load({ withBest, warn: () => {} });
const newCheckpoints = (identity = 'id'): FitCheckpoints => new FitCheckpoints(join(folder, String(count++), 'fit'), identity);

/** Images of one pixel of these greys. */
const greys = (...values: number[]): number[][] => values.map((value) => [value, value, value]);
const few = { train: greys(0.1, 0.9, 0.4, 0.7, 0.2, 0.6), validation: greys(0.3, 0.8, 0.5) };

const stepsOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'step');
const epochsOf = (events: readonly RunEvent[]) => events.filter((event) => event.type === 'epoch');
const weightOf = ({ fitted }: TrialFit): number => fitted.weights['pull/w']!.data[0]!;

/** Moves one weight as the papers of the optimisers say it, in double precision. */
function optimiserByHand(settings: Exclude<FitSettings['optimiser'], PluginSettings>, rate: number): (w: number, gradient: number) => number {
  let [m, v, t] = [0, 0, 0];
  return (w, gradient) => {
    t++;
    if (settings.kind === 'sgd') {
      m = settings.momentum * m + gradient + settings.weightDecay * w;
      return w - rate * m;
    }
    const { beta1, beta2, epsilon } = settings;
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    const decayed = settings.kind === 'adamw' ? w * (1 - rate * settings.weightDecay) : w;
    return decayed - (rate * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
  };
}

/** Fits `trial/pull` on greys: of each step the loss, of each epoch the weight at its end. */
function pullByHand(move: (w: number, gradient: number) => number, train: number[][], batch: number, epochs: number, seed: number) {
  const losses: number[] = [];
  const weights: number[] = [];
  let w = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = epochOrder(train.length, epoch, seed);
    for (let from = 0; from + batch <= train.length; from += batch) {
      const x = order.slice(from, from + batch).map((i) => train[i]![0]!);
      losses.push(lossByHand(w, x));
      w = move(w, x.reduce((sum, value) => sum + 2 * (w - value), 0) / batch);
    }
    weights.push(w);
  }
  return { losses, weights };
}

/** Three equal colours, averaged over images. */
const lossByHand = (w: number, x: readonly number[]): number => x.reduce((sum, value) => sum + 3 * (w - value) ** 2, 0) / x.length;

function expectClose(found: readonly number[], expected: readonly number[], within = 1e-5): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!), `value ${i}`).toBeLessThan(within));
}

describeWith(engineNeed(), 'a fit', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  /** Fits one weight to greys, and leaves no tensor. */
  const pull = (fit: Record<string, unknown>, images = few, extra: Parameters<typeof fitTrial>[3] = {}): Promise<TrialFit> =>
    withoutLeaks(engine, 'fit', () => fitTrial(engine, pullGraph(fit), images, extra));

  describe('takes the steps of its optimiser', () => {
    it.each<[string, Record<string, unknown>, Exclude<FitSettings['optimiser'], PluginSettings>]>([
      ['Adam', { beta1: 0.8, beta2: 0.95 }, { kind: 'adam', beta1: 0.8, beta2: 0.95, epsilon: 1e-8 }],
      ['AdamW', { beta1: 0.8, beta2: 0.95, weightDecay: 0.5 }, { kind: 'adamw', beta1: 0.8, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.5 }],
      ['SGD', { momentum: 0, weightDecay: 0 }, { kind: 'sgd', momentum: 0, weightDecay: 0 }],
      ['SGD', { momentum: 0.7, weightDecay: 0.3 }, { kind: 'sgd', momentum: 0.7, weightDecay: 0.3 }],
    ])('%s %o', async (_, params, settings) => {
      const found = await pull({ optimiser: settings.kind, ...params, learningRate: 0.05, batch: 2, epochs: 4, keep: 'last' }, few, { seed: 3 });
      const expected = pullByHand(optimiserByHand(settings, 0.05), few.train, 2, 4, 3);
      expectClose(stepsOf(found.events).map(({ loss }) => loss), expected.losses);
      expectClose([...found.fitted.weights['pull/w']!.data], Array(3).fill(expected.weights.at(-1)));
    });
  });

  describe('takes the rates of its schedule', () => {
    it('constant: one rate', async () => {
      const { events } = await pull({ learningRate: 0.01, batch: 3, epochs: 2 });
      expect(stepsOf(events).map(({ rate }) => rate)).toEqual([0.01, 0.01, 0.01, 0.01]);
    });

    it('one-cycle: from the base to the peak and down, over all steps of the fit', async () => {
      const cycle = { schedule: 'one-cycle', oneCyclePeak: 4, oneCycleWarmUp: 0.5 };
      const { events } = await pull({ ...cycle, learningRate: 0.01, batch: 3, epochs: 3 });
      // Six steps, the peak at step 0.5 · 6 − 1 = 2; from there three steps to a ten-thousandth of the base.
      const down = (share: number): number => 1e-6 + ((0.04 - 1e-6) / 2) * (1 + Math.cos(Math.PI * share));
      expectClose(stepsOf(events).map(({ rate }) => rate), [0.01, 0.025, 0.04, down(1 / 3), down(2 / 3), 1e-6], 1e-12);
      expect(epochsOf(events).map(({ rate }) => rate)).toEqual([1, 3, 5].map((i) => stepsOf(events)[i]!.rate));
    });

    it('reduce on plateau: lower once validation does not get better', async () => {
      // From 0 towards 1 by a tenth of the way a step, while validation wants 0.25: best in epoch 3 (0.271), worse from there.
      const plateau = { schedule: 'plateau', plateauFactor: 0.5, plateauPatience: 1, optimiser: 'sgd', momentum: 0 };
      const images = { train: greys(1), validation: greys(0.25) };
      const { events } = await pull({ ...plateau, learningRate: 0.05, batch: 1, epochs: 7 }, images);
      expect(epochsOf(events).map(({ rate }) => rate)).toEqual([0.05, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025]);
      let w = 0;
      expectClose(
        epochsOf(events).map(({ validationLoss }) => validationLoss),
        epochsOf(events).map(({ rate }) => lossByHand((w += 2 * rate * (1 - w)), [0.25])),
      );
    });
  });

  describe('keeps', () => {
    // As above: the weights at the ends of the epochs are 0.1, 0.19, 0.271, 0.3439, 0.40951.
    const images = { train: greys(1), validation: greys(0.25) };
    const settings = { optimiser: 'sgd', momentum: 0, learningRate: 0.05, batch: 1, epochs: 5 };

    it('the weights of the lowest validation loss', async () => {
      const found = await pull({ ...settings, keep: 'best' }, images);
      expect(weightOf(found)).toBeCloseTo(0.271, 6);
      expect(epochsOf(found.events).map(({ isBest }) => isBest)).toEqual([true, true, true, false, false]);
      expect(found.events.at(-1)).toMatchObject({ type: 'fitted', bestEpoch: 3, stopped: 'epochs' });
      expect(found.events.at(-1)).toHaveProperty('bestLoss', found.fitted.history[2]!.validationLoss);
    });

    it('or those of the last epoch', async () => {
      expect(weightOf(await pull({ ...settings, keep: 'last' }, images))).toBeCloseTo(0.40951, 6);
    });

    it('both in checkpoints, the best being that of the best epoch', async () => {
      const checkpoints = newCheckpoints();
      await pull({ ...settings, keep: 'best' }, images, { checkpoints });
      const { state, progress, best } = (await savedBy(checkpoints))!;
      expect(state['pull/w']!.data[0]).toBeCloseTo(0.40951, 6);
      expect(progress).toMatchObject({ epoch: 5, step: 5, bestEpoch: 3, finished: 'epochs' });
      expect(best!['pull/w']!.data[0]).toBeCloseTo(0.271, 6);
    });

    it('no best ones where the last are asked for', async () => {
      const stem = join(folder, String(count++), 'fit');
      await pull({ ...settings, keep: 'last' }, images, { checkpoints: new FitCheckpoints(stem, 'id') });
      expect(readdirSync(dirname(stem))).toEqual(['fit.last.safetensors']);
    });

    it('stops early after so many epochs that brought nothing better', async () => {
      const { fitted, events } = await pull({ ...settings, epochs: 50, earlyStop: 4 }, images);
      expect(fitted.history).toHaveLength(7);
      expect(events.at(-1)).toMatchObject({ type: 'fitted', bestEpoch: 3, stopped: 'early' });
    });
  });

  describe('of few images', () => {
    const settings = { optimiser: 'sgd', momentum: 0, learningRate: 0.05, epochs: 2 };
    const each = (events: readonly RunEvent[]) => epochsOf(events).map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]);

    it('validates on every image once, a last short batch with its own weight', async () => {
      const validation = greys(0.3, 0.8, 0.5, 0.1, 0.9);
      const found = await pull({ ...settings, batch: 2, epochs: 1 }, { ...few, validation });
      expect(epochsOf(found.events)[0]!.validationLoss).toBeCloseTo(lossByHand(weightOf(found), validation.map(([x]) => x!)), 5);
    });

    it('leaves out the last short batch of an epoch: other images in each', async () => {
      const { events } = await pull({ ...settings, batch: 4 });
      expect(stepsOf(events)).toHaveLength(2);
      const { losses } = pullByHand(optimiserByHand({ kind: 'sgd', momentum: 0, weightDecay: 0 }, 0.05), few.train, 4, 2, 0);
      expectClose(stepsOf(events).map(({ loss }) => loss), losses);
    });

    it('takes all at once where the batch is larger than the set', async () => {
      const { events } = await pull({ ...settings, batch: 64 });
      expect(stepsOf(events).map(({ step, steps }) => [step, steps])).toEqual([[1, 2], [2, 2]]);
      expect(stepsOf(events)[0]!.loss).toBeCloseTo(lossByHand(0, few.train.map(([x]) => x!)), 5);
    });

    it('fits on a single image', async () => {
      const found = await pull({ ...settings, batch: 8, epochs: 1, keep: 'last' }, { train: greys(0.5), validation: greys(0.5) });
      expect(weightOf(found)).toBeCloseTo(0.05, 6);
    });

    it('without any for validation is judged by the training loss', async () => {
      const { events } = await pull({ ...settings, batch: 3 }, { train: few.train, validation: [] });
      for (const [trainLoss, validationLoss] of each(events)) expect(validationLoss).toBe(trainLoss);
      expect(epochsOf(events).map(({ isBest }) => isBest)).toEqual([true, true]);
    });

    it('without any for training cannot be', async () => {
      await expect(pull(settings, { train: [], validation: few.validation })).rejects.toMatchObject({
        code: 'too-few-images',
        place: { node: 'fit' },
      });
    });
  });

  describe('tells', () => {
    it('each step, then its epoch, then what it came to', async () => {
      const { events, fitted } = await pull({ batch: 2, epochs: 2, learningRate: 0.01 });
      expect(events.map(({ type }) => type)).toEqual(['step', 'step', 'step', 'epoch', 'step', 'step', 'step', 'epoch', 'fitted']);
      expect(stepsOf(events).map(({ epoch, step }) => [epoch, step])).toEqual([[1, 1], [1, 2], [1, 3], [2, 4], [2, 5], [2, 6]]);
      for (const step of stepsOf(events)) expect(step).toMatchObject({ category: 'trial', fit: 'fit', steps: 6, rate: 0.01 });
      const [first, second] = epochsOf(events);
      const { isBest: _, ...rest } = second!;
      expect(rest).toEqual({
        type: 'epoch',
        category: 'trial',
        fit: 'fit',
        epoch: 2,
        epochs: 2,
        trainLoss: expect.any(Number),
        validationLoss: expect.any(Number),
        rate: 0.01,
      });
      const losses = stepsOf(events).map(({ loss }) => loss);
      expect(first!.trainLoss).toBeCloseTo((losses[0]! + losses[1]! + losses[2]!) / 3, 10);
      expect(second!.trainLoss).toBeCloseTo((losses[3]! + losses[4]! + losses[5]!) / 3, 10);
      expect(fitted.history).toEqual(
        epochsOf(events).map(({ epoch, trainLoss, validationLoss, rate, isBest }) => ({ epoch, trainLoss, validationLoss, rate, isBest })),
      );
      expect(events.at(-1)).toEqual({
        type: 'fitted',
        category: 'trial',
        fit: 'fit',
        bestEpoch: expect.any(Number),
        bestLoss: Math.min(...fitted.history.map(({ validationLoss }) => validationLoss)),
        stopped: 'epochs',
      });
    });
  });

  describe('whose numbers run away', () => {
    // With this rate SGD multiplies the distance to the images by −19 at each step.
    const runaway = { optimiser: 'sgd', momentum: 0, learningRate: 10, epochs: 50 };

      /** The first step, from 1, whose training loss is not finite in float32. */
    function brokenStep(x: number): number {
      let w = 0;
      for (let step = 1; ; step++) {
        const distance = Math.fround(w - x);
        if (!Number.isFinite(Math.fround(3 * Math.fround(distance * distance)))) return step;
        w = Math.fround(w - 20 * distance);
      }
    }

    it('ends with the fit and the step named, the last good checkpoint kept', async () => {
      const step = brokenStep(1);
      // Four steps an epoch: the loss breaks in the last step of the fourth.
      expect(step).toBe(16);
      const train = greys(1, 1, 1, 1);
      const checkpoints = newCheckpoints();
      await expect(pull({ ...runaway, batch: 1 }, { train, validation: [] }, { checkpoints })).rejects.toMatchObject({
        code: 'loss-not-finite',
        place: { node: 'fit' },
        message: `expected a finite training loss, found Infinity after step ${step}`,
      });
      const { state, progress } = (await savedBy(checkpoints))!;
      expect([progress.epoch, progress.step]).toEqual([3, 12]);
      expect(state['pull/w']!.data.every(Number.isFinite)).toBe(true);
    });

    it('in validation ends with the number of the last step that was taken', async () => {
      const step = brokenStep(1);
      // One step an epoch: what the step before the breaking one leaves breaks validation first.
      const checkpoints = newCheckpoints();
      const failing = pull({ ...runaway, batch: 1 }, { train: greys(1), validation: greys(1) }, { checkpoints });
      await expect(failing).rejects.toMatchObject({
        code: 'loss-not-finite',
        place: { node: 'fit' },
        message: `expected a finite validation loss, found Infinity after step ${step - 1}`,
      });
      expect((await savedBy(checkpoints))!.progress.step).toBe(step - 2);
    });

    it('where only the gradient is not finite keeps it out of checkpoints', async () => {
      // |w| goes from 4 to 0 by ones; the fifth step's loss is 0, its gradient is not a number.
      const checkpoints = newCheckpoints();
      const images = { train: greys(1), validation: [] };
      const graph = pullGraph({ optimiser: 'sgd', momentum: 0, learningRate: 1, batch: 1, epochs: 9 }, { type: 'trial/brink', start: 4 });
      await withoutLeaks(engine, 'failed fit', async () => {
        await expect(fitTrial(engine, graph, images, { checkpoints })).rejects.toMatchObject({
          code: 'update-not-finite',
          place: { node: 'fit' },
          message: 'expected finite weights, found others in "pull/w" after step 5',
        });
      });
      const { state, progress } = (await savedBy(checkpoints))!;
      expect(progress.epoch).toBe(4);
      expect([...state['pull/w']!.data]).toEqual([0, 4, 4]);
    });
  });

  it.each(['native', 'eager'] as const)('whose gradient fails names the fit (%s)', async (mode) => {
    const graph = pullGraph({ batch: 1, epochs: 1 }, { type: 'trial/dead-end' });
    await expect(fitTrial(engine, graph, few, { compile: compileWith(engine, mode) })).rejects.toMatchObject({
      code: 'node-failed',
      place: { node: 'fit' },
      message: 'expected the node to do its work, found: no way back',
    });
  });

  describe('that is cut off', () => {
    const images = { train: noisePictures('train', 9), validation: noisePictures('validation', 5) };
    const settings = { optimiser: 'adam', epochs: 4, batch: 4, schedule: 'plateau', plateauPatience: 0, learningRate: 0.05 };

    /** Aborts when so many steps have been told. */
    const abortAt = (step: number): { signal: AbortSignal; emit: (event: RunEvent) => void } => {
      const abort = new AbortController();
      return { signal: abort.signal, emit: (event) => void (event.type === 'step' && event.step === step && abort.abort()) };
    };

    it.each([
      ['trial/through', 'best'],
      ['trial/through', 'last'],
      ['trial/noise', 'best'],
    ])('goes on from its last whole epoch as if nothing had been (%s before the student, keep %s)', async (beforeStudent, keep) => {
      const graph = distilGraph({ fit: { ...settings, keep }, beforeStudent });
      const undisturbed = await fitTrial(engine, graph, images);
      const stem = join(folder, String(count++), 'fit');
      for (const [step, epoch] of [[5, 2], [6, 2], [7, 3]] as const) {
        await withoutLeaks(engine, 'cancelled fit', async () => {
          const again = fitTrial(engine, graph, images, { checkpoints: new FitCheckpoints(stem, 'id'), ...abortAt(step) });
          await expect(again).rejects.toMatchObject({ code: 'cancelled' });
        });
        expect((await savedBy(new FitCheckpoints(stem, 'id'), keep === 'best'))!.progress.epoch).toBe(step === 7 ? epoch : 2);
      }
      const last = await fitTrial(engine, graph, images, { checkpoints: new FitCheckpoints(stem, 'id') });
      expect(last.fitted.weights).toEqual(undisturbed.fitted.weights);
      expect(last.fitted.history).toEqual(undisturbed.fitted.history);
    });

    it('keeps the best weights of an earlier process where its own are no better', async () => {
      // The best epoch is the third, of the first process; 0.271 are its weights, as above.
      const graph = pullGraph({ optimiser: 'sgd', momentum: 0, learningRate: 0.05, batch: 1, epochs: 5 });
      const wanted = { train: greys(1), validation: greys(0.25) };
      const stem = join(folder, String(count++), 'fit');
      const cut = fitTrial(engine, graph, wanted, { checkpoints: new FitCheckpoints(stem, 'id'), ...abortAt(4) });
      await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
      const found = await fitTrial(engine, graph, wanted, { checkpoints: new FitCheckpoints(stem, 'id') });
      expect(stepsOf(found.events).map(({ step }) => step)).toEqual([4, 5]);
      expect(weightOf(found)).toBeCloseTo(0.271, 6);
    });

    it('before its first whole epoch has no checkpoint, and begins anew', async () => {
      const graph = distilGraph({ fit: settings });
      const checkpoints = newCheckpoints();
      await expect(fitTrial(engine, graph, images, { checkpoints, ...abortAt(2) })).rejects.toMatchObject({ code: 'cancelled' });
      expect(await savedBy(checkpoints)).toBeNull();
      const { events } = await fitTrial(engine, graph, images, { checkpoints });
      expect(events[0]).toMatchObject({ type: 'step', step: 1 });
    });

    it('tells its earlier epochs again, once it goes on', async () => {
      const graph = distilGraph({ fit: settings });
      const checkpoints = newCheckpoints();
      const first: RunEvent[] = [];
      const { signal, emit } = abortAt(7);
      const cut = fitTrial(engine, graph, images, { checkpoints, signal, emit: (event) => (first.push(event), emit(event)) });
      await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
      const { events } = await fitTrial(engine, graph, images, { checkpoints });
      const told = epochsOf(first);
      expect(told).toHaveLength(3);
      expect(events.slice(0, 4)).toEqual([{ type: 'resumed', category: 'trial', fit: 'fit1', epoch: 3 }, ...told]);
      expect(events[4]).toMatchObject({ type: 'step', epoch: 4, step: 7, steps: 8 });
    });

    it('when it was done is told again without a step', async () => {
      const graph = distilGraph({ fit: settings });
      const checkpoints = newCheckpoints();
      const first = await fitTrial(engine, graph, images, { checkpoints });
      const again = await fitTrial(engine, graph, images, { checkpoints });
      expect(again.events).toEqual([
        { type: 'resumed', category: 'trial', fit: 'fit1', epoch: 4 },
        ...first.events.filter(({ type }) => type === 'epoch' || type === 'fitted'),
      ]);
      expect(again.fitted.weights).toEqual(first.fitted.weights);
    });

    it('does not go on from checkpoints of another run', async () => {
      const stem = join(folder, String(count++), 'fit');
      const graph = pullGraph({ epochs: 1, batch: 1 });
      const once = (identity: string): Promise<TrialFit> => fitTrial(engine, graph, few, { checkpoints: new FitCheckpoints(stem, identity) });
      const one = await once('one');
      const another = await once('another');
      expect(another.events[0]).toMatchObject({
        type: 'warning',
        category: 'trial',
        problem: { code: 'checkpoint-of-another-run', node: 'fit', file: `${stem}.last.safetensors`, message: expect.stringContaining('; the fit starts again') },
      });
      expect(stepsOf(another.events)).toEqual(stepsOf(one.events));
    });
  });

  it('moves what it trains and the averages that its nodes keep, and nothing else', async () => {
    const images = { train: noisePictures('train', 4), validation: [] };
    const graph = distilGraph({ fit: { epochs: 1, batch: 4, keep: 'last' } });
    const { fitted } = await fitTrial(engine, graph, images);
    expect(Object.keys(fitted.weights).sort()).toEqual(
      ['bias', 'running_mean', 'running_var', 'weight'].map((part) => `student1/bn1.${part}`).concat('student1/conv1.weight'),
    );
    const start = startOf(planOf(graph), 0);
    for (const [name, { data }] of Object.entries(fitted.weights)) expect(data, name).not.toEqual(start[name]!.data);
  });

  it('that cannot write its checkpoints says so', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const checkpoints = new FitCheckpoints(join(file, 'trial', 'fit'), 'id');
    await withoutLeaks(engine, 'failed fit', async () => {
      await expect(fitTrial(engine, pullGraph({ epochs: 3, batch: 1 }), few, { checkpoints })).rejects.toMatchObject({
        code: 'cannot-write',
        place: { file: expect.stringContaining(join(file, 'trial')) },
      });
    });
  });
});
