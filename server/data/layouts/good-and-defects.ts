import { createRandom } from '../../../plugins/sdk/random.ts';
import { child, type Folder } from '../folder.ts';
import type { Layout, TestFile } from './layout.ts';
import { groundTruthOf, imagesIn, Masks, masksOfOthers } from './masks.ts';

/** What people call a folder of images without defects. */
const normalNames = new Set(['good', 'ok', 'normal', 'pass', 'defect-free', 'defect_free', 'no-defect', 'no_defect']);

/** Share of the normal images that is kept for the test: always the same ones, whatever the seed of a run. */
const heldOutShare = 0.2;

/** A folder of normal images beside folders of defective ones. */
export const goodAndDefects: Layout = {
  name: 'good-and-defects',
  title: `${[...normalNames].slice(0, 3).join('|')}, a folder per defect beside it, ground_truth/DEFECT for masks if there are any`,
  detects: (folder) => imageFolders(folder).length > 0 && imagesIn(folder).length === 0,
  read(folder) {
    const folders = imageFolders(folder);
    const isNormal = ({ name }: Folder): boolean => normalNames.has(name.toLowerCase());
    const normal = folders.filter(isNormal).flatMap(imagesIn);
    const defective = folders.filter((f) => !isNormal(f));
    const heldOut = defective.length ? holdOut(normal) : new Set<string>();

    const groundTruth = groundTruthOf(folder);
    const orphanMasks = masksOfOthers(groundTruth, new Set(folders.map(({ name }) => name)));
    const test = defective.flatMap((images): TestFile[] => {
      const masks = new Masks(child(groundTruth, images.name));
      const files = imagesIn(images).map((path) => ({ path, defect: images.name, mask: masks.claim(path) }));
      orphanMasks.push(...masks.unclaimed);
      return files;
    });
    return [
      {
        name: folder.name,
        train: normal.filter((path) => !heldOut.has(path)),
        test: [...[...heldOut].map((path) => ({ path, defect: 'good', mask: null })), ...test],
        orphanMasks,
        normalFolder: `${folder.path}good`,
        notes: heldOut.size ? [`${heldOut.size} of ${normal.length} normal images are kept for the test`] : [],
      },
    ];
  },
};

function imageFolders(folder: Folder): Folder[] {
  return folder.folders.filter((f) => f.name !== 'ground_truth' && imagesIn(f).length > 0);
}

function holdOut(paths: readonly string[]): Set<string> {
  const shuffled = createRandom('held out for the test').shuffle([...paths]);
  return new Set(shuffled.slice(0, Math.round(paths.length * heldOutShare)));
}
