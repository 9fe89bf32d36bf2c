import type { Layout } from './layout.ts';
import { imagesIn } from './masks.ts';

/** Normal images only: a model can be fitted on them, but there is nothing to measure it on. */
export const plain: Layout = {
  name: 'plain',
  title: 'a folder of normal images',
  detects: (folder) => imagesIn(folder).length > 0,
  read: (folder) => [
    {
      name: folder.name,
      train: imagesIn(folder),
      test: [],
      orphanMasks: [],
      normalFolder: folder.path,
      notes: [],
    },
  ],
};
