import { child, type Folder } from '../folder.ts';
import type { Layout, TestFile } from './layout.ts';
import { groundTruthOf, imagesIn, Masks, masksOfOthers } from './masks.ts';

/** MVTec AD (Bergmann et al. 2019), and the sets that share its folders. */
export const mvtec: Layout = {
  name: 'mvtec',
  title: 'MVTec AD: train/good, test/DEFECT, ground_truth/DEFECT/STEM_mask.png',
  detects: (folder) => child(child(folder, 'train'), 'good') !== undefined || child(folder, 'test') !== undefined,
  read(folder) {
    const groundTruth = groundTruthOf(folder);
    const defects = child(folder, 'test')?.folders ?? [];
    const orphanMasks = masksOfOthers(groundTruth, new Set(defects.map(({ name }) => name)));
    const test = defects.flatMap((images): TestFile[] => {
      const good = images.name === 'good';
      const masks = new Masks(child(groundTruth, images.name));
      const files = imagesIn(images).map((path) => ({ path, defect: images.name, mask: masks.claim(path) }));
      orphanMasks.push(...masks.unclaimed);
      // Some sets ship black masks for good images, too.
      return good ? files.map((file) => ({ ...file, mask: null })) : files;
    });
    return [
      {
        name: folder.name,
        train: imagesIn(child(child(folder, 'train'), 'good')),
        test,
        orphanMasks,
        normalFolder: `${folder.path}train/good`,
        notes: [],
      },
    ];
  },
};

/** A folder of categories, each laid out as MVTec AD's. */
export const mvtecSet: Layout = {
  name: 'mvtec-set',
  title: 'a folder of categories, each as in MVTec AD',
  detects: (folder) => categories(folder).length > 0,
  read: (folder) => categories(folder).flatMap(mvtec.read),
};

function categories(folder: Folder): Folder[] {
  return folder.folders.filter(mvtec.detects);
}
