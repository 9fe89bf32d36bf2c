import { imagesIn, type Layout } from '../../../plugins/sdk/layout.ts';
import { ownValidation } from './normal-names.ts';

/** Normal images only: a model can be fitted on them, but there is nothing to measure it on. */
export const plain: Layout = {
  name: 'plain',
  title: 'a folder of normal images',
  detects: (folder) => imagesIn(folder).length > 0,
  read: (folder, { validationFolder }) => [
    {
      name: folder.name,
      folder: folder.path,
      train: imagesIn(folder),
      ...ownValidation(folder, validationFolder),
      test: [],
      orphanMasks: [],
      normalFolder: folder.path,
      notes: [],
    },
  ],
};
