import { describe, expect, it } from 'vitest';
import { binsOf, confusionAt, errorOf, isWrong, shareOf, type ScoredImage } from '../../../client/results/verdicts.ts';

const image = (defect: string, score: number): ScoredImage => ({ file: `${defect}-${score}.png`, defect, anomalous: defect !== 'good', scores: { detection: score }, map: null });
const images = [image('good', 1), image('good', 2.5), image('blot', 1.5), image('blot', 9), image('scratch', 4)];

describe('verdicts of a threshold', () => {
  it('count images by what they are and what they are called; at the threshold itself is anomalous', () => {
    expect(confusionAt(images, 'detection', 2)).toEqual({ truePositives: 2, falsePositives: 1, trueNegatives: 1, falseNegatives: 1 });
    expect(confusionAt(images, 'detection', 2.5)).toEqual({ truePositives: 2, falsePositives: 1, trueNegatives: 1, falseNegatives: 1 });
    expect(confusionAt(images, 'detection', 2.6)).toEqual({ truePositives: 2, falsePositives: 0, trueNegatives: 2, falseNegatives: 1 });
    expect(confusionAt(images, 'another', 0)).toEqual({ truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 });
  });

  it('give shares with their exact interval', () => {
    // Of 2 hits in 2 the lower end is 0.025^(1/2), of 0 in 16 the upper one 1 − 0.025^(1/16).
    expect(shareOf(2, 2)).toMatchObject({ share: 1, low: expect.closeTo(Math.sqrt(0.025), 9) as number, high: 1 });
    expect(shareOf(0, 16)).toMatchObject({ share: 0, low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 16), 9) as number });
    expect(shareOf(0, 0)).toMatchObject({ share: null, low: 0, high: 1 });
  });

  it('order mistakes by how far they lie on the wrong side', () => {
    const worst = [...images].sort((a, b) => errorOf(b, 'detection', 2) - errorOf(a, 'detection', 2)).map(({ file }) => file);
    expect(worst.slice(0, 2).sort()).toEqual(['blot-1.5.png', 'good-2.5.png']);
    expect(worst.at(-1)).toBe('blot-9.png');
    expect(images.filter((one) => isWrong(one, 'detection', 2)).map(({ file }) => file)).toEqual(['good-2.5.png', 'blot-1.5.png']);
  });
});

describe('a histogram of scores', () => {
  it('holds every image once, the highest in the last bin', () => {
    const { low, high, good, defective } = binsOf(images, 'detection', 4);
    expect([low, high]).toEqual([1, 9]);
    expect(good).toEqual([2, 0, 0, 0]);
    expect(defective).toEqual([1, 1, 0, 1]);
  });

  it('has a width where all scores are equal, and where there is none', () => {
    expect(binsOf([image('good', 3), image('blot', 3)], 'detection', 2)).toEqual({ low: 3, high: 4, good: [1, 0], defective: [1, 0] });
    expect(binsOf([], 'detection', 2)).toEqual({ low: 0, high: 1, good: [0, 0], defective: [0, 0] });
  });
});
