import { backbone, type BackboneStage, type Net } from 'stillroom/sdk';

type Stage = 'stem' | 'layer1' | 'layer2' | 'layer3' | 'layer4';

/**
 * WideResNet50-2 without its classifier: ResNet50 whose 3×3 convolutions have twice the channels. At 224×224: stem
 * 64@56² (after the max-pool), layer1 256@56², layer2 512@28², layer3 1024@14², layer4 2048@7². Weight names are
 * torchvision's, which strides in the 3×3 convolution.
 */
export const wideResnet50 = backbone<Stage>({
  name: 'wide-resnet50-2',
  title: 'WideResNet50-2',
  cite: 'Zagoruyko & Komodakis 2016, Wide Residual Networks, §2; WRN-50-2-bottleneck of its table 8',
  types: { teacher: 'stillroom-wide-resnet50/teacher', mirror: 'stillroom-wide-resnet50/mirror' },
  settings: { padding: 'torch', epsilon: 1e-5 },
  stages: [
    { name: 'stem', title: 'stem: 64 channels, /4', forward: stem },
    stage('layer1', 3, 128, 1, 4),
    stage('layer2', 4, 256, 2, 8),
    stage('layer3', 6, 512, 2, 16),
    stage('layer4', 3, 1024, 2, 32),
  ],
  defaultStages: ['layer2', 'layer3'],
  keyMaps: [{ name: 'torchvision and timm', rules: [], unused: ['^fc\\.', '\\.num_batches_tracked$'] }],
});

function stem<X>(net: Net<X>, images: X): X {
  const x = net.convBatchNorm(images, { name: 'conv1', norm: 'bn1', filters: 64, kernel: 7, stride: 2, activation: 'relu' });
  return net.maxPool(x, 3, 2);
}

/** `width` are the channels inside its blocks; each gives twice as many. */
function stage(name: Stage, blocks: number, width: number, stride: number, step: number): BackboneStage<Stage> {
  return {
    name,
    title: `${name}: ${2 * width} channels, /${step}`,
    forward<X>(net: Net<X>, images: X): X {
      let x = images;
      for (let i = 0; i < blocks; i++) x = bottleneck(net, x, `${name}.${i}`, width, i === 0 ? stride : 1);
      return x;
    },
  };
}

/** He et al. 2016, fig. 5, right: 1×1, 3×3, 1×1, added to the input, which is projected where its shape changes. */
function bottleneck<X>(net: Net<X>, x: X, name: string, width: number, stride: number): X {
  const part = (from: X, k: number, filters: number, kernel: number, by = 1, activation: 'relu' | 'linear' = 'relu'): X =>
    net.convBatchNorm(from, { name: `${name}.conv${k}`, norm: `${name}.bn${k}`, filters, kernel, stride: by, activation });
  const inner = part(part(part(x, 1, width, 1), 2, width, 3, stride), 3, 2 * width, 1, 1, 'linear');
  const isSame = stride === 1 && net.size(x)[2] === 2 * width;
  const skip = isSame ? x : net.convBatchNorm(x, { name: `${name}.downsample.0`, norm: `${name}.downsample.1`, filters: 2 * width, kernel: 1, stride });
  return net.activation(net.add(inner, skip), 'relu');
}
