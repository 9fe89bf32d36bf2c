import type { DatasetSource } from '../../plugins/sdk/images.ts';
import { createRandom } from '../../plugins/sdk/random.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import { byCodeUnits } from './order.ts';

/** Normal images that train, and those that validate, each sorted by path. */
export interface NormalSplit<T> {
  train: T[];
  validation: T[];
}

/**
 * Splits the normal images of a category as its dataset node says.
 * Errors: `too-few-images`; `no-validation-images` where a folder is to validate and has none.
 */
export function splitNormal<T extends { path: string }>(
  { name, train, validation }: { name: string; train: readonly T[]; validation?: readonly T[] },
  { split = { by: 'share' }, validationShare }: Pick<DatasetSource, 'split' | 'validationShare'>,
  seed: number,
): NormalSplit<T> {
  const own = validation ?? [];
  const given = (): NormalSplit<T> => ({ train: byPath(train), validation: byPath(own) });
  switch (split.by) {
    case 'list':
      return given();
    case 'folder':
      if (!own.length) throw noValidation(name, split.folder);
      return given();
    case 'dataset':
      return own.length ? given() : splitTrain(train, validationShare, seed);
    case 'share':
      return splitTrain([...train, ...own], validationShare, seed);
    case 'fold':
      return foldOf([...train, ...own], split.folds, split.fold, seed);
  }
}

/**
 * One of `folds` splits whose validation images are disjoint and cover all: images are drawn into parts whose sizes
 * differ by one at most, part `fold` (from 0) validates, the others train. Depends on the seed and the paths alone.
 * Errors: `too-few-images`.
 */
export function foldOf<T extends { path: string }>(images: readonly T[], folds: number, fold: number, seed: number): NormalSplit<T> {
  const sorted = byPath(images);
  if (sorted.length < folds) throw tooFew(`${folds} normal images for ${folds} folds`, sorted.length, 'add images, or lower `folds`');
  const order = createRandom('folds', seed).shuffle([...sorted.keys()]);
  return divide(sorted, new Set(order.filter((_, i) => i % folds === fold)));
}

/**
 * Draws the share of the normal images that validates instead of training. Depends on the seed and on the order of
 * the paths alone, not on the order in which they come. At least one image trains, and one validates where the share
 * is above 0. Errors: `too-few-images`.
 */
export function splitTrain<T extends { path: string }>(
  images: readonly T[],
  validationShare: number,
  seed: number,
): NormalSplit<T> {
  const sorted = byPath(images);
  if (validationShare === 0) return { train: sorted, validation: [] };
  if (sorted.length < 2) {
    throw tooFew('2 normal images to train and validate on', sorted.length, 'add images, or set `validationShare` to 0');
  }
  const count = Math.min(sorted.length - 1, Math.max(1, Math.round(sorted.length * validationShare)));
  const order = createRandom('validation split', seed).shuffle([...sorted.keys()]);
  return divide(sorted, new Set(order.slice(0, count)));
}

function byPath<T extends { path: string }>(images: readonly T[]): T[] {
  return [...images].sort((a, b) => byCodeUnits(a.path, b.path));
}

function divide<T>(images: readonly T[], validates: ReadonlySet<number>): NormalSplit<T> {
  return { train: images.filter((_, i) => !validates.has(i)), validation: images.filter((_, i) => validates.has(i)) };
}

function tooFew(expected: string, found: number, hint: string): StillroomError {
  return new StillroomError('too-few-images', `expected at least ${expected}, found ${found}`, { hint });
}

function noValidation(category: string, folder: string): StillroomError {
  return new StillroomError('no-validation-images', `expected images of ${category} to validate on in the folder ${folder}, found none`, {
    hint: 'put normal images there, or let the dataset node split in another way',
  });
}

/** The order in which an epoch visits `n` images; each epoch has its own, whichever were run before it. */
export function epochOrder(n: number, epoch: number, seed: number): number[] {
  return createRandom('epoch order', seed, epoch).shuffle([...Array(n).keys()]);
}
