import { type Folder, folderIn, type Layout } from '../../../plugins/sdk/layout.ts';
import { perCategory } from './per-category.ts';
import { normalChild } from './normal-names.ts';
import { readSplitFolders } from './split-folders.ts';

/** MVTec AD (Bergmann et al. 2019), and the sets that share its folders, MPDD (Jezek et al. 2021) among them. */
export const mvtec: Layout = {
  name: 'mvtec',
  title: 'MVTec AD: train/good, test/DEFECT, ground_truth/DEFECT/STEM_mask.png',
  detects: isMvtec,
  read: (folder, around) => [readSplitFolders(folder, around)],
};

/** A folder of categories, each laid out as MVTec AD's. */
export const mvtecSet: Layout = {
  ...perCategory({
    name: 'mvtec-set',
    title: 'a folder of categories, each as in MVTec AD',
    isCategory: isMvtec,
    readCategory: readSplitFolders,
  }),
};

function isMvtec(folder: Folder): boolean {
  return normalChild(folderIn(folder, 'train')) !== undefined || folderIn(folder, 'test') !== undefined;
}
