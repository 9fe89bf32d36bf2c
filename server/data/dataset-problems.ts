import type { Problem } from '../../plugins/sdk/problem.ts';
import type { Category, ImageRef } from './dataset.ts';
import { walk, type Folder } from './folder.ts';
import type { CategoryFiles } from './layouts/layout.ts';
import { imagesIn } from './layouts/masks.ts';
import { someOf } from './order.ts';

const warning = { severity: 'warning' } as const;

export function wrongMaskSize(image: ImageRef, mask: ImageRef): Problem {
  return {
    severity: 'error',
    code: 'mask-size-differs',
    file: mask.path,
    message: `expected ${image.width}×${image.height} px as its image ${image.path}, found ${mask.width}×${mask.height}`,
    hint: 'scale the mask with nearest-neighbour interpolation, or fetch the right one',
  };
}

/** Defective images whose defect nobody has marked. */
export function missingMasks({ name, test }: Category): Problem[] {
  const defective = test.filter(({ anomalous }) => anomalous);
  const bare = defective.filter(({ mask }) => !mask).map(({ path }) => path);
  if (!bare.length) return [];
  const all = bare.length === defective.length;
  return [
    {
      ...warning,
      code: 'no-mask',
      file: bare[0]!,
      message:
        `expected masks for the ${defective.length} defective images of ${name}, found ` +
        (all ? 'none: there will be no pixel metrics' : `none for ${someOf(bare)}: pixel metrics leave them out`),
      hint: 'put masks in ground_truth/DEFECT/STEM_mask.png if there are any',
    },
  ];
}

/** Images that are in train and in test, by content: a model is measured on what it was fitted to. */
export function leakage({ name, train, test }: Category): Problem[] {
  const fitted = new Map(train.flatMap(({ hash, path }) => (hash === undefined ? [] : [[hash, path] as const])));
  const twice = test.flatMap(({ hash, path }) => {
    const twin = hash === undefined ? undefined : fitted.get(hash);
    return twin === undefined ? [] : [{ path, twin }];
  });
  if (!twice.length) return [];
  return [
    {
      ...warning,
      code: 'leakage',
      file: twice[0]!.path,
      message:
        `expected test images of ${name} that are not trained on, found ${twice.length} in both: ` +
        someOf(twice.map(({ path, twin }) => `${path} = ${twin}`)),
      hint: 'remove them from train or from test, or figures will flatter',
    },
  ];
}

/** What the test images lack for metrics. */
export function testGaps({ name, test }: Category): Problem[] {
  const missing = ['good', 'defective'].filter((kind) => !test.some(({ anomalous }) => anomalous === (kind !== 'good')));
  if (!missing.length) return [];
  return [
    {
      ...warning,
      code: 'no-metrics',
      message: `expected good and defective test images of ${name}, found no ${missing.join(' and no ')} ones: there will be scores, but no metrics`,
      hint: 'put them in test/good and test/DEFECT',
    },
  ];
}

/** Images that lie in the folder and belong to nothing. */
export function unusedImages(folder: Folder, categories: readonly CategoryFiles[]): Problem[] {
  const used = new Set(
    categories.flatMap(({ train, test, orphanMasks }) => [
      ...train,
      ...test.flatMap(({ path, mask }) => (mask === null ? [path] : [path, mask])),
      ...orphanMasks,
    ]),
  );
  const unused = walk(folder)
    .flatMap(imagesIn)
    .filter((path) => !used.has(path) && !/(^|\/)ground_truth\/good\//.test(path));
  if (!unused.length) return [];
  return [
    {
      ...warning,
      code: 'unused-images',
      file: unused[0]!,
      message: `expected a use for every image, found none for ${someOf(unused)}`,
      hint: 'move them to where the layout has them, or out of the dataset',
    },
  ];
}
