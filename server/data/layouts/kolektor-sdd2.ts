import { type Folder, folderIn, imagesIn, type LayoutNote } from '../../../plugins/sdk/layout.ts';
import { someOf } from '../order.ts';
import { stem } from './masks.ts';
import { ownValidation } from './normal-names.ts';
import { perCategory } from './per-category.ts';

const ofMask = /_GT$/i;

/** KolektorSDD2 (Božič et al. 2021): images and masks side by side in train and test; an empty mask says that all is good. */
export const kolektorSdd2 = perCategory({
  name: 'kolektor-sdd2',
  title: 'KolektorSDD2: train and test with NNNNN.png and NNNNN_GT.png',
  isCategory: (folder) => ['train', 'test'].some((name) => imagesIn(folderIn(folder, name)).some((path) => ofMask.test(stem(path)))),
  readCategory(folder, { validationFolder }) {
    const [train, test] = ['train', 'test'].map((name) => pairsIn(folderIn(folder, name)));
    return {
      name: folder.name,
      folder: folder.path,
      train: [...train!.pairs.keys()],
      masksOfTrain: train!.pairs,
      ...ownValidation(folder, validationFolder),
      test: [...test!.pairs].map(([path, mask]) => ({ path, defect: 'defect', masks: [mask], byMask: true as const })),
      orphanMasks: [...train!.orphans, ...test!.orphans],
      normalFolder: `${folder.path}train`,
      notes: unjudged([...train!.bare, ...test!.bare]),
    };
  },
});

function pairsIn(folder: Folder | undefined): { pairs: Map<string, string>; bare: string[]; orphans: string[] } {
  const files = imagesIn(folder);
  const masks = new Map(files.filter((path) => ofMask.test(stem(path))).map((path) => [stem(path).replace(ofMask, ''), path]));
  const images = files.filter((path) => !ofMask.test(stem(path)));
  const pairs = new Map(images.flatMap((path) => (masks.has(stem(path)) ? [[path, masks.get(stem(path))!] as const] : [])));
  const used = new Set(pairs.values());
  return { pairs, bare: images.filter((path) => !pairs.has(path)), orphans: [...masks.values()].filter((mask) => !used.has(mask)) };
}

function unjudged(images: readonly string[]): LayoutNote[] {
  if (!images.length) return [];
  return [
    {
      code: 'unjudged-images',
      file: images[0]!,
      message: `expected a mask for each image to say whether it is good, found none for ${someOf(images)}: left out`,
      hint: 'put an empty mask beside a good image: NNNNN_GT.png',
      used: images,
    },
  ];
}
