import { type CategoryFiles, type Folder, folderIn, imagesIn, type LayoutContext, type LayoutNote, type TestFile } from '../../../plugins/sdk/layout.ts';
import { parse } from 'csv-parse/sync';
import { someOf } from '../order.ts';
import { holdOut } from './hold-out.ts';
import { Masks } from './masks.ts';
import { folderAt, ownValidation } from './normal-names.ts';
import { perCategory } from './per-category.ts';

const splitFile = 'split_csv/1cls.csv';
/** Of the normal images, as in the set's own split for one class. */
const testShare = 0.1;

/**
 * VisA (Zou et al. 2022) as it is published: CATEGORY/Data/Images/{Normal, Anomaly}, Data/Masks/Anomaly, image_anno.csv
 * with the names of defects, and beside the categories the split for one class. Once converted by its authors' script
 * it is laid out as MVTec AD.
 */
export const visa = perCategory({
  name: 'visa',
  title: `VisA: CATEGORY/Data/Images/{Normal, Anomaly}, Data/Masks/Anomaly, ${splitFile}`,
  isCategory: (folder) => folderIn(folderAt(folder, 'Data/Images'), 'Normal') !== undefined,
  async readCategory(folder, around, parent) {
    const normal = imagesIn(folderAt(folder, 'Data/Images/Normal'));
    const masks = new Masks(folderAt(folder, 'Data/Masks/Anomaly'));
    const names = await defectNames(folder, around);
    const defective = imagesIn(folderAt(folder, 'Data/Images/Anomaly')).map(
      (path): TestFile => ({ path, defect: names.get(endOf(path)) ?? 'anomaly', masks: masks.claim(path) }),
    );
    const split = await splitOf(folder, parent, normal, around);
    return {
      name: folder.name,
      folder: folder.path,
      train: split.train,
      ...ownValidation(folder, around.validationFolder),
      test: [...split.test, ...defective],
      orphanMasks: masks.unclaimed,
      normalFolder: `${folder.path}Data/Images/Normal`,
      notes: [...split.notes, ...masks.notes],
    };
  },
});

/** Which normal images train: as the list beside the categories says, or drawn where there is none. */
async function splitOf(
  folder: Folder,
  parent: Folder | undefined,
  normal: readonly string[],
  { text }: LayoutContext,
): Promise<Pick<CategoryFiles, 'train' | 'test' | 'notes'>> {
  const list = parent ? await text(parent.path + splitFile) : null;
  const rows = rowsOf(list ?? '').filter(({ object }) => object === folder.name);
  if (!rows.length) {
    const drawn = holdOut(normal, testShare);
    const hint = `keep ${splitFile} beside the categories for the split that others use`;
    return { ...drawn, notes: drawn.notes.map((note) => ({ ...note, hint })) };
  }
  const listed = new Map(rows.map(({ image = '', split = '' }) => [endOf(image), split]));
  const here = new Set(normal.map(endOf));
  const missing = rows.filter(({ image = '', label }) => label === 'normal' && !here.has(endOf(image))).map(({ image = '' }) => image);
  const notes: LayoutNote[] = missing.length
    ? [
        {
          code: 'listed-not-there',
          message: `expected the images that ${splitFile} lists, found no ${someOf(missing)}: left out`,
          hint: 'unpack the set anew',
        },
      ]
    : [];
  return {
    train: normal.filter((path) => listed.get(endOf(path)) === 'train'),
    test: normal.filter((path) => listed.get(endOf(path)) === 'test').map((path) => ({ path, defect: 'good', masks: [] })),
    notes,
  };
}

/** Names of defects by image; several of one image are joined. */
async function defectNames(folder: Folder, { text }: LayoutContext): Promise<Map<string, string>> {
  const rows = rowsOf((await text(`${folder.path}image_anno.csv`)) ?? '');
  const nameOf = (label: string): string => label.split(',').map((part) => part.trim()).filter(Boolean).join('+').replaceAll(/[ /\\]+/g, '_');
  return new Map(rows.flatMap(({ image = '', label = '' }) => (nameOf(label) ? [[endOf(image), nameOf(label)]] : [])));
}

/** `Images/Anomaly/000.JPG`: what a path has in common however the set was moved. */
function endOf(path: string): string {
  return path.split(/[/\\]/).slice(-3).join('/');
}

function rowsOf(text: string): Record<string, string | undefined>[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, relax_column_count: true, trim: true });
  } catch {
    return [];
  }
}
