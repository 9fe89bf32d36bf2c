import { dataset, defineNode, folder, number } from '../sdk/index.ts';

/** A labelled image set on disk: normal images to fit and calibrate on, test images with masks to evaluate on. */
export const datasetNode = defineNode({
  type: 'data/dataset',
  version: 1,
  title: 'Dataset',
  summary:
    'Images of one product on disk: the layout of MVTec AD (train/good, test/DEFECT, ground_truth) or a plain folder.',
  category: 'data',
  cite: 'Thomine & Snoussi 2024, §4 (70 % of the normal images train, 30 % validate)',
  params: {
    path: folder({ default: '', help: 'Folder of the images; empty where the run names it (`--data`).' }),
    validationShare: number({
      default: 0.3,
      min: 0,
      max: 0.9,
      step: 0.05,
      help: 'Share of the normal training images that validates instead of training, drawn with the seed of the run.',
    }),
  },
  inputs: {},
  outputs: { dataset: dataset() },
  infer: () => ({ dataset: { type: 'dataset', shape: [] } }),
  dataset: ({ path, validationShare }) => ({ path, validationShare }),
});
