import { betweenMasks, type SplitName } from '../data/file-list.ts';
import type { LabelledImage } from '../data/dataset.ts';
import type { CategorySplits } from './category-images.ts';
import { csvLine } from './csv.ts';

/** Which image went where, as the split by list reads it: to repeat a run's split. */
export function splitCsv({ name, train, validation, test }: CategorySplits): string {
  const normal = (split: SplitName) => (image: { path: string }): string => csvLine([image.path, split, 'good', '', name]);
  return [
    csvLine(['path', 'split', 'label', 'mask', 'category']),
    ...train.map(normal('train')),
    ...validation.map(normal('validation')),
    ...test.map((image) => csvLine([image.path, 'test', image.defect, masksOf(image), name])),
  ].join('');
}

function masksOf({ mask }: LabelledImage): string {
  return mask ? [mask, ...(mask.more ?? [])].map(({ path }) => path).join(betweenMasks) : '';
}
