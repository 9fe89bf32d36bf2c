import { choice, dataset, defineNode, folder, integer, number, text, type ParamValues, type ValidationSplit } from '../sdk/index.ts';

const params = {
  path: folder({ default: '', help: 'Folder of the images; empty where the run names it (`--data`).' }),
  layout: text({
    default: '',
    help: 'Name of the layout of the folders, such as mvtec, or PLUGIN/LAYOUT of a plugin; empty where it is recognised.',
  }),
  split: choice({
    default: 'dataset',
    options: {
      dataset: 'the validation images that the dataset keeps, such as validation/good; where it keeps none, a share',
      share: 'a share of the normal images, drawn with the seed of the run',
      folder: 'those in a folder of each category',
      fold: 'one of so many equal parts, drawn with the seed of the run',
      list: 'as a list says, which also says what is tested',
    },
    help: 'Which normal images validate instead of training.',
  }),
  validationShare: number({
    default: 0.3,
    min: 0,
    max: 0.9,
    step: 0.05,
    help: 'Share of the normal training images that validates instead, drawn with the seed of the run. With `split` "share", and "dataset" where it keeps none.',
  }),
  validationFolder: text({ default: 'validation', help: 'Folder within each category whose images validate. With `split` "folder".' }),
  folds: integer({ default: 5, min: 2, max: 100, help: 'Parts that the normal images are drawn into. With `split` "fold".' }),
  fold: integer({ default: 0, min: 0, max: 99, help: 'The part that validates, from 0. With `split` "fold".' }),
  list: text({
    default: '',
    help: 'CSV, JSON or text with path, split (train, validation, test) and, if wanted, label, mask, category; absolute or from the folder of the images. With `split` "list".',
  }),
  defects: text({
    default: '',
    help: 'Defects that are measured, separated by commas; empty for all (of MVTec LOCO: the structural ones).',
  }),
};

/** A labelled image set on disk: normal images to fit and calibrate on, test images with masks to evaluate on. */
export const datasetNode = defineNode({
  type: 'data/dataset',
  version: 2,
  title: 'Dataset',
  summary:
    'Images of one product, or of several, on disk: in the layout of a public set (MVTec AD and its kin, VisA, BTAD, TILDA, KolektorSDD2, DAGM), or plain folders.',
  category: 'data',
  cite: 'Thomine & Snoussi 2024, §4 (70 % of the normal images train, 30 % validate)',
  params,
  inputs: {},
  outputs: { dataset: dataset() },
  infer(_, { split, fold, folds, validationFolder, list }, ctx) {
    if (split === 'fold' && fold >= folds) {
      ctx.problem({
        code: 'invalid-parameter',
        field: 'fold',
        message: `expected a fold from 0 to ${folds - 1}, found ${fold}`,
        hint: 'lower `fold` or raise `folds`',
      });
    }
    const lacking = split === 'folder' && !validationFolder ? 'validationFolder' : split === 'list' && !list ? 'list' : null;
    if (lacking) {
      ctx.problem({
        code: 'invalid-parameter',
        field: lacking,
        message: `expected the ${split} that splits the images, found none named`,
        hint: `set \`${lacking}\`, or choose another \`split\``,
      });
    }
    return { dataset: { type: 'dataset', shape: [] } };
  },
  dataset: (given) => {
    const defects = given.defects.split(',').map((name) => name.trim()).filter(Boolean);
    const { path, layout, validationShare } = given;
    return { path, ...(layout.trim() ? { layout: layout.trim() } : {}), validationShare, split: splitOf(given), ...(defects.length ? { defects } : {}) };
  },
  migrate: { 1: (before) => ({ ...before, split: 'share' }) },
});

function splitOf({ split, validationFolder, folds, fold, list }: ParamValues<typeof params>): ValidationSplit {
  switch (split) {
    case 'folder':
      return { by: split, folder: validationFolder };
    case 'fold':
      return { by: split, folds, fold };
    case 'list':
      return { by: split, list };
    default:
      return { by: split };
  }
}
