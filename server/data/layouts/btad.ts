import { folderIn } from '../../../plugins/sdk/layout.ts';
import { perCategory } from './per-category.ts';
import { readSplitFolders } from './split-folders.ts';

/** BTAD (Mishra et al. 2021): folders 01 to 03, good images in `ok`, defective ones in `ko`; PNG and BMP. */
export const btad = perCategory({
  name: 'btad',
  title: 'BTAD: train/ok, test/{ok, ko}, ground_truth/ko',
  isCategory: (folder) => folderIn(folderIn(folder, 'train'), 'ok') !== undefined && folderIn(folderIn(folder, 'test'), 'ko') !== undefined,
  readCategory: readSplitFolders,
});
