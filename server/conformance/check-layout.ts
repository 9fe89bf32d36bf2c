import { isDeepStrictEqual } from 'node:util';
import { createRandom, type CategoryFiles, type Folder, type Layout, type LayoutContext } from '../../plugins/sdk/index.ts';
import { mustBeCategories } from '../plugins/layouts/category-forms.ts';
import { Findings, reasonOf, type Finding } from './finding.ts';
import { folderOf } from './folder-of.ts';

/** Folders of which a layout may think what it likes, as long as it stays sound: trees of names that datasets have. */
const trees = 24;

/** Holds a layout to its rules, on the example that it gives and on folders that are generated. */
export async function checkLayout(layout: Layout, seed = 0): Promise<Finding[]> {
  const findings = new Findings(layout.name);
  const { example } = layout;
  if (example) {
    const folder = folderOf('example', Object.keys(example));
    const found = await checkOn(layout, folder, example, 'on its example', findings);
    if (found === null) findings.add('layout-recognises', 'expected `detects` to recognise the example, found that it does not', 'bring `detects` and `example` together');
    else if (found && !found.some(({ train }) => train.length > 0)) {
      findings.add('layout-files', 'expected normal images to train on in the example, found none', 'put those of `train` into the example, or read them from where they are');
    }
  }
  const empty = folderOf('empty', ['readme.txt', 'notes/list.csv']);
  if (recognises(layout, empty, 'on a folder without images', findings)) {
    findings.add('layout-recognises', 'expected `detects` to leave alone a folder without images, found that it recognises it', 'look for images, by `imagesIn`');
  }
  const random = createRandom('layouts', seed, layout.name);
  for (let i = 0; i < trees; i++) {
    const paths = drawnPaths(random);
    await checkOn(layout, folderOf('drawn', paths), Object.fromEntries(paths.map((path) => [path, null])), `on a folder of ${paths.slice(0, 3).join(', ')}, …`, findings);
  }
  return findings.list;
}

/** What it makes of a folder: null where it does not recognise it, undefined where something is wrong. */
async function checkOn(layout: Layout, folder: Folder, texts: Readonly<Record<string, string | null>>, where: string, findings: Findings): Promise<CategoryFiles[] | null | undefined> {
  const isOurs = recognises(layout, folder, where, findings);
  if (!isOurs) return isOurs === false ? null : undefined;
  const context: LayoutContext = { validationFolder: 'validation', text: async (path) => texts[path] ?? null };
  try {
    const [first, second] = [await readOnce(layout, folder, context, where, findings), await readOnce(layout, folder, context, where, findings)];
    if (!isDeepStrictEqual(first, second)) {
      findings.add('layout-pure', `expected \`read\` to give the same again, found something else ${where}`, 'let it depend on names and texts alone: neither on chance, nor on the time, nor on what was read before');
    }
    return mustBeCategories(first, folder);
  } catch (error) {
    findings.add('layout-files', `expected \`read\` to give categories of files that are there, found that it failed ${where}: ${reasonOf(error)}`, 'name paths as the folder has them, by `path` and the names of its files');
    return undefined;
  }
}

function recognises(layout: Layout, folder: Folder, where: string, findings: Findings): boolean | undefined {
  const copy = structuredClone(folder);
  try {
    const found: unknown = layout.detects(copy);
    if (typeof found !== 'boolean') {
      findings.add('layout-recognises', `expected \`detects\` to give true or false, found ${typeof found} ${where}`, 'compare, and give what comes of it');
      return undefined;
    }
    if (layout.detects(copy) !== found) findings.add('layout-pure', `expected \`detects\` to say the same again, found otherwise ${where}`, 'let it depend on names alone');
    if (!isDeepStrictEqual(copy, folder)) findings.add('layout-pure', `expected \`detects\` to leave the folder alone, found it changed ${where}`, 'copy what is to be sorted or cut', 'changed');
    return found;
  } catch (error) {
    findings.add('layout-recognises', `expected \`detects\` to say of any folder whether it is laid out so, found that it failed ${where}: ${reasonOf(error)}`, 'a folder may have anything, or nothing');
    return undefined;
  }
}

async function readOnce(layout: Layout, folder: Folder, context: LayoutContext, where: string, findings: Findings): Promise<unknown> {
  const copy = structuredClone(folder);
  const found = await layout.read(copy, context);
  if (!isDeepStrictEqual(copy, folder)) findings.add('layout-pure', `expected \`read\` to leave the folder alone, found it changed ${where}`, 'copy what is to be sorted or cut', 'changed');
  return found;
}

const folderNames = ['train', 'test', 'good', 'ok', 'defect', 'ground_truth', 'masks', 'images', 'validation', '01', 'été', 'a b'];
const fileNames = ['000.png', '001.PNG', 'ok_1.jpg', 'ng_2.bmp', '000_mask.png', '1.tiff', 'list.csv', 'image'];

function drawnPaths({ uniform }: ReturnType<typeof createRandom>): string[] {
  const pick = (names: readonly string[]): string => names[Math.floor(uniform() * names.length)]!;
  const count = 1 + Math.floor(uniform() * 12);
  const paths = Array.from({ length: count }, () => [...Array.from({ length: Math.floor(uniform() * 4) }, () => pick(folderNames)), pick(fileNames)].join('/'));
  // A name is a file or a folder.
  return [...new Set(paths)].filter((path, _, all) => !all.some((other) => other.startsWith(`${path}/`)));
}
