import { choice, defineNode, images, numbers, type Signals } from '../sdk/index.ts';

const presets = {
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  lite0: { mean: [0.498, 0.498, 0.498], deviation: [0.502, 0.502, 0.502] },
} as const;

/** `(x − mean) / deviation` per colour channel; `images` `[H, W, 3]` to the same. */
export const normalise = defineNode({
  type: 'data/normalise',
  version: 1,
  title: 'Normalise',
  summary: 'Brings colours to the range that the teacher was trained with: (x − mean) / deviation per channel.',
  category: 'data',
  cite: 'Thomine & Snoussi 2024, §4 (mean and deviation of ImageNet)',
  params: {
    preset: choice({
      default: 'imagenet',
      options: {
        imagenet: 'ImageNet (ResNet18, EfficientNet-B0)',
        lite0: 'EfficientNet-Lite0: (x − 0.498) / 0.502',
        none: 'none: 0–1 as decoded',
        custom: 'custom mean and deviation',
      },
      help: 'As the weights of the teacher were trained; `stillroom weights list` says it.',
    }),
    mean: numbers({ default: [0.5, 0.5, 0.5], length: 3, help: 'Of red, green and blue in 0–1; with `custom` only.' }),
    deviation: numbers({
      default: [0.5, 0.5, 0.5],
      length: 3,
      min: 0,
      help: 'Of red, green and blue in 0–1; with `custom` only.',
    }),
  },
  inputs: { images: images() },
  outputs: { images: images() },
  infer({ images }, { preset, deviation }, ctx): Signals {
    if (preset === 'custom' && deviation.includes(0)) {
      ctx.problem({
        code: 'invalid-parameter',
        field: 'deviation',
        message: `expected deviations above 0, found ${deviation.join(', ')}`,
        hint: 'use 1 for a channel that is to be centred only',
      });
    }
    const [height = 0, width = 0, channels = 0] = images!.shape;
    if (channels !== 3) {
      ctx.problem({
        code: 'wrong-channels',
        socket: 'images',
        message: `expected images with 3 channels, found ${channels}`,
        hint: 'connect colour images',
      });
      return {};
    }
    if (preset !== 'none') {
      const values = height * width * channels;
      ctx.cost({ multiplyAdds: values, activationBytes: 4 * values });
    }
    return { images: images! };
  },
  build({ tf }, { preset, mean, deviation }) {
    return ({ images }) => {
      if (preset === 'none') return { images: images! };
      const of = preset === 'custom' ? { mean, deviation } : presets[preset];
      return { images: tf.div(tf.sub(images!, tf.tensor1d([...of.mean])), tf.tensor1d([...of.deviation])) };
    };
  },
});
