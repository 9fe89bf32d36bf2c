import { dataset, defineNode, images, numbers, type InferContext, type Signals } from '../sdk/index.ts';

type Side = readonly number[];

/** Decodes the images of a dataset to one size. Output `images` `[H, W, 3]`, RGB, 0–1. */
export const resizeCrop = defineNode({
  type: 'data/resize-crop',
  version: 1,
  title: 'Resize and crop',
  summary:
    'Decodes each image to RGB in 0–1, resizes it (bilinear, antialiased) and cuts out the middle. ' +
    'What lies outside the crop is not inspected.',
  category: 'data',
  cite: 'Thomine & Snoussi 2024, §4 (256×256, then 224×224)',
  params: {
    resize: numbers({
      default: [256, 256],
      length: 2,
      min: 1,
      unit: 'px',
      help: 'Height and width the whole image is resized to.',
    }),
    crop: numbers({
      default: [224, 224],
      length: 2,
      min: 1,
      unit: 'px',
      help: 'Height and width cut from the middle of the resized image; the same as `resize` for the whole image.',
    }),
  },
  inputs: { dataset: dataset() },
  outputs: { images: images() },
  infer(_inputs, { resize, crop }, ctx): Signals {
    wholePixels('resize', resize, ctx);
    wholePixels('crop', crop, ctx);
    const [height = 0, width = 0] = crop;
    if (height > resize[0]! || width > resize[1]!) {
      ctx.problem({
        code: 'crop-too-large',
        field: 'crop',
        message: `expected a crop within the resized ${resize.join('×')} px, found ${crop.join('×')} px`,
        hint: 'lower `crop` or raise `resize`',
      });
      return {};
    }
    return { images: { type: 'images', shape: [height, width, 3], stride: 1, image: [height, width] } };
  },
  geometry: ({ resize, crop }) => ({ resize: [resize[0]!, resize[1]!], crop: [crop[0]!, crop[1]!] }),
});

function wholePixels(field: string, size: Side, ctx: InferContext): void {
  if (size.every(Number.isInteger)) return;
  ctx.problem({
    code: 'invalid-parameter',
    field,
    message: `expected whole numbers of pixels, found ${size.join('×')}`,
    hint: `round \`${field}\``,
  });
}
