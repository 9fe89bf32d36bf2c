import { type CategoryFiles, type Folder, foldersIn, imagesIn } from '../../plugins/sdk/layout.ts';
import { join } from 'node:path';
import type { Problem } from '../../plugins/sdk/problem.ts';
import type { Category, ImageRef } from './dataset.ts';
import { formatOfName } from './image-file.ts';
import type { Inspected } from './inspect.ts';
import { byCodeUnits, someOf } from './order.ts';

const warning = { severity: 'warning' } as const;

function byPath(a: Inspected, b: Inspected): number {
  return byCodeUnits(a.ref.path, b.ref.path);
}

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

/**
 * Images that are in two splits, by content: a model would be measured, or stopped, on what it was fitted to. Files are
 * named from `root` on, or absolute where it is given.
 */
export function leakage({ name, train, validation = [], test }: Splits, root?: string): Problem[] {
  const problems = [
    ...inBoth(name, ['train', train], ['test', test], 'remove them from one of the two, or figures will flatter'),
    ...inBoth(name, ['train', train], ['validation', validation], 'remove them from one of the two, or thresholds will be too low'),
    ...inBoth(name, ['validation', validation], ['test', test], 'remove them from one of the two, or figures will flatter'),
  ];
  return root === undefined ? problems : problems.map((problem) => ({ ...problem, file: join(root, problem.file!) }));
}

/** The splits of a category: what `leakage` compares. */
export interface Splits {
  name: string;
  train: readonly ImageRef[];
  validation?: readonly ImageRef[];
  test: readonly ImageRef[];
}

type Split = readonly [name: string, images: readonly ImageRef[]];

function inBoth(category: string, [first, images]: Split, [second, others]: Split, hint: string): Problem[] {
  const known = new Map(images.flatMap(({ hash, path }) => (hash === undefined ? [] : [[hash, path] as const])));
  const twice = others.flatMap(({ hash, path }) => {
    const twin = hash === undefined ? undefined : known.get(hash);
    return twin === undefined ? [] : [{ path, twin }];
  });
  if (!twice.length) return [];
  return [
    {
      ...warning,
      code: 'leakage',
      file: twice[0]!.path,
      message:
        `expected ${second} images of ${category} that are not in ${first}, found ${twice.length} in both: ` +
        someOf(twice.map(({ path, twin }) => `${path} = ${twin}`)),
      hint,
    },
  ];
}

/** Training images that are there more than once: a drawn split may put one of them on either side. */
export function duplicates({ name, train }: Category): Problem[] {
  const first = new Map<string, string>();
  const twice: string[] = [];
  for (const { hash, path } of train) {
    if (hash === undefined) continue;
    const twin = first.get(hash);
    if (twin === undefined) first.set(hash, path);
    else twice.push(`${path} = ${twin}`);
  }
  if (!twice.length) return [];
  return [
    {
      ...warning,
      code: 'duplicate-images',
      file: twice[0]!.split(' = ')[0]!,
      message: `expected each training image of ${name} once, found ${twice.length} again: ${someOf(twice)}`,
      hint: 'remove them, or one of each may train and the other validate',
    },
  ];
}

/** Images whose name promises another format than they have: they are read all the same. */
export function misnamed(name: string, images: readonly Inspected[]): Problem[] {
  const wrong = images.filter(({ ref, header }) => formatOfName(ref.path) !== header.format).sort(byPath);
  if (!wrong.length) return [];
  return [
    {
      ...warning,
      code: 'misnamed-image',
      file: wrong[0]!.ref.path,
      message: `expected files of ${name} to be what their names say, found ${someOf(wrong.map(({ ref, header }) => `${header.format} in ${ref.path}`))}`,
      hint: 'they are read as what they are; rename them so that other tools do, too',
    },
  ];
}

/** Cameras of 10 or 12 bits write 16: from below this on, nearly all that 8 bits keep is black. */
const lowestRange = 2 ** 13;

/** 16-bit images that use the lowest bits of their range only. */
export function lowRange(name: string, images: readonly Inspected[]): Problem[] {
  const deep = images.filter(({ largest }) => largest !== null).sort(byPath);
  const largest = Math.max(...deep.map((image) => image.largest!));
  if (!deep.length || largest >= lowestRange) return [];
  const bits = Math.max(1, Math.ceil(Math.log2(largest + 1)));
  return [
    {
      ...warning,
      code: 'low-range',
      file: deep[0]!.ref.path,
      message:
        `expected 16-bit images of ${name} to use their range, found values up to ${largest} of 65535 in ` +
        `${someOf(deep.map(({ ref }) => ref.path))}: their upper 8 bits are nearly black`,
      hint: `multiply their values by ${2 ** (16 - bits)} (they use ${bits} bits), or save them with 8 bits`,
    },
  ];
}

/** Masks that belong to no image that is there. */
export function orphans(name: string, masks: readonly string[]): Problem[] {
  if (!masks.length) return [];
  return [
    {
      ...warning,
      code: 'mask-without-image',
      file: masks[0]!,
      message: `expected an image in test for each mask of ${name}, found none for ${someOf(masks)}`,
      hint: 'give image and mask the same name: 001.png and 001_mask.png',
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
    categories.flatMap(({ train, validation = [], masksOfTrain, test, orphanMasks, notes }) => [
      ...train,
      ...validation,
      ...(masksOfTrain?.values() ?? []),
      ...test.flatMap(({ path, masks }) => [path, ...masks]),
      ...orphanMasks,
      // A note may stand for files that have no use, and say so better.
      ...notes.flatMap(({ used = [] }) => used),
    ]),
  );
  const unused = foldersIn(folder)
    .flatMap(imagesIn)
    .filter((path) => !used.has(path) && !/(^|\/)ground_truth\/(good|ok)\//.test(path));
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
