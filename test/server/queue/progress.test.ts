import { describe, expect, it } from 'vitest';
import type { PacedEvent } from '../../../server/queue/pace.ts';
import { advance, atStart, type Progress } from '../../../server/queue/progress.ts';

const fits = [
  { fit: 'one', epochs: 4 },
  { fit: 'two', epochs: 4 },
];
const category = (name: string, index: number): PacedEvent => ({ type: 'category', category: name, index, total: 2, train: 10, validation: 20, test: 40, fits });
const stage = (stage: 'fit' | 'calibrate' | 'predict', node?: string): PacedEvent => ({ type: 'stage', category: 'a', stage, nodes: [], ...(node ? { node } : {}) });
const step = (fit: string, step: number): PacedEvent => ({ type: 'step', category: 'a', fit, epoch: 1, step, steps: 8, loss: 1, rate: 1, stepsPerSecond: 2, secondsLeft: 1 });
const counted = (type: 'calibrating' | 'predicting' | 'drawing', done: number, total: number): PacedEvent => ({ type, category: 'a', done, total });
const fitted = (fit: string): PacedEvent => ({ type: 'fitted', category: 'a', fit, bestEpoch: 1, bestLoss: 0, stopped: 'early' });
const after = (...events: PacedEvent[]): Progress => events.reduce(advance, atStart);
const sharesOf = (...events: PacedEvent[]): number[] => {
  let progress = atStart;
  return events.map((event) => (progress = advance(progress, event)).share);
};

// Of one category: 3 × 4 epochs × 10 images for each fit, 20 images to calibrate, 40 to score, 40 maps at half the work.
const [fit, calibrate, predict, draw] = [120, 20, 40, 20];
const whole = 2 * fit + calibrate + predict + draw;

describe('how much of a run is done', () => {
  it('follows steps, images and maps of each part by the work that the part is, categories alike', () => {
    const shares = sharesOf(category('a', 1), stage('fit', 'one'), step('one', 4), step('one', 8), stage('fit', 'two'), step('two', 2), fitted('two'), stage('calibrate'), counted('calibrating', 5, 20), stage('predict'), counted('predicting', 40, 40), counted('drawing', 20, 40), category('b', 2));
    const done = [0, 0, 60, fit, fit, fit + 30, 2 * fit, 2 * fit, 2 * fit + 5, 2 * fit + calibrate, 2 * fit + calibrate + predict, 2 * fit + calibrate + predict + 10, whole];
    for (const [i, share] of shares.entries()) expect(share).toBeCloseTo(done[i]! / whole / 2, 12);
  });

  it('is all of its part once a fit has stopped early', () => {
    expect(after(category('a', 1), stage('fit', 'one'), step('one', 1), fitted('one')).share).toBeCloseTo(fit / whole / 2, 12);
  });

  it('stays while a process that follows one that died tells once more what was done', () => {
    const before = after(category('a', 1), stage('fit', 'one'), fitted('one'), stage('fit', 'two'), step('two', 4));
    const again = [category('a', 1), stage('fit', 'one'), fitted('one'), stage('fit', 'two'), step('two', 2)].reduce(advance, before);
    expect(again.share).toBe(before.share);
    expect(advance(again, step('two', 6)).share).toBeGreaterThan(before.share);
  });

  it('is none before the first category, however much is fetched and looked at', () => {
    expect(after({ type: 'reading', done: 9, total: 10 }).share).toBe(0);
  });
});
