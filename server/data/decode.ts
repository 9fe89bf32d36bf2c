import type { Geometry } from '../../plugins/sdk/images.ts';
import { readMask, readPixels } from './image-file.ts';
import { resizeBilinear, resizeNearest, type Window } from './resample.ts';

/**
 * Decodes an image, resizes it whole and cuts out the middle, equal to the last bit to PIL's bilinear `resize` and
 * torchvision's `CenterCrop`. RGB, 8 bits, row-major `[h, w, 3]` of the crop. Upright by EXIF; grey is repeated,
 * 16 bits keep their upper 8, alpha is dropped, colour profiles are ignored.
 * Errors: `unreadable-image`, `image-too-large`, `unsupported-image`, each with its file.
 */
export async function decodeImage(file: string, geometry: Geometry): Promise<Uint8Array> {
  const [height, width] = geometry.resize;
  return resizeBilinear(await readPixels(file), height, width, centreCrop(geometry));
}

/** A mask in the same geometry, nearest neighbour as PIL's: 1 where any value is not zero, `[h, w]` of the crop. */
export async function decodeMask(file: string, geometry: Geometry): Promise<Uint8Array> {
  const [height, width] = geometry.resize;
  return resizeNearest(await readMask(file), height, width, centreCrop(geometry));
}

/** Where torchvision's `CenterCrop` lies: at half the border, a half rounded to the even side, as Python rounds. */
export function centreCrop({ resize, crop }: Geometry): Window {
  const [height, width] = crop;
  if (height > resize[0] || width > resize[1]) {
    throw new RangeError(`a crop of ${crop.join('×')} does not lie within ${resize.join('×')}`);
  }
  return { top: roundHalfToEven((resize[0] - height) / 2), left: roundHalfToEven((resize[1] - width) / 2), height, width };
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2) : Math.round(x);
}
