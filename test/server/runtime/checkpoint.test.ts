import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FitCheckpoints, type FitProgress } from '../../../server/runtime/checkpoint.ts';
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

describe('checkpoints of a fit', () => {
  it('are none at first', async () => {
    expect(await new FitCheckpoints(newStem(), 'id').load()).toBeNull();
  });

  it('give back, to another process, weights, slots and progress as they were', async () => {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(3), progress, null);
    await checkpoints.settle();
    expect(await new FitCheckpoints(stem, 'id').load()).toEqual({ state: state(3), progress });
  });

  it('give back losses that have not been measured yet', async () => {
    const stem = newStem();
    const fresh = {
      ...progress,
      bestLoss: Number.POSITIVE_INFINITY,
      schedule: { ...progress.schedule, best: Number.POSITIVE_INFINITY },
    };
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(3), fresh, null);
    expect(await checkpoints.load()).toEqual({ state: state(3), progress: fresh });
  });

  it('keep the best apart from the last', async () => {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    const best: WeightValues = { 'student/w': state(1)['student/w']! };
    await checkpoints.save(state(1), { ...progress, epoch: 1 }, best);
    await checkpoints.save(state(2), progress, null);
    expect((await checkpoints.load())!.state).toEqual(state(2));
    expect(await checkpoints.loadBest()).toEqual(best);
    expect(readdirSync(join(stem, '..')).sort()).toEqual(['fit.best.safetensors', 'fit.last.safetensors']);
    expect((await readSafetensorsContent(`${stem}.best.safetensors`)).metadata).toEqual({ identity: 'id', epoch: '1' });
  });

  it('are read once all that was begun is written', async () => {
    const checkpoints = new FitCheckpoints(newStem(), 'id');
    for (const value of [1, 2, 3]) await checkpoints.save(state(value), { ...progress, epoch: value }, null);
    expect((await checkpoints.load())!.progress.epoch).toBe(3);
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
  async function saved(): Promise<{ stem: string; last: string; best: string }> {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(1), progress, state(1));
    await checkpoints.settle();
    return { stem, last: `${stem}.last.safetensors`, best: `${stem}.best.safetensors` };
  }
  const corrupt = (file: string) => ({
    code: 'checkpoint-corrupt',
    place: { file },
    hint: 'delete the checkpoints of this fit to fit again from the start',
  });

  it('of another run are refused, with the file', async () => {
    const { stem, last, best } = await saved();
    const others = new FitCheckpoints(stem, 'another');
    await expect(others.load()).rejects.toMatchObject({ code: 'checkpoint-of-another-run', place: { file: last } });
    await expect(others.loadBest()).rejects.toMatchObject({ code: 'checkpoint-of-another-run', place: { file: best } });
  });

  it('cut short are refused wherever the cut is, with the file', async () => {
    const { stem, last } = await saved();
    const size = readFileSync(last).length;
    for (const length of [size - 1, size - 20, 100, 7, 0]) {
      truncateSync(last, length);
      await expect(new FitCheckpoints(stem, 'id').load(), `${length} bytes`).rejects.toMatchObject(corrupt(last));
    }
  });

  it('with other bytes in their header are refused, with the file', async () => {
    const { stem, last, best } = await saved();
    writeFileSync(last, 'no safetensors at all, but long enough to be one');
    writeFileSync(best, '');
    await expect(new FitCheckpoints(stem, 'id').load()).rejects.toMatchObject(corrupt(last));
    await expect(new FitCheckpoints(stem, 'id').loadBest()).rejects.toMatchObject(corrupt(best));
  });

  it('without the progress of a fit, or with one that is none, are refused', async () => {
    const { stem, last } = await saved();
    for (const text of [undefined, 'no JSON', '{}', JSON.stringify({ ...progress, epoch: -1 }), JSON.stringify({ ...progress, finished: 'bored' })]) {
      await writeSafetensors(last, new Map(Object.entries(state(1))), { identity: 'id', ...(text === undefined ? {} : { progress: text }) });
      await expect(new FitCheckpoints(stem, 'id').load(), text ?? 'none').rejects.toMatchObject(corrupt(last));
    }
  });

  it('whose best weights are gone are refused', async () => {
    const stem = newStem();
    const checkpoints = new FitCheckpoints(stem, 'id');
    await checkpoints.save(state(1), progress, null);
    await expect(checkpoints.loadBest()).rejects.toMatchObject(corrupt(`${stem}.best.safetensors`));
  });
});
