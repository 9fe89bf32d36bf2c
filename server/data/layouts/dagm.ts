import { type Folder, imagesIn, type LayoutContext, type TestFile } from '../../../plugins/sdk/layout.ts';
import { stem } from './masks.ts';
import { ownValidation } from './normal-names.ts';
import { perCategory } from './per-category.ts';

/**
 * DAGM 2007 (Wieler & Hahn): ClassN/{Train, Test}/NNNN.PNG, and in Label beside them an ellipse around the defect of
 * each defective image. `Labels.txt` says which those are; where it is missing, an image with an ellipse is defective.
 */
export const dagm = perCategory({
  name: 'dagm',
  title: 'DAGM 2007: ClassN/{Train, Test}/NNNN.PNG, Label/NNNN_label.PNG, Label/Labels.txt',
  isCategory: (folder) => ['train', 'test'].some((name) => named(named(folder, name), 'label') !== undefined),
  async readCategory(folder, around) {
    const [train, test] = await Promise.all(['train', 'test'].map((name) => readHalf(named(folder, name), around)));
    const defective = train!.images.filter(({ defect }) => defect !== 'good');
    return {
      name: folder.name,
      folder: folder.path,
      train: train!.images.filter(({ defect }) => defect === 'good').map(({ path }) => path),
      ...ownValidation(folder, around.validationFolder),
      test: test!.images,
      orphanMasks: [...train!.orphans, ...test!.orphans],
      normalFolder: `${folder.path}${named(folder, 'train')?.name ?? 'Train'}`,
      notes: [
        ...(defective.length
          ? [
              {
                code: 'defective-left-out',
                file: defective[0]!.path,
                message: `${defective.length} of ${train!.images.length} training images are defective: left out`,
                used: defective.flatMap(({ path, masks }) => [path, ...masks]),
              },
            ]
          : []),
        {
          code: 'weak-masks',
          message: 'masks are ellipses around the defects: pixel metrics say where a defect is, not how well its outline is met',
        },
      ],
    };
  },
});

async function readHalf(folder: Folder | undefined, { text }: LayoutContext): Promise<{ images: TestFile[]; orphans: string[] }> {
  const labels = named(folder, 'label');
  const masks = new Map(imagesIn(labels).map((path) => [stem(path).replace(/_label$/i, ''), path]));
  const list = labels?.files.find((name) => /^labels\.txt$/i.test(name));
  const flagged = flagsOf(list === undefined ? null : await text(labels!.path + list));
  const images = imagesIn(folder).map((path): TestFile => {
    const mask = masks.get(stem(path));
    const isDefective = mask !== undefined || flagged.has(stem(path));
    return { path, defect: isDefective ? 'defect' : 'good', masks: mask === undefined ? [] : [mask] };
  });
  const stems = new Set(images.map(({ path }) => stem(path)));
  return { images, orphans: [...masks].filter(([of]) => !stems.has(of)).map(([, mask]) => mask) };
}

/** Stems of the images that a list calls defective: lines of number, flag, image, flag, mask. */
function flagsOf(text: string | null): Set<string> {
  const rows = (text ?? '').split(/\r?\n/).map((line) => line.trim().split(/\s+/));
  return new Set(rows.filter(([, flag, image]) => flag === '1' && image).map(([, , image]) => stem(image!)));
}

/** The folder of a name, whatever its case: the set and copies of it differ. */
function named(folder: Folder | undefined, name: string): Folder | undefined {
  return folder?.folders.find((f) => f.name.toLowerCase() === name);
}
