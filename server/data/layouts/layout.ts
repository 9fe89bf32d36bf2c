import type { Folder } from '../folder.ts';

/** A way of laying out a dataset in folders. It looks at names only. */
export interface Layout {
  /** Stable; stands in manifests. */
  name: string;
  /** What it looks like, for a person. */
  title: string;
  detects(folder: Folder): boolean;
  read(folder: Folder): CategoryFiles[];
}

/** The files of one category, by their paths relative to the dataset's root. */
export interface CategoryFiles {
  name: string;
  train: string[];
  test: TestFile[];
  /** Masks that belong to no image that is there. */
  orphanMasks: string[];
  /** Where normal images are looked for, to say so when there are none. */
  normalFolder: string;
  /** What a person must know of how the folders were read. */
  notes: string[];
}

export interface TestFile {
  path: string;
  /** `good`, or the name of its defect. */
  defect: string;
  mask: string | null;
}
