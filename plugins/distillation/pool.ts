import { defineNode, features, fromNetwork, integer, type Net, type Network } from '../sdk/index.ts';

const params = {
  window: integer({ default: 2, min: 1, max: 16, unit: 'positions', help: 'Side of the window, and the step.' }),
};
type PoolParams = typeof params;

const network: Network<PoolParams> = {
  settings: () => ({ padding: 'torch', epsilon: 1e-5, momentum: 0.9, trainable: false }),
  forward: <X>(net: Net<X>, inputs: Record<string, X>, { window }: { window: number }): Record<string, X> => ({
    features: net.avgPool(inputs['features']!, window, window),
  }),
};
const inNetwork = fromNetwork<PoolParams>(network);

/** `features` `[h, w, C]` to `[⌊h / window⌋, ⌊w / window⌋, C]`. */
export const poolFeatures = defineNode({
  type: 'features/pool',
  version: 1,
  title: 'Pool features',
  summary: 'Average-pools features, to bring those of a teacher to the size of its reduced student.',
  category: 'distillation',
  cite: 'Thomine, Snoussi & Soua 2023, MixedTeacher (authors\' code: 2×2)',
  params,
  inputs: { features: features() },
  outputs: { features: features() },
  ...inNetwork,
  infer(inputs, params, ctx) {
    const [height = 0, width = 0] = inputs['features']!.shape;
    if (height >= params.window && width >= params.window) return inNetwork.infer(inputs, params, ctx);
    ctx.problem({
      code: 'window-too-large',
      field: 'window',
      message: `expected a window within the ${height}×${width} features, found ${params.window}`,
      hint: `lower \`window\` to ${Math.min(height, width)} or less`,
    });
    return {};
  },
});
