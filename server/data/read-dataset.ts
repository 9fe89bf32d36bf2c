import { readFile } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { DatasetSource } from '../../plugins/sdk/images.ts';
import { foldersIn, imagesIn, type CategoryFiles, type Folder, type Layout } from '../../plugins/sdk/layout.ts';
import { StillroomError, type Problem } from '../../plugins/sdk/problem.ts';
import { applyList } from './apply-list.ts';
import { countFiles, readCategory, type OnInspected, type ReadCategory } from './category-reader.ts';
import type { Dataset } from './dataset.ts';
import { unusedImages } from './dataset-problems.ts';
import { readFileList } from './file-list.ts';
import { listFolder } from './folder.ts';
import type { Scrutiny } from './inspect.ts';
import { detectLayout, layoutNamed, layouts } from './layouts/index.ts';
import type { MoreLayouts, Understood } from './more-layouts.ts';
import { byCodeUnits } from './order.ts';

/** What happens to files that cannot be used: they are left out with a warning, the dataset is refused, or (to look at one) they are told as errors. */
export type OnProblem = 'skip' | 'refuse' | 'report';

export interface ReadOptions {
  /** Names of the categories to read; all of them where absent. */
  category?: readonly string[];
  /** `refuse` where absent. */
  onProblem?: OnProblem;
  /** `pixels` (default) decodes every file and hashes it; `header` is quick and finds neither truncation nor leakage. */
  scrutiny?: Scrutiny;
  /** Folder within a category whose images validate; `validation` where absent. */
  validationFolder?: string;
  /** Name of the layout; recognised where absent. */
  layout?: string;
  /** Layouts beside ours. */
  more?: MoreLayouts;
  /** A list of images and their splits, instead of the layout's; absolute, or from the dataset's folder. */
  list?: string;
  /** Only these defects are measured. */
  defects?: readonly string[];
  onProgress?: (done: number, total: number) => void;
  onInspected?: OnInspected;
}

/** What decides which file is what. */
export type UnderstandOptions = Pick<ReadOptions, 'validationFolder' | 'list' | 'layout' | 'more'>;

/**
 * Reads what a folder holds: detects its layout, pairs images with masks, looks at every file.
 * Errors: `no-such-folder`, `not-a-folder`, `cannot-read-folder`, `folder-too-large`, `no-images`, `no-good-images`,
 * `unknown-category`, `unknown-layout`, `layout-failed`, `layout-timeout`, `list-unreadable`, `list-invalid`; with `refuse`
 * also `unreadable-image`, `image-too-large`, `unsupported-image`, `not-a-file`, `mask-size-differs`, `listed-not-there`, all
 * of them in one error.
 */
export async function readDataset(directory: string, options: ReadOptions = {}): Promise<Dataset> {
  const root = resolve(directory);
  const folder = await listFolder(root);
  const { layout, files: found } = await understand(root, folder, options);
  const chosen = choose(found, options.category, root);
  const total = chosen.reduce((sum, files) => sum + countFiles(files), 0);
  let done = 0;
  const read: ReadCategory[] = [];
  for (const files of chosen) {
    read.push(
      await readCategory(root, files, {
        scrutiny: options.scrutiny ?? 'pixels',
        ...(options.defects ? { defects: options.defects } : {}),
        onFile: () => options.onProgress?.(++done, total),
        ...(options.onInspected ? { onInspected: options.onInspected } : {}),
      }),
    );
  }
  const faults = [...faultsOfFolders(folder, options.category ? chosen : undefined), ...read.flatMap((category) => category.faults)];
  const problems = settle(faults, options.onProblem ?? 'refuse', root);
  problems.push(...read.flatMap(({ warnings }) => warnings));
  if (!options.category && !options.list) problems.push(...unusedImages(folder, found));
  for (const [i, { category }] of read.entries()) {
    if (category.train.length) continue;
    const error = noGoodImages(chosen[i]!, root);
    if (options.onProblem !== 'report') throw error;
    problems.push({ ...error.problems[0]!, file: chosen[i]!.normalFolder });
  }
  return {
    root,
    layout,
    categories: read.map(({ category }) => category),
    problems: problems.map((problem) => (problem.file === undefined ? problem : { ...problem, file: join(root, problem.file) })),
  };
}

/**
 * Refuses categories that a folder does not have, by the names of its folders and files, or its list, alone. Errors: those
 * of `readDataset` that need no look into images.
 */
export async function mustHaveCategories(directory: string, wanted: readonly string[], options: UnderstandOptions): Promise<void> {
  const root = resolve(directory);
  const { files } = await understand(root, await listFolder(root), options);
  choose(files, wanted, root);
}

/** How a dataset node has its images read. */
export function readOptionsOf({ layout, split, defects }: DatasetSource): Pick<ReadOptions, 'layout' | 'validationFolder' | 'list' | 'defects'> {
  return {
    ...(layout ? { layout } : {}),
    ...(split?.by === 'folder' ? { validationFolder: split.folder } : {}),
    ...(split?.by === 'list' ? { list: split.list } : {}),
    ...(defects ? { defects } : {}),
  };
}

