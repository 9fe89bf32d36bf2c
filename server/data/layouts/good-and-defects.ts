import { type Folder, folderIn, imagesIn, type Layout, type TestFile } from '../../../plugins/sdk/layout.ts';
import { holdOut } from './hold-out.ts';
import { groundTruthOf, Masks, masksOfOthers } from './masks.ts';
import { folderAt, isNormalName, normalNames, ownValidation } from './normal-names.ts';

/** A folder of normal images beside folders of defective ones. */
export const goodAndDefects: Layout = {
  name: 'good-and-defects',
  title: `${[...normalNames].slice(0, 3).join('|')}, a folder per defect beside it, ground_truth/DEFECT for masks if there are any`,
  detects: (folder) => imageFolders(folder).length > 0 && imagesIn(folder).length === 0,
  read(folder, { validationFolder }) {
    const validating = folderAt(folder, validationFolder);
    const folders = imageFolders(folder).filter((f) => f !== validating);
    const normal = folders.filter(({ name }) => isNormalName(name)).flatMap(imagesIn);
    const defective = folders.filter(({ name }) => !isNormalName(name));
    const kept = defective.length ? holdOut(normal) : { train: normal, test: [], notes: [] };

    const groundTruth = groundTruthOf(folder);
    const orphanMasks = masksOfOthers(groundTruth, new Set(folders.map(({ name }) => name)));
    const notes = [...kept.notes];
    const test = defective.flatMap((images): TestFile[] => {
      const masks = new Masks(folderIn(groundTruth, images.name));
      const files = imagesIn(images).map((path) => ({ path, defect: images.name, masks: masks.claim(path) }));
      orphanMasks.push(...masks.unclaimed);
      notes.push(...masks.notes);
      return files;
    });
    return [
      {
        name: folder.name,
        folder: folder.path,
        train: kept.train,
        ...ownValidation(folder, validationFolder),
        test: [...kept.test, ...test],
        orphanMasks,
        normalFolder: `${folder.path}good`,
        notes,
      },
    ];
  },
};

function imageFolders(folder: Folder): Folder[] {
  return folder.folders.filter((f) => f.name !== 'ground_truth' && imagesIn(f).length > 0);
}
