import { backbone, residualSum, type BackboneStage, type Net } from '../sdk/index.ts';

type Stage = 'stem' | 'layer1' | 'layer2' | 'layer3' | 'layer4';

/**
 * ResNet18 without its classifier. At 224×224: stem 64@56² (after the max-pool), layer1 64@56², layer2 128@28²,
 * layer3 256@14², layer4 512@7². Weight names are torchvision's.
 */
export const resnet18 = backbone<Stage>({
  name: 'resnet18',
  title: 'ResNet18',
  cite: 'He et al. 2016, Deep Residual Learning for Image Recognition, table 1',
  settings: { padding: 'torch', epsilon: 1e-5 },
  stages: [
    { name: 'stem', title: 'stem: 64 channels, /4', forward: stem },
    residualStage('layer1', 64, 4, 1),
    residualStage('layer2', 128, 8, 2),
    residualStage('layer3', 256, 16, 2),
    residualStage('layer4', 512, 32, 2),
  ],
  defaultStages: ['layer1', 'layer2'],
  // timm keeps torchvision's names in its ResNets.
  keyMaps: [
    { name: 'torchvision and timm', rules: [], unused: ['^fc\\.', '\\.num_batches_tracked$'] },
  ],
});

function stem<X>(net: Net<X>, images: X): X {
  const x = net.convBatchNorm(images, {
    name: 'conv1',
    norm: 'bn1',
    filters: 64,
    kernel: 7,
    stride: 2,
    activation: 'relu',
  });
  return net.maxPool(x, 3, 2);
}

function residualStage(name: Stage, filters: number, step: number, stride: number): BackboneStage<Stage> {
  return {
    name,
    title: `${name}: ${filters} channels, /${step}`,
    forward: (net, x) => basicBlock(net, basicBlock(net, x, `${name}.0`, filters, stride), `${name}.1`, filters, 1),
  };
}

function basicBlock<X>(net: Net<X>, x: X, name: string, filters: number, stride: number): X {
  return net.activation(residualSum(net, x, { name, filters, kernel: 3, stride }), 'relu');
}
