import { type CategoryFiles, type Folder, foldersIn, imagesIn, type LayoutNote, type TestFile } from '../../plugins/sdk/layout.ts';
import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { ListedImage } from './file-list.ts';
import { isNormalName } from './layouts/normal-names.ts';
import { someOf } from './order.ts';

/** What a layout knows of an image. */
interface Known extends TestFile {
  category: string;
}

/**
 * Splits a dataset as a list says. What the list leaves open (defects, masks, categories) the layout says, where there
 * is one. Images that are not listed are left out. Errors: `list-invalid`.
 */
export function applyList(list: readonly ListedImage[], listFile: string, folder: Folder, found: readonly CategoryFiles[]): CategoryFiles[] {
  const known = new Map(found.flatMap(knownImages).map((image) => [image.path, image]));
  const here = new Set(foldersIn(folder).flatMap(imagesIn));
  const categories = new Map<string, CategoryFiles>();
  for (const entry of list) {
    const name = entry.category ?? known.get(entry.path)?.category ?? (found.length === 1 ? found[0]!.name : folder.name);
    const files = categories.get(name) ?? empty(name, found.find((f) => f.name === name));
    categories.set(name, files);
    const gone = [entry.path, ...entry.masks].find((path) => !here.has(path));
    if (gone !== undefined) files.faults!.push(notThere(gone, listFile, entry.line));
    else place(entry, known.get(entry.path), files, listFile);
  }
  const listed = new Set(list.map(({ path }) => path));
  for (const files of categories.values()) {
    const others = [...known.values()].filter(({ path, category }) => category === files.name && !listed.has(path));
    files.notes.push(...unlisted(others.map(({ path }) => path), listFile));
  }
  return [...categories.values()];
}

function knownImages({ name, train, validation = [], test, masksOfTrain }: CategoryFiles): Known[] {
  const normal = [...train, ...validation].map((path): Known => {
    const mask = masksOfTrain?.get(path);
    return { path, category: name, ...(mask === undefined ? { defect: 'good', masks: [] } : { defect: 'defect', masks: [mask], byMask: true }) };
  });
  return [...normal, ...test.map((file) => ({ ...file, category: name }))];
}

function empty(name: string, like: CategoryFiles | undefined): CategoryFiles {
  const { folder = '', notes = [], normalFolder = '' } = like ?? {};
  // What is held out is for the list to say.
  const kept = notes.filter(({ code }) => code !== 'good-images-held-out');
  return { name, folder, train: [], validation: [], test: [], masksOfTrain: new Map(), orphanMasks: [], normalFolder, notes: kept, faults: [] };
}

function place({ path, split, label, masks, line }: ListedImage, known: Known | undefined, files: CategoryFiles, listFile: string): void {
  const parent = path.split('/').at(-2);
  const inferred = known?.defect ?? (parent !== undefined && isNormalName(parent) ? 'good' : undefined);
  const defect = label === undefined ? inferred : isNormalName(label) ? 'good' : label;
  const ownMasks = masks.length ? masks : (known?.masks ?? []);
  const isByMask = label === undefined && !masks.length && known?.byMask === true;
  if (split === 'test') {
    if (defect === undefined) throw invalid(listFile, line, `a label for ${path}, found none`, 'add a column `label`: good, or the name of the defect');
    files.test.push({ path, defect, masks: defect === 'good' ? [] : ownMasks, ...(isByMask ? { byMask: true } : {}) });
    return;
  }
  if (isByMask) (files.masksOfTrain as Map<string, string>).set(path, ownMasks[0]!);
  else if (defect !== undefined && defect !== 'good') {
    throw invalid(listFile, line, `good images to ${split === 'train' ? 'train' : 'validate'} on, found ${path} with the label "${defect}"`, 'list it as test, or leave it out');
  }
  (split === 'train' ? files.train : files.validation!).push(path);
}

function unlisted(paths: readonly string[], listFile: string): LayoutNote[] {
  if (!paths.length) return [];
  return [
    {
      code: 'not-listed',
      file: paths[0]!,
      message: `expected every image in ${listFile}, found no ${someOf(paths)}: left out`,
      hint: 'add them to the list, or bear with it',
    },
  ];
}

function notThere(path: string, listFile: string, line: number) {
  return {
    severity: 'error',
    code: 'listed-not-there',
    file: path,
    message: `expected the image that line ${line} of ${listFile} names, found none`,
    hint: 'correct the path: it begins at the folder of the dataset',
  } as const;
}

function invalid(file: string, line: number, message: string, hint: string): StillroomError {
  return new StillroomError('list-invalid', `line ${line}: expected ${message}`, { file, hint });
}
