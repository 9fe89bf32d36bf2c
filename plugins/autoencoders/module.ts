import { defineNode, features, fromNetwork, integer, number, type Net, type Network } from '../sdk/index.ts';

const params = {
  ratio: number({
    default: 0.25,
    min: 0.01,
    max: 1,
    step: 0.01,
    help: 'Width of the bottleneck as a share of the channels of the feature.',
  }),
  depth: integer({ default: 1, min: 1, max: 4, help: 'How often the bottleneck halves the resolution.' }),
};
type ModuleParams = typeof params;

const network: Network<ModuleParams> = {
  settings: () => ({ padding: 'torch', epsilon: 1e-5, momentum: 0.9, trainable: true }),
  forward<X>(net: Net<X>, inputs: Record<string, X>, { ratio, depth }: { ratio: number; depth: number }): Record<string, X> {
    const feature = inputs['features']!;
    const channels = net.size(feature)[2];
    const width = Math.max(1, Math.round(channels * ratio));
    const layer = (x: X, name: string, kernel: number, stride: number): X =>
      net.convBatchNorm(x, {
        name: `${name}.conv`,
        norm: `${name}.bn`,
        filters: width,
        kernel,
        stride,
        activation: 'relu',
      });
    let x = layer(feature, 'encoder.0', 1, 1);
    const sizes: (readonly [number, number, number])[] = [];
    for (let level = 1; level <= depth; level++) {
      sizes.push(net.size(x));
      x = layer(x, `encoder.${level}`, 3, 2);
    }
    // To the very size the encoder left, as an odd side does not come back by doubling: 7 → 4 → 7.
    for (const [level, [height, width]] of [...sizes.entries()].reverse()) {
      x = layer(net.resize(x, height, width), `decoder.${level + 1}`, 3, 1);
    }
    return { reconstruction: net.conv(x, { name: 'decoder.0', filters: channels, kernel: 1 }) };
  },
};

const inNetwork = fromNetwork<ModuleParams>(network);

/**
 * One autoencoder for one deep feature: `features` `[h, w, C]` to `reconstruction` `[h, w, C]`, through
 * `[h / 2, w / 2, C / 4]`. It ends in a convolution, since half of the values of EfficientNet's stages are negative.
 */
export const autoencoderModule = defineNode({
  type: 'autoencoder/module',
  version: 1,
  title: 'Autoencoder module',
  summary:
    'Reconstructs a deep feature of the teacher through a narrow bottleneck at half its resolution; ' +
    'what is not normal comes back wrong.',
  category: 'autoencoders',
  cite: 'Thomine & Snoussi 2024, §3.1 (its layers are not given there)',
  params,
  inputs: { features: features() },
  outputs: { reconstruction: features() },
  ...inNetwork,
  infer(inputs, params, ctx) {
    inNetwork.infer(inputs, params, ctx);
    // Its own position in the image: an odd side that is halved and brought back would round the stride.
    return { reconstruction: inputs['features']! };
  },
});
