import { choice, defineNode, images, integer, map, number, type BuildEnv, type Mode, type Tensor } from 'stillroom/sdk';
import { cutPaste } from './cut-paste.ts';
import { perlin } from './perlin.ts';

/** What a method gives: images `[N, H, W, C]` with defects, and where they are, `[N, H, W, 1]`, 0–1. */
export interface Painted {
  images: Tensor;
  mask: Tensor;
}

/** A method at work: everything random in it comes from `draw`, another number of which gives other numbers. */
export type Draw = (shape: readonly number[], which: number) => Tensor;

export const paint = defineNode({
  type: 'stillroom-synthetic-defects/paint',
  version: 1,
  title: 'Paint defects',
  summary:
    'Paints defects into some of the training images, and says where: a piece of the image pasted elsewhere, or another image where Perlin noise is high. ' +
    'Connect images before they are normalised.',
  category: 'data',
  cite: 'Li et al. 2021, CutPaste, §2; Zavrtanik et al. 2021, DRAEM, §3.3 (here with images of the batch as textures)',
  params: {
    method: choice({ default: 'perlin', options: { 'cut-paste': 'cut and paste', perlin: 'Perlin noise' }, help: 'How a defect is made.' }),
    share: number({ default: 0.5, min: 0, max: 1, step: 0.05, help: 'How many of the images get a defect, 0–1.' }),
    size: number({ default: 0.3, min: 0.05, max: 1, step: 0.05, help: 'Longest side of a pasted piece as a share of the image, 0–1; cut and paste.' }),
    cells: integer({ default: 6, min: 1, max: 64, help: 'Cells of the noise along a side: more make smaller defects; Perlin noise.' }),
    threshold: number({ default: 0.2, min: -0.7, max: 0.7, step: 0.05, help: 'Where the noise, −0.7 to 0.7, is above it there is a defect; Perlin noise.' }),
    opacity: number({ default: 0.3, min: 0, max: 1, step: 0.05, help: 'Least opacity of a defect; each is drawn from it to 1.' }),
    when: choice({ default: 'training', options: { training: 'while training', always: 'always, to look at it' }, help: 'Scores and maps are of clean images only where it paints while training.' }),
    drawing: integer({ default: 0, min: 0, max: 1_000_000, help: 'Which defects are painted where it paints always.', custom: 'stillroom-synthetic-defects/draw-again' }),
  },
  inputs: { images: images() },
  outputs: { images: images({ title: 'painted' }), mask: map({ title: 'where' }) },
  random: true,
  infer({ images: x }, { when }, ctx) {
    const [height = 0, width = 0, channels = 0] = x!.shape;
    ctx.cost({ multiplyAdds: 40 * height * width, activationBytes: 4 * height * width * (channels + 1) });
    if (when === 'always') {
      ctx.problem({
        code: 'paints-always',
        severity: 'warning',
        field: 'when',
        message: 'expected to paint while training only, found that images are painted when they are scored too',
        hint: 'set it back to "while training" before a run',
      });
    }
    return { images: x!, mask: { type: 'map', shape: [height, width, 1], stride: x!.stride ?? 1, image: [height, width] } };
  },
  build(env, params) {
    return (inputs, mode) => {
      const x = inputs['images']!;
      const { tf } = env;
      if (!mode.training && params.when === 'training') return { images: x, mask: tf.zeros([...x.shape.slice(0, 3), 1]) };
      const draw = drawing(env, mode, params.drawing);
      const painted = params.method === 'perlin' ? perlin(tf, x, params, draw) : cutPaste(tf, x, params, draw);
      const batch = x.shape[0]!;
      const isPainted = tf.cast(tf.less(draw([batch, 1, 1, 1], 0), params.share), 'float32');
      const mask = tf.mul(painted.mask, isPainted);
      // Exactly the image where there is no defect.
      return { images: tf.add(x, tf.mul(tf.sub(painted.images, x), tf.cast(tf.greater(mask, 0), 'float32'))), mask };
    };
  },
});

const drawing = ({ kernels }: BuildEnv, { training, seed }: Mode, which: number): Draw => (shape, part) => kernels.uniform(shape, seed, 16 * (training ? 0 : which) + part);
