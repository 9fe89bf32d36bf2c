import { choice, defineNode, features, fromNetwork, images, residualSum, type Net, type Network } from '../sdk/index.ts';

const params = {
  resolution: choice({
    default: 'reduced',
    options: { reduced: 'half of the teacher: /8 and /16', teacher: 'as the teacher: /4 and /8' },
    help: 'Size of the features. At `reduced` the features of the teacher are average-pooled 2×2 before comparison.',
  }),
};
type ReducedParams = typeof params;

const network: Network<ReducedParams> = {
  settings: () => ({ padding: 'torch', epsilon: 1e-5, momentum: 0.9, trainable: true }),
  forward<X>(net: Net<X>, inputs: Record<string, X>, { resolution }: { resolution: string }): Record<string, X> {
    const stem = net.convBatchNorm(inputs['images']!, {
      name: 'conv1',
      norm: 'bn1',
      filters: 64,
      kernel: 7,
      stride: 2,
      activation: 'relu',
    });
    const block = (x: X, name: string, filters: number, stride: number): X =>
      net.activation(residualSum(net, x, { name, filters, kernel: 3, stride }), 'relu');
    const layer1 = block(net.maxPool(stem, 3, 2), 'layer1.0', 64, resolution === 'reduced' ? 2 : 1);
    return { layer1, layer2: block(layer1, 'layer2.0', 128, 2) };
  },
};

/**
 * The shallow model's student. `images` `[H, W, 3]` to `layer1` and `layer2`: at 224×224 `[28, 28, 64]` and
 * `[14, 14, 128]`, or twice that size. Its features end in a ReLU, as ResNet18's do.
 */
export const reducedResNet18 = defineNode({
  type: 'student/reduced-resnet18',
  version: 1,
  title: 'Reduced ResNet18 student',
  summary: 'A ResNet18 cut to its stem and one residual block for each of its first two stages.',
  category: 'students',
  cite: 'Thomine, Snoussi & Soua 2023, MixedTeacher, §3; Thomine & Snoussi 2024, §3.2',
  params,
  inputs: { images: images() },
  outputs: { layer1: features(), layer2: features() },
  ...fromNetwork<ReducedParams>(network),
});