/** What the folder's layout, or a list, makes of its files. */
async function understand(root: string, folder: Folder, options: UnderstandOptions): Promise<Understood> {
  const understood = await (options.layout ? byLayout(root, folder, options.layout, options) : recognised(root, folder, options));
  if (options.list) {
    const file = isAbsolute(options.list) ? options.list : join(root, options.list);
    const sound = understood && isSound(understood) ? understood : null;
    const files = applyList(await readFileList(file), options.list, folder, sound?.files ?? []);
    return { layout: sound ? `${sound.layout}, by list` : 'list', files };
  }
  if (!understood) throw noImages(root, folder, options.more);
  return understood;
}

/** Ours come first; where they find no normal images, they have guessed wrong what the folders are, and others are asked. */
async function recognised(root: string, folder: Folder, options: UnderstandOptions): Promise<Understood | null> {
  const layout = detectLayout(folder);
  const own = layout ? await readBy(layout, root, folder, options) : null;
  if (own && isSound(own)) return own;
  return (options.more?.known.length ? await options.more.read(root, null, validationFolderOf(options)) : null) ?? own;
}

async function byLayout(root: string, folder: Folder, name: string, options: UnderstandOptions): Promise<Understood> {
  const layout = layoutNamed(name);
  const understood = layout ? await readBy(layout, root, folder, options) : await options.more?.read(root, name, validationFolderOf(options));
  if (understood) return understood;
  const names = [...layouts, ...(options.more?.known ?? [])].map((one) => one.name);
  throw new StillroomError('unknown-layout', `expected the name of a layout, found "${name}"`, { hint: `name one of ${names.join(', ')}, or none; a layout of a plugin needs its plugin` });
}

async function readBy(layout: Layout, root: string, folder: Folder, options: UnderstandOptions): Promise<Understood> {
  const text = (path: string): Promise<string | null> => readFile(join(root, path), 'utf8').catch(() => null);
  return { layout: layout.name, files: await layout.read(folder, { text, validationFolder: validationFolderOf(options) }) };
}

const validationFolderOf = ({ validationFolder }: UnderstandOptions): string => validationFolder || 'validation';
const isSound = ({ files }: Understood): boolean => files.some(({ train }) => train.length > 0);

/** What the listing could not look at, in the folders of the chosen categories. */
function faultsOfFolders(folder: Folder, chosen: readonly CategoryFiles[] | undefined): Problem[] {
  const faults = foldersIn(folder).flatMap((f) => f.faults ?? []);
  return chosen ? faults.filter(({ file = '' }) => chosen.some((files) => file.startsWith(files.folder))) : faults;
}

/** Refuses the dataset for its faulty files, or tells of them. */
function settle(faults: readonly Problem[], onProblem: OnProblem, root: string): Problem[] {
  const sorted = [...faults].sort((a, b) => byCodeUnits(a.file ?? '', b.file ?? ''));
  if (onProblem === 'report') return sorted;
  if (onProblem === 'skip') {
    return sorted.map((fault) => ({ ...fault, severity: 'warning', hint: `left out; ${fault.hint}` }));
  }
  const [first] = sorted;
  if (!first) return [];
  const problems = sorted.map((fault) => ({ ...fault, file: join(root, fault.file ?? '') }));
  throw new StillroomError(first.code, first.message, { file: problems[0]!.file, ...(first.hint ? { hint: first.hint } : {}), problems });
}

function noGoodImages({ name, train, normalFolder }: CategoryFiles, root: string): StillroomError {
  const found = train.length ? `${train.length} that cannot be used` : 'none';
  return new StillroomError('no-good-images', `expected normal images of ${name} to fit on, found ${found}`, {
    file: join(root, normalFolder),
    hint: 'put images without defects there',
  });
}

function choose(found: readonly CategoryFiles[], wanted: readonly string[] | undefined, root: string): CategoryFiles[] {
  if (!wanted) return [...found];
  const unknown = wanted.find((name) => !found.some((category) => category.name === name));
  if (unknown !== undefined) {
    const names = found.map(({ name }) => name);
    throw new StillroomError('unknown-category', `expected a category of this dataset, found "${unknown}"`, {
      file: root,
      hint: `choose from ${names.join(', ')}`,
    });
  }
  return found.filter(({ name }) => wanted.includes(name));
}

function noImages(root: string, folder: Folder, more?: MoreLayouts): StillroomError {
  const all = foldersIn(folder);
  const faults = all.flatMap((f) => f.faults ?? []);
  const images = all.flatMap(imagesIn).length;
  const files = all.reduce((sum, f) => sum + f.files.length, 0);
  const found = images ? `${images} images in folders of no known layout` : `${files} files, none of them an image`;
  return new StillroomError('no-images', `expected a folder of images, found ${found}${faults.length ? ` (and ${faults.length} that cannot be looked at)` : ''}`, {
    file: root,
    hint: `lay it out as one of: ${[...layouts, ...(more?.known ?? [])].map(({ title }) => title).join('; ')}`,
  });
}
