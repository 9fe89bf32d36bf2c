import { describe, expect, it } from 'vitest';
import { epochOrder, foldOf, splitNormal, splitTrain } from '../../../server/data/split.ts';

const images = (n: number) => Array.from({ length: n }, (_, i) => ({ path: `${String(i).padStart(3, '0')}.png` }));
const names = (list: readonly { path: string }[]): string[] => list.map(({ path }) => path);

describe('the split of normal images', () => {
  it('of 10 at 0.3: 7 train, 3 validate, each in one of them, both by path', () => {
    const { train, validation } = splitTrain(images(10), 0.3, 1);
    expect([train.length, validation.length]).toEqual([7, 3]);
    expect(names([...train, ...validation]).sort()).toEqual(names(images(10)));
    for (const part of [train, validation]) expect(names(part)).toEqual(names(part).sort());
  });

  it('is the same for the same seed, whatever order the images come in', () => {
    const once = splitTrain(images(20), 0.3, 7);
    expect(splitTrain(images(20), 0.3, 7)).toEqual(once);
    expect(splitTrain(images(20).reverse(), 0.3, 7)).toEqual(once);
  });

  it('differs between seeds, and every image validates at times', () => {
    const drawn = Array.from({ length: 60 }, (_, seed) => names(splitTrain(images(10), 0.3, seed).validation));
    expect(new Set(drawn.map(String)).size).toBeGreaterThan(30);
    expect(new Set(drawn.flat()).size).toBe(10);
  });

  it('leaves what it was given as it was', () => {
    const given = images(5).reverse();
    splitTrain(given, 0.3, 0);
    expect(names(given)).toEqual(names(images(5).reverse()));
  });

  it.each([
    [0, 10, 0],
    [0.04, 9, 1],
    [0.25, 7, 3],
    [0.9, 1, 9],
    [1, 1, 9],
  ])('of 10 at %d: %d train, %d validate', (share, train, validation) => {
    const split = splitTrain(images(10), share, 0);
    expect([split.train.length, split.validation.length]).toEqual([train, validation]);
  });

  it('of two: one each', () => {
    const { train, validation } = splitTrain(images(2), 0.01, 0);
    expect([train.length, validation.length]).toEqual([1, 1]);
  });

  it.each([0, 1])('of %d image: none can validate', (n) => {
    expect(() => splitTrain(images(n), 0.3, 0)).toThrow(
      expect.objectContaining({
        code: 'too-few-images',
        message: `expected at least 2 normal images to train and validate on, found ${n}`,
      }) as Error,
    );
    expect(splitTrain(images(n), 0, 0).train).toHaveLength(n);
  });
});

describe('folds', () => {
  it('are disjoint and cover all images, whatever their number, count and seed', () => {
    for (let n = 2; n <= 23; n++) {
      for (let folds = 2; folds <= Math.min(n, 7); folds++) {
        for (const seed of [0, 1, 99]) {
          const splits = Array.from({ length: folds }, (_, fold) => foldOf(images(n), folds, fold, seed));
          const validated = splits.flatMap(({ validation }) => names(validation));
          expect(validated.length, `${n} images, ${folds} folds, seed ${seed}`).toBe(n);
          expect(validated.sort()).toEqual(names(images(n)));
          for (const { train, validation } of splits) {
            expect(names([...train, ...validation]).sort()).toEqual(names(images(n)));
            expect([Math.floor(n / folds), Math.ceil(n / folds)]).toContain(validation.length);
          }
        }
      }
    }
  });

  it('depend on the seed, and not on the order of the images', () => {
    expect(foldOf(images(20).reverse(), 5, 2, 3)).toEqual(foldOf(images(20), 5, 2, 3));
    expect(foldOf(images(20), 5, 2, 4)).not.toEqual(foldOf(images(20), 5, 2, 3));
  });

  it('of fewer images than folds are refused', () => {
    expect(() => foldOf(images(4), 5, 0, 0)).toThrow(
      expect.objectContaining({ code: 'too-few-images', message: 'expected at least 5 normal images for 5 folds, found 4' }) as Error,
    );
  });
});

describe('the split that a dataset node asks for', () => {
  const [train, kept] = [images(10).slice(0, 7), images(10).slice(7)];
  const of = (category: object, split: object) => splitNormal({ name: 'carpet', train, ...category }, { validationShare: 0.3, ...split }, 1);

  it('the images that the dataset keeps validate; where it keeps none, a share', () => {
    const split = { split: { by: 'dataset' } } as const;
    expect(of({ validation: kept }, split)).toEqual({ train, validation: kept });
    expect(of({}, split)).toEqual(splitTrain(train, 0.3, 1));
    expect(of({ validation: [] }, split)).toEqual(splitTrain(train, 0.3, 1));
  });

  it('a share, and parts, are drawn from all normal images', () => {
    expect(of({ validation: kept }, {})).toEqual(splitTrain(images(10), 0.3, 1));
    expect(of({ validation: kept }, { split: { by: 'share' } })).toEqual(splitTrain(images(10), 0.3, 1));
    expect(of({ validation: kept }, { split: { by: 'fold', folds: 5, fold: 1 } })).toEqual(foldOf(images(10), 5, 1, 1));
  });

  it('a list is taken as it is, even without images to validate on', () => {
    expect(of({ validation: [] }, { split: { by: 'list', list: 'x' } })).toEqual({ train, validation: [] });
  });

  it('a folder, which must have images', () => {
    const split = { split: { by: 'folder', folder: 'val' } };
    expect(of({ validation: kept }, split)).toEqual({ train, validation: kept });
    expect(() => of({}, split)).toThrow(
      expect.objectContaining({
        code: 'no-validation-images',
        message: 'expected images of carpet to validate on in the folder val, found none',
      }) as Error,
    );
  });
});

describe('the order of an epoch', () => {
  it('visits every image once', () => {
    expect(epochOrder(50, 3, 1).sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  });

  it('is the same for the same seed and epoch, and another for others', () => {
    const order = epochOrder(50, 3, 1);
    expect(epochOrder(50, 3, 1)).toEqual(order);
    expect(epochOrder(50, 4, 1)).not.toEqual(order);
    expect(epochOrder(50, 3, 2)).not.toEqual(order);
  });
});
