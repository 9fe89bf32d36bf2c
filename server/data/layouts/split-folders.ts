import { type CategoryFiles, type Folder, folderIn, imagesIn, type LayoutContext, type TestFile } from '../../../plugins/sdk/layout.ts';
import { groundTruthOf, Masks, masksOfOthers } from './masks.ts';
import { isNormalName, normalChild, ownValidation } from './normal-names.ts';

/** What MVTec AD and its kin share: train/good, test/DEFECT, ground_truth/DEFECT. */
export function readSplitFolders(folder: Folder, { validationFolder }: LayoutContext): CategoryFiles {
  const groundTruth = groundTruthOf(folder);
  const defects = folderIn(folder, 'test')?.folders ?? [];
  const orphanMasks = masksOfOthers(groundTruth, new Set(defects.map(({ name }) => name)));
  const notes = [];
  const test: TestFile[] = [];
  for (const images of defects) {
    const masks = new Masks(folderIn(groundTruth, images.name));
    const files = imagesIn(images).map((path) => ({ path, defect: images.name, masks: masks.claim(path) }));
    orphanMasks.push(...masks.unclaimed);
    notes.push(...masks.notes);
    // Some sets ship black masks for good images, too.
    test.push(...(isNormalName(images.name) ? files.map((file) => ({ ...file, defect: 'good', masks: [] })) : files));
  }
  const normal = normalChild(folderIn(folder, 'train'));
  return {
    name: folder.name,
    folder: folder.path,
    train: imagesIn(normal),
    ...ownValidation(folder, validationFolder),
    test,
    orphanMasks,
    normalFolder: `${folder.path}train/${normal?.name ?? 'good'}`,
    notes,
  };
}
