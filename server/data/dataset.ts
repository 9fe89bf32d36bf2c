import type { Problem } from '../../plugins/sdk/problem.ts';

/** An image on disk. */
export interface ImageRef {
  /** Absolute. */
  file: string;
  /** Relative to the dataset's root, with `/` on every platform; what names the image in results. */
  path: string;
  /** Height and width once upright, px. */
  height: number;
  width: number;
  /** SHA-256 of the file; absent where only headers were read. */
  hash?: string;
}

export interface LabelledImage extends ImageRef {
  /** `good`, or the name of its defect. */
  defect: string;
  anomalous: boolean;
  /** Marks the defective pixels with any value but zero; null where there is none, and for good images. */
  mask: ImageRef | null;
}

/** One product: a model is fitted on its normal images and measured on its test images. */
export interface Category {
  name: string;
  /** Normal images, sorted by path. */
  train: ImageRef[];
  /** Sorted by path; empty where the dataset has normal images only. */
  test: LabelledImage[];
}

export interface Dataset {
  /** Absolute path of the folder that was read. */
  root: string;
  /** Name of the layout it was found to have: `mvtec`, `mvtec-set`, `good-and-defects`, `plain`. */
  layout: string;
  categories: Category[];
  /** What is not as it should be and was left out or borne with; all warnings. */
  problems: Problem[];
}

/** Every file the dataset is made of, masks too. */
export function filesOf(categories: readonly Category[]): ImageRef[] {
  return categories.flatMap(({ train, test }) => [
    ...train,
    ...test,
    ...test.flatMap(({ mask }) => (mask ? [mask] : [])),
  ]);
}
