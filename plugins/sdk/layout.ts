import type { Problem } from './problem.ts';

/**
 * A way of laying out a dataset in folders. It looks at names, and at lists that come with the images; whether files can be
 * decoded, and whether images and masks are of one size, is looked at afterwards, for every layout in the same way.
 */
export interface Layout {
  /** `<plugin>/<layout>`; stable, as it stands in manifests of runs. Those that come with Stillroom are one word. */
  name: string;
  /** What it looks like, for a person: `train/good, test/DEFECT`. */
  title: string;
  /** Whether a folder is laid out so. */
  detects(folder: Folder): boolean;
  /** What its files are; called where `detects` says yes, or where somebody names the layout. */
  read(folder: Folder, context: LayoutContext): CategoryFiles[] | Promise<CategoryFiles[]>;
  /**
   * A small dataset that is laid out so: the text of each file by its path, null of an image. What the conformance kit holds
   * `detects` and `read` to.
   */
  example?: Readonly<Record<string, string | null>>;
}

/** What a folder holds, read once; layouts look at this and never at the disk. Hidden files are left out. */
export interface Folder {
  name: string;
  /** Relative to where the listing began, with `/` on every platform and at the end; empty there. */
  path: string;
  /** Sorted by name, independent of file system and locale. */
  folders: Folder[];
  /** Names of the files, sorted likewise. */
  files: string[];
  /** What cannot be looked at: folders without permission; and what is called as an image and is no file. Absent where all is well. */
  faults?: Problem[];
}

/** What a layout may ask for besides names. */
export interface LayoutContext {
  /** The text of a file, by its path in the dataset; null where there is none. */
  text(path: string): Promise<string | null>;
  /** Folder of a category whose images validate; may have `/`. */
  validationFolder: string;
}

/** The files of one category, by their paths relative to the dataset's root. */
export interface CategoryFiles {
  name: string;
  /** Path of its folder, with `/` at its end; empty at the root. */
  folder: string;
  train: string[];
  /** Normal images that the dataset keeps for validation; absent where it keeps none. */
  validation?: string[];
  test: TestFile[];
  /** Masks of training images, where a set has them: what marks anything does not train. */
  masksOfTrain?: ReadonlyMap<string, string>;
  /** Masks that belong to no image that is there. */
  orphanMasks: string[];
  /** Where normal images are looked for, to say so when there are none. */
  normalFolder: string;
  /** What a person must know of how the folders were read. */
  notes: LayoutNote[];
  /** What is wrong with the dataset's own lists, with paths as above. */
  faults?: Problem[];
}

export interface TestFile {
  path: string;
  /** `good`, or the name of its defect. */
  defect: string;
  /** All of them together mark the defect; none where the defect is not marked. */
  masks: readonly string[];
  /** Whether it is defective is for its mask to say: it is good where that marks nothing. */
  byMask?: true;
  /** Left out unless its defect is asked for. */
  optional?: true;
}

/** A warning, told of its category. */
export interface LayoutNote {
  code: string;
  message: string;
  hint?: string;
  file?: string;
  /** Files that it tells of and that have no other use. */
  used?: readonly string[];
}

const imageName = /\.(png|jpe?g|bmp|tiff?|webp)$/i;

/** Whether a file is called as an image that can be read. */
export const isImageName = (name: string): boolean => imageName.test(name);

/** The folder of a name in another, however its accents are written. */
export function folderIn(folder: Folder | undefined, name: string): Folder | undefined {
  return folder?.folders.find((one) => one.name.normalize() === name.normalize());
}

/** A folder and all below it. */
export function foldersIn(folder: Folder): Folder[] {
  return [folder, ...folder.folders.flatMap(foldersIn)];
}

/** Paths of the images that lie directly in a folder. */
export function imagesIn(folder: Folder | undefined): string[] {
  return folder ? folder.files.filter(isImageName).map((name) => folder.path + name) : [];
}
