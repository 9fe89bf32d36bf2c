/** What a dataset node asks for. */
export interface DatasetSource {
  /** Folder of images; empty where the run names it. */
  path: string;
  /** Share of the normal training images that validates instead, 0–1, drawn with the run's seed. */
  validationShare: number;
}

/** How the pixels of a file become the network's image. Masks follow with nearest-neighbour interpolation. */
export interface Geometry {
  /** Height and width the whole image is resized to, px; bilinear with antialiasing, as PIL. */
  resize: readonly [number, number];
  /** Height and width cut from the middle of that, px; the same as `resize` for the whole image. */
  crop: readonly [number, number];
}

/** Share of the resized image that the crop leaves out, 0–1. */
export function uninspectedShare({ resize, crop }: Geometry): number {
  return 1 - (crop[0] * crop[1]) / (resize[0] * resize[1]);
}
