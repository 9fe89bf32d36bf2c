import { child } from '../folder.ts';
import { perCategory } from './per-category.ts';
import { readSplitFolders } from './split-folders.ts';

/** BTAD (Mishra et al. 2021): folders 01 to 03, good images in `ok`, defective ones in `ko`; PNG and BMP. */
export const btad = perCategory({
  name: 'btad',
  title: 'BTAD: train/ok, test/{ok, ko}, ground_truth/ko',
  isCategory: (folder) => child(child(folder, 'train'), 'ok') !== undefined && child(child(folder, 'test'), 'ko') !== undefined,
  readCategory: readSplitFolders,
});
