import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../plugins/sdk/index.ts';
import { FitCheckpoints, type FitProgress, type SavedFit } from '../../../server/runtime/checkpoint.ts';
import type { WeightValues } from '../../../server/runtime/weight-values.ts';
import { readSafetensorsContent, writeSafetensors } from '../../../server/weights/safetensors.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;
const newStem = (): string => join(folder, String(count++), 'fit');

const progress: FitProgress = {
  epoch: 2,
  step: 8,
  schedule: { rate: 0.1 + 0.2, best: 0.5, badEpochs: 1 },
  bestEpoch: 1,
  bestLoss: 0.5,
  history: [
    { epoch: 1, trainLoss: 1 / 3, validationLoss: 0.5, rate: 0.3, isBest: true },
    { epoch: 2, trainLoss: 0.2, validationLoss: 0.7, rate: 0.3, isBest: false },
  ],
  finished: null,
  seconds: 1.5,
};
const state = (value: number): WeightValues => ({
  'student/w': { shape: [2, 1], data: Float32Array.of(value, Math.fround(0.1)) },
  'student/w/m': { shape: [2, 1], data: Float32Array.of(1e-30, -value) },
});

/** Loads without the best weights; nothing may be amiss. */
const load = (checkpoints: FitCheckpoints): Promise<SavedFit | null> =>
  checkpoints.load({
    withBest: false,
    warn({ message }) {
      throw new Error(message);
    },
  });

describe('checkpoints of a fit', () => {
  it('are none at first', async () => {
    expect(await load(new FitCheckpoints(newStem(), 'id'))).toBeNull();
  });

  it('give back, to another process, weights, slots and progress as they were', async () => {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(3), progress, null);
    await checkpoints.settle();
    expect(await load(new FitCheckpoints(stem, 'id'))).toEqual({ state: state(3), progress, best: null });
  });

  it('give back losses that have not been measured yet', async () => {
    const stem = newStem();
    const fresh = {
      ...progress,
      bestLoss: Number.POSITIVE_INFINITY,
      schedule: null,
    };
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(3), fresh, null);
    expect(await load(checkpoints)).toEqual({ state: state(3), progress: fresh, best: null });
  });

  it('keep the best apart from the last, and the last but one until the fit is finished', async () => {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    const best: WeightValues = { 'student/w': state(1)['student/w']! };
    const files = (): string[] => readdirSync(join(stem, '..')).sort();
    await checkpoints.save(state(1), { ...progress, epoch: 1 }, best);
    await checkpoints.save(state(2), progress, null);
    expect(await checkpoints.load({ withBest: true, warn: () => {} })).toEqual({ state: state(2), progress, best });
    expect(files()).toEqual(['fit.best-1.safetensors', 'fit.last.safetensors', 'fit.previous.safetensors']);
    expect((await readSafetensorsContent(`${stem}.best-1.safetensors`)).metadata).toEqual({ identity: 'id', epoch: '1' });

    await checkpoints.save(state(3), { ...progress, epoch: 3, bestEpoch: 3 }, state(3));
    await checkpoints.settle();
    expect(files()).toEqual(['fit.best-1.safetensors', 'fit.best-3.safetensors', 'fit.last.safetensors', 'fit.previous.safetensors']);

    await checkpoints.save(state(4), { ...progress, epoch: 4, bestEpoch: 3, finished: 'epochs' }, null);
    await checkpoints.settle();
    expect(files()).toEqual(['fit.best-3.safetensors', 'fit.last.safetensors']);
  });

  it('are read once all that was begun is written', async () => {
    const checkpoints = new FitCheckpoints(newStem(), 'id');
    for (const value of [1, 2, 3]) await checkpoints.save(state(value), { ...progress, epoch: value }, null);
    expect((await load(checkpoints))!.progress.epoch).toBe(3);
  });

  it('tell at the next occasion what kept one from being written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const checkpoints = new FitCheckpoints(join(file, 'bottle', 'fit'), 'id');
    await checkpoints.save(state(1), progress, null);
    const refused = { code: 'cannot-write', place: { file: join(file, 'bottle', 'fit.last.safetensors') } };
    await expect(checkpoints.settle()).rejects.toMatchObject(refused);
    await checkpoints.settle();
    await checkpoints.save(state(1), progress, null);
    await expect(checkpoints.save(state(2), progress, null)).rejects.toMatchObject(refused);
  });
});

