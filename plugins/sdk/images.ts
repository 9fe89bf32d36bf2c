/** What a dataset node asks for. */
export interface DatasetSource {
  /** Folder of images; empty where the run names it. */
  path: string;
  /** Name of the layout of its folders; recognised where absent. */
  layout?: string;
  /** Share of the normal training images that validates instead, 0–1, drawn with the run's seed. */
  validationShare: number;
  /** Which normal images validate instead of training; a share of them where absent. */
  split?: ValidationSplit;
  /** Names of the defects that are measured; where absent, all but those that the dataset's layout leaves out by itself. */
  defects?: readonly string[];
}

/** Which normal images validate instead of training. Where they are drawn, those that a dataset keeps for it are among them. */
export type ValidationSplit =
  /** Those that the dataset keeps for it; where it keeps none, a share. */
  | { by: 'dataset' }
  /** A share, drawn with the run's seed. */
  | { by: 'share' }
  /** What lies in a folder of the category. */
  | { by: 'folder'; folder: string }
  /** One of so many equal parts, drawn with the run's seed; `fold` counts from 0. */
  | { by: 'fold'; folds: number; fold: number }
  /** As a list of images says, which also says what is tested: a file, absolute or from the dataset's folder. */
  | { by: 'list'; list: string };

/** Height and width, px. */
export type Size = readonly [height: number, width: number];

/**
 * How the pixels of a file become the network's images, all of `size`. Images are resized bilinearly with antialiasing,
 * as PIL; masks follow with the nearest neighbour.
 */
export type Geometry =
  /** The whole image is resized to `resize`, the middle of that is cut out; what lies around it is not inspected. */
  | { mode: 'crop'; size: Size; resize: Size }
  /** The whole image is stretched to the size. */
  | { mode: 'whole'; size: Size }
  /** The whole image is fitted within the size, its aspect kept; what is left over is filled. */
  | { mode: 'letterbox'; size: Size; fill: number }
  /** Many images of one: tiles that cover it, and are filled where it is smaller than a tile. */
  | {
      mode: 'tiles';
      size: Size;
      /** Of the original's resolution; 1 is as taken. */
      scale: number;
      /** Share of a tile that the next one shows too, 0–0.75; the last ones of a row or column may show more. */
      overlap: number;
      /** Grey of what is no image, 0–1. */
      fill: number;
    };

/** Share of an image's area that no network sees, 0–1. */
export function uninspectedShare(geometry: Geometry): number {
  if (geometry.mode !== 'crop') return 0;
  const { resize, size } = geometry;
  return 1 - (size[0] * size[1]) / (resize[0] * resize[1]);
}
