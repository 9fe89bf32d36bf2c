import type { Problem } from '../../../plugins/sdk/problem.ts';
import type { Folder } from '../folder.ts';

/** A way of laying out a dataset in folders. It looks at names, and at lists that come with the images. */
export interface Layout {
  /** Stable; stands in manifests. */
  name: string;
  /** What it looks like, for a person. */
  title: string;
  detects(folder: Folder): boolean;
  read(folder: Folder, around: Around): CategoryFiles[] | Promise<CategoryFiles[]>;
}

/** What a layout may ask for besides names. */
export interface Around {
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
  notes: Note[];
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
export interface Note {
  code: string;
  message: string;
  hint?: string;
  file?: string;
  /** Files that it tells of and that have no other use. */
  used?: readonly string[];
}
