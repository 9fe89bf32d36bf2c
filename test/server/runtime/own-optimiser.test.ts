import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkWhole } from '../../../server/compiler/check-whole.ts';
import { check } from '../../../server/compiler/check.ts';
import { epochOrder } from '../../../server/data/split.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import type { GraphDocument } from '../../../server/graph/document.ts';
import { FitCheckpoints } from '../../../server/runtime/checkpoint.ts';
import type { RunEvent } from '../../../server/runtime/events.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { pullGraph, trialRegistry } from './trial-graphs.ts';
import { compileWith, fitTrial, type TrialFit } from './trial-run.ts';

const folder = temporaryFolder();

/** One weight, fitted by the optimiser and the schedule of a pack that is none of ours. */
const graph = (fit: Record<string, unknown> = {}): GraphDocument => pullGraph(fit, { fit: 'trial/fit' });

/** Images of one pixel; validation gets worse from the second epoch on, as it wants what lies behind. */
const greys = (...values: number[]): number[][] => values.map((value) => [value, value, value]);
const images = { train: greys(0.9, 0.7, 0.8, 1), validation: greys(0.1) };

/** The steps as the definitions in `trial-pack.ts` say them, in doubles. */
function byHand(epochs: number): { rates: number[]; weights: number[] } {
  let [w, velocity, step, share] = [0, 0, 0, 1];
  let last: number | null = null;
  const rates: number[] = [];
  const weights: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = epochOrder(4, epoch, 0);
    for (const from of [0, 2]) {
      const x = order.slice(from, from + 2).map((i) => images.train[i]![0]!);
      const rate = 0.05 * share * (step < 2 ? 0.5 : 1);
      rates.push(rate);
      step++;
      velocity = 0.5 * velocity + x.reduce((sum, value) => sum + 2 * (w - value), 0) / 2;
      w -= rate * Math.min(1, step / 3) * velocity;
    }
    weights.push(w);
    const loss = 3 * (w - 0.1) ** 2;
    if (last !== null && loss >= last) share /= 2;
    last = loss;
  }
  return { rates, weights };
}

const ratesOf = (events: readonly RunEvent[]): number[] => events.flatMap((event) => (event.type === 'step' ? [event.rate] : []));
const weightsOf = ({ fitted }: TrialFit): number[] => [...fitted.weights['pull/w']!.data];

describeWith(engineNeed(), 'an optimiser and a schedule of a plugin', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  it.each(['native', 'eager'] as const)('move the weights as they say (%s)', (mode) =>
    withoutLeaks(engine, mode, async () => {
      const found = await fitTrial(engine, graph({ epochs: 6 }), images, { compile: compileWith(engine, mode) });
      const expected = byHand(6);
      // The schedule has halved the rate more than once.
      expect(expected.rates.at(-1)).toBeLessThan(0.02);
      ratesOf(found.events).forEach((rate, i) => expect(rate).toBeCloseTo(expected.rates[i]!, 12));
      for (const w of weightsOf(found)) expect(w).toBeCloseTo(expected.weights.at(-1)!, 5);
    }));

  it('go on from a checkpoint as if nothing had been: slots and what the schedule remembers are in it', async () => {
    const undisturbed = await fitTrial(engine, graph({ epochs: 6 }), images);
    const stem = join(folder, 'fit');
    const abort = new AbortController();
    const cut = fitTrial(engine, graph({ epochs: 6 }), images, {
      checkpoints: new FitCheckpoints(stem, 'id'),
      signal: abort.signal,
      emit: (event) => void (event.type === 'step' && event.step === 7 && abort.abort()),
    });
    await expect(cut).rejects.toMatchObject({ code: 'cancelled' });
    const saved = await new FitCheckpoints(stem, 'id').load({ withBest: false, warn: () => {} });
    expect(saved!.progress).toMatchObject({ epoch: 3, schedule: { share: expect.any(Number), last: expect.any(Number) } });
    expect(Object.keys(saved!.state).sort()).toEqual(['pull/w', 'pull/w/velocity']);
    expect([...saved!.state['pull/w/velocity']!.data].every((value) => value !== 0)).toBe(true);
    const resumed = await fitTrial(engine, graph({ epochs: 6 }), images, { checkpoints: new FitCheckpoints(stem, 'id') });
    expect(weightsOf(resumed)).toEqual(weightsOf(undisturbed));
  });

  it.each(['native', 'eager'] as const)('that are wrong are named, at the fit (%s)', async (mode) => {
    const because = (fit: Record<string, unknown>): Promise<unknown> =>
      fitTrial(engine, graph(fit), images, { compile: compileWith(engine, mode) }).then(() => 'nothing', (error: unknown) => error);
    const optimiser = { code: 'optimiser-failed', place: { node: 'fit' } };
    expect(await because({ optimiser: 'throws' })).toMatchObject({ ...optimiser, message: expect.stringMatching(/^expected move of the optimiser "trial\/throws" .* I am tired$/) });
    expect(await because({ optimiser: 'misshapes' })).toMatchObject({ ...optimiser, message: expect.stringContaining('expected float32 [3] for the weight, found float32 []') });
    expect(await because({ optimiser: 'forgets' })).toMatchObject({ ...optimiser, message: expect.stringContaining('expected the slots velocity, found none') });
    expect(await because({ optimiser: 'infinite' })).toMatchObject({ ...optimiser, message: expect.stringContaining('expected a finite number for "rate", found NaN at step 1') });
    const schedule = { code: 'schedule-failed', place: { node: 'fit' } };
    expect(await because({ schedule: 'negative' })).toMatchObject({ ...schedule, message: expect.stringContaining('"trial/negative"') });
    expect(await because({ schedule: 'throws' })).toMatchObject({ ...schedule, message: expect.stringContaining('I am late') });
    expect(await because({ schedule: 'unspeakable' })).toMatchObject({ ...schedule, message: expect.stringContaining('expected plain data to be remembered, found function') });
  });
});

describe('an optimiser or a schedule that is not there', () => {
  const problemsOf = (fit: Record<string, unknown>) => checkWhole(check(graph(fit), trialRegistry)).problems;

  it('is a problem of the fit that names it, known before anything runs', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ optimiser: 'nowhere' })).toMatchObject([{ code: 'optimiser-unknown', node: 'fit', message: 'expected an optimiser that is there, found "trial/nowhere"' }]);
    expect(problemsOf({ schedule: 'nowhere' })).toMatchObject([{ code: 'schedule-unknown', node: 'fit', message: 'expected a schedule that is there, found "trial/nowhere"' }]);
  });
});
