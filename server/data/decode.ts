import { StillroomError } from '../../plugins/sdk/problem.ts';
import type { Geometry } from '../../plugins/sdk/images.ts';
import { readMask, readPixels } from './image-file.ts';
import { inspectionOf, isWithin, withinImage, type Inspection } from './inspection.ts';
import { resizeBilinear, resizeNearest, type Pixels, type Window } from './resample.ts';

/**
 * Decodes an image once and gives views of it: those with the numbers in `which`, or all. Resized whole and cut out,
 * equal to the last bit to PIL's bilinear `resize` and torchvision's `CenterCrop`; of tiles only what they show is
 * computed. RGB, 8 bits, row-major `[h, w, 3]` of the geometry's size. Upright by EXIF; grey is repeated, 16 bits keep
 * their upper 8, alpha is dropped, colour profiles are ignored.
 * Errors, each with its file: `unreadable-image`, `image-too-large`, `unsupported-image`, `too-many-tiles`,
 * `image-changed` where a view is asked for that the image does not have.
 */
export async function decodeViews(file: string, geometry: Geometry, which?: readonly number[]): Promise<Uint8Array[]> {
  const pixels = await readPixels(file);
  const inspection = inspectionOf([pixels.height, pixels.width], geometry, file);
  const { windows } = inspection;
  return (which ?? [...windows.keys()]).map((view) => {
    const window = windows[view];
    if (!window) throw changed(file, pixels, windows.length, view);
    return cutView(pixels, inspection, window);
  });
}

/** One view of decoded pixels, RGB. */
export function cutView(pixels: Pixels, { scaled, fill }: Inspection, window: Window): Uint8Array {
  const [height, width] = scaled;
  if (isWithin(window, scaled)) return resizeBilinear(pixels, height, width, window);
  const shown = withinImage(window, scaled);
  return framed(resizeBilinear(pixels, height, width, shown), shown, window, 3, fill);
}

/**
 * A mask in the same geometry, nearest neighbour as PIL's: 1 where any value is not zero, row-major, of what the views
 * show of the image together. The mask may have another size than its image.
 * Errors: `unreadable-image`, `image-too-large`, `unsupported-image`, each with its file.
 */
export async function decodeMask(files: string | readonly string[], { scaled, inspected }: Inspection): Promise<Uint8Array> {
  return resizeNearest(await readMask(files), scaled[0], scaled[1], inspected);
}

/** Puts what a window shows of the image into the window, the rest filled. */
function framed(shown: Uint8Array, at: Window, window: Window, channels: number, fill: number): Uint8Array {
  const out = new Uint8Array(window.height * window.width * channels).fill(fill);
  const line = at.width * channels;
  for (let y = 0; y < at.height; y++) {
    const to = ((at.top - window.top + y) * window.width + (at.left - window.left)) * channels;
    out.set(shown.subarray(y * line, (y + 1) * line), to);
  }
  return out;
}

function changed(file: string, { height, width }: Pixels, views: number, view: number): StillroomError {
  return new StillroomError(
    'image-changed',
    `expected the image as it was when the dataset was read, found ${width}×${height} px, which has ${views} views and no number ${view}`,
    { file, hint: 'start the run anew' },
  );
}
