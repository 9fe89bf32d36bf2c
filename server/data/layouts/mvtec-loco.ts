import { folderIn } from '../../../plugins/sdk/layout.ts';
import { perCategory } from './per-category.ts';
import { readSplitFolders } from './split-folders.ts';

const structural = 'structural_anomalies';
const logical = 'logical_anomalies';

/**
 * MVTec LOCO AD (Bergmann et al. 2022): train/good, validation/good, test/{good, structural_anomalies,
 * logical_anomalies}, a folder of masks for each image. A detector that compares features by position sees what is
 * broken, not what is one too many: logical anomalies are measured where they are asked for.
 */
export const mvtecLoco = perCategory({
  name: 'mvtec-loco',
  title: `MVTec LOCO AD: train/good, validation/good, test/{good, ${structural}, ${logical}}`,
  isCategory: (folder) => [structural, logical].some((name) => folderIn(folderIn(folder, 'test'), name)),
  readCategory(folder, around) {
    const files = readSplitFolders(folder, around);
    return { ...files, test: files.test.map((file) => (file.defect === logical ? { ...file, optional: true as const } : file)) };
  },
});