describe('checkpoints that cannot be used', () => {
  const weights = (value: number): WeightValues => ({ 'student/w': state(value)['student/w']! });
  const finished = { ...progress, epoch: 3, finished: 'epochs' } as const;

  /** Of three epochs, the second and the third; the best is the first. */
  async function saved(third: FitProgress = { ...progress, epoch: 3 }): Promise<{ stem: string; last: string; previous: string; best: string }> {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(1), { ...progress, epoch: 1 }, weights(1));
    await checkpoints.save(state(2), progress, null);
    await checkpoints.save(state(3), third, null);
    await checkpoints.settle();
    return { stem, last: `${stem}.last.safetensors`, previous: `${stem}.previous.safetensors`, best: `${stem}.best-1.safetensors` };
  }

  async function loaded(stem: string, identity = 'id'): Promise<{ found: SavedFit | null; warnings: Problem[] }> {
    const warnings: Problem[] = [];
    const found = await new FitCheckpoints(stem, identity).load({ withBest: true, warn: (problem) => warnings.push(problem) });
    return { found, warnings };
  }

  const kept = 'what was found is kept beside it, as “.unusable”';
  const unusable = (file: string, message: unknown, code = 'checkpoint-corrupt') => ({ code, severity: 'warning', message, file, hint: kept });

  it('as they are cut short, wherever, give way to those before them, are kept, and that is told', async () => {
    const size = readFileSync((await saved()).last).length;
    for (const length of [size - 1, size - 20, 100, 7, 0]) {
      const { stem, last } = await saved();
      truncateSync(last, length);
      const { found, warnings } = await loaded(stem);
      expect(found, `${length} bytes`).toEqual({ state: state(2), progress, best: weights(1) });
      const message = expect.stringMatching(/^expected a checkpoint that can be read, found that it cannot: .*; the fit goes on after epoch 2$/);
      expect(warnings).toEqual([unusable(last, message)]);
      expect(readFileSync(`${last}.unusable`)).toHaveLength(length);
      expect(await loaded(stem)).toEqual({ found, warnings: [] });
    }
  });

  it('as they are no checkpoints give way to those before them', async () => {
    const damages: ((file: string) => unknown)[] = [
      (file) => writeFileSync(file, 'no safetensors at all, but long enough to be one'),
      ...[undefined, 'no JSON', '{}', JSON.stringify({ ...progress, epoch: -1 }), JSON.stringify({ ...progress, finished: 'bored' })].map(
        (text) => (file: string) =>
          writeSafetensors(file, new Map(Object.entries(state(1))), { identity: 'id', ...(text === undefined ? {} : { progress: text }) }),
      ),
    ];
    for (const damage of damages) {
      const { stem, last } = await saved();
      await damage(last);
      const { found, warnings } = await loaded(stem);
      expect(found!.progress).toEqual(progress);
      expect(warnings).toEqual([unusable(last, expect.stringContaining('; the fit goes on after epoch 2'))]);
    }
  });

  it('as they are of another run are kept, and the fit starts again', async () => {
    const { stem, last, previous } = await saved();
    const { found, warnings } = await loaded(stem, 'another');
    expect(found).toBeNull();
    const message = 'expected a checkpoint of this graph, data, weights and seed, found one of others; the fit starts again';
    expect(warnings).toEqual([last, previous].map((file) => unusable(file, message, 'checkpoint-of-another-run')));
    expect([last, previous].map((file) => existsSync(file))).toEqual([false, false]);
    expect(await loaded(stem, 'another')).toEqual({ found: null, warnings: [] });
  });

  it('as the best weights that they count on are gone or damaged leave the fit to start again', async () => {
    for (const damage of [(file: string) => rmSync(file), (file: string) => truncateSync(file, 9)]) {
      const { stem, best } = await saved();
      damage(best);
      const { found, warnings } = await loaded(stem);
      expect(found).toBeNull();
      expect(warnings[0]).toMatchObject({ code: 'checkpoint-corrupt', file: best, message: expect.stringMatching(/; the fit starts again$/) });
    }
  });

  it('as the last is gone give way to that before it; as all are gone there are none', async () => {
    const { stem, last, previous } = await saved();
    rmSync(last);
    const { found, warnings } = await loaded(stem);
    expect(found!.progress).toEqual(progress);
    expect(warnings).toEqual([
      { code: 'checkpoint-corrupt', severity: 'warning', file: last, message: 'expected the last checkpoint, found none; the fit goes on after epoch 2' },
    ]);
    rmSync(last);
    expect(existsSync(previous)).toBe(false);
    expect(await loaded(stem)).toEqual({ found: null, warnings: [] });
  });

  it('of a fit that was finished leave it to start again', async () => {
    const { stem, last } = await saved(finished);
    truncateSync(last, 9);
    const { found, warnings } = await loaded(stem);
    expect(found).toBeNull();
    expect(warnings).toEqual([unusable(last, expect.stringMatching(/; the fit starts again$/))]);
  });

  it('twice are kept twice', async () => {
    const { stem, last } = await saved(finished);
    for (const text of ['first', 'second']) {
      writeFileSync(last, text);
      await loaded(stem);
    }
    expect(['.unusable', '.unusable-2'].map((ending) => readFileSync(last + ending, 'utf8'))).toEqual(['first', 'second']);
  });
});
