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

/** Marks defective pixels with any value but zero. */
export interface MaskRef extends ImageRef {
  /** Further files of the same size: what any of them marks is defective. Absent where there are none. */
  more?: ImageRef[];
}

export interface LabelledImage extends ImageRef {
  /** `good`, or the name of its defect. */
  defect: string;
  anomalous: boolean;
  /** Null where there is none, and for good images. */
  mask: MaskRef | null;
}

/** One product: a model is fitted on its normal images and measured on its test images. */
export interface Category {
  name: string;
  /** Normal images, sorted by path. */
  train: ImageRef[];
  /** Normal images that the dataset keeps to validate on, sorted by path; absent where it leaves that to the run. */
  validation?: ImageRef[];
  /** Sorted by path; empty where the dataset has normal images only. */
  test: LabelledImage[];
}

export interface Dataset {
  /** Absolute path of the folder that was read. */
  root: string;
  /** Name of the layout it was found to have, such as `mvtec`; see `layouts/index.ts`. */
  layout: string;
  categories: Category[];
  /** What is not as it should be and was left out or borne with; all warnings, unless errors were only to be reported. */
  problems: Problem[];
}

/** Every file of a mask. */
export function filesOfMask({ file, more = [] }: MaskRef): string[] {
  return [file, ...more.map((part) => part.file)];
}

/** Every file the dataset is made of, masks too. */
export function filesOf(categories: readonly Category[]): ImageRef[] {
  return categories.flatMap(({ train, validation = [], test }) => [
    ...train,
    ...validation,
    ...test,
    ...test.flatMap(({ mask }) => (mask ? [mask, ...(mask.more ?? [])] : [])),
  ]);
}
