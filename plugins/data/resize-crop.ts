import { choice, dataset, defineNode, images, number, numbers, type Geometry, type InferContext, type Signals, type Size } from '../sdk/index.ts';

/** Larger ones are a slip of the hand: one such image takes 0.8 GB as the network is given it. */
const largest = 8192;

/** Decodes the images of a dataset to one size. Output `images` `[H, W, 3]`, RGB, 0–1. */
export const resizeCrop = defineNode({
  type: 'data/resize-crop',
  version: 2,
  title: 'Resize and crop',
  summary:
    'Decodes each image to RGB in 0–1 and brings it to the size of `crop`: its middle, the whole of it stretched or ' +
    'fitted in, or tile by tile. What lies outside a crop is not inspected.',
  category: 'data',
  cite: 'Thomine & Snoussi 2024, §4 (256×256, then 224×224)',
  params: {
    mode: choice({
      default: 'crop',
      options: {
        crop: 'the middle: resized to `resize`, then cut to `crop`',
        whole: 'the whole image, stretched to `crop`',
        letterbox: 'the whole image, its aspect kept, fitted within `crop` and filled up',
        tiles: 'tiles of `crop`, overlapping, which cover the image',
      },
      help: 'What of an image the network sees. Tiles keep the details of large images and take as much longer.',
    }),
    resize: numbers({
      default: [256, 256],
      length: 2,
      min: 1,
      max: largest,
      unit: 'px',
      help: 'Height and width the whole image is resized to; with `mode` "crop".',
    }),
    crop: numbers({
      default: [224, 224],
      length: 2,
      min: 1,
      max: largest,
      unit: 'px',
      help: 'Height and width of what the network sees at once.',
    }),
    scale: number({
      default: 1,
      min: 0.01,
      max: 4,
      step: 0.25,
      help: 'Resolution that tiles are cut from, of the original’s; 1 is as taken. With `mode` "tiles".',
    }),
    overlap: number({
      default: 0.25,
      min: 0,
      max: 0.75,
      step: 0.05,
      help: 'Share of a tile’s side that the next tile shows too, 0–0.75. With `mode` "tiles".',
    }),
    fill: number({
      default: 0.5,
      min: 0,
      max: 1,
      step: 0.1,
      help: 'Grey of what is no image, 0–1. With `mode` "letterbox", and for images smaller than a tile.',
    }),
  },
  inputs: { dataset: dataset() },
  outputs: { images: images() },
  infer(_inputs, { mode, resize, crop }, ctx): Signals {
    const isWhole = [wholePixels('crop', crop, ctx), mode !== 'crop' || wholePixels('resize', resize, ctx)].every(Boolean);
    if (!isWhole) return {};
    const [height = 0, width = 0] = crop;
    if (mode === 'crop') {
      if (height > resize[0]! || width > resize[1]!) {
        ctx.problem({
          code: 'crop-too-large',
          field: 'crop',
          message: `expected a crop within the resized ${resize.join('×')} px, found ${crop.join('×')} px`,
          hint: 'lower `crop` or raise `resize`',
        });
        return {};
      }
    }
    return { images: { type: 'images', shape: [height, width, 3], stride: 1, image: [height, width] } };
  },
  geometry({ mode, resize, crop, scale, overlap, fill }): Geometry {
    const size = sides(crop);
    switch (mode) {
      case 'crop':
        return { mode, size, resize: sides(resize) };
      case 'whole':
        return { mode, size };
      case 'letterbox':
        return { mode, size, fill };
      case 'tiles':
        return { mode, size, scale, overlap, fill };
    }
  },
  migrate: { 1: (params) => ({ ...params, mode: 'crop' }) },
});

const sides = ([height = 1, width = 1]: readonly number[]): Size => [height, width];

function wholePixels(field: string, size: readonly number[], ctx: InferContext): boolean {
  if (size.every(Number.isInteger)) return true;
  ctx.problem({
    code: 'invalid-parameter',
    field,
    message: `expected whole numbers of pixels, found ${size.join('×')}`,
    hint: `round \`${field}\``,
  });
  return false;
}
