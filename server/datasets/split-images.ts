import type { ValidationSplit } from '../../plugins/sdk/images.ts';
import { splitNormal } from '../data/split.ts';
import type { Scan, ScannedImage } from './scan.ts';

/** How the normal images that validate are chosen, as a dataset node and a run's seed say. */
export interface SplitChoice {
  split: ValidationSplit;
  validationShare: number;
  seed: number;
}

/** Every image with the split that a run would put it in: by category, then train, validation, test, then path. Errors: `too-few-images`. */
export function splitImages({ categories, images }: Pick<Scan, 'categories' | 'images'>, { split, validationShare, seed }: SplitChoice): ScannedImage[] {
  return categories.flatMap(({ name, validation: kept }) => {
    const own = images.filter(({ category }) => category === name);
    const of = (wanted: ScannedImage['split']): ScannedImage[] => own.filter((image) => image.split === wanted);
    const category = { name, train: of('train'), ...(kept === null ? {} : { validation: of('validation') }) };
    const { train, validation } = splitNormal(category, { split, validationShare }, seed);
    const as = (wanted: ScannedImage['split']) => (image: ScannedImage): ScannedImage => ({ ...image, split: wanted });
    return [...train.map(as('train')), ...validation.map(as('validation')), ...of('test')];
  });
}
