import type { WeightsEntry } from 'stillroom/sdk';

const shared = {
  architecture: 'wide-resnet50-2',
  normalisation: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  padding: 'torch',
} as const;

/** The first is the default: what the methods that use this backbone (PatchCore, reverse distillation) were published with. */
export const weights: readonly WeightsEntry[] = [
  {
    ...shared,
    name: 'wide-resnet50-2.torchvision',
    title: 'WideResNet50-2, ImageNet-1k (torchvision IMAGENET1K_V1)',
    publisher: 'PyTorch (torchvision), trained on ImageNet-1k',
    licence: 'BSD-3-Clause',
    source: { kind: 'url', urls: ['https://download.pytorch.org/models/wide_resnet50_2-95faca4d.pth'], file: 'wide_resnet50_2-95faca4d.pth', size: '131.8 MB' },
    sha256: '95faca4d',
  },
  {
    ...shared,
    name: 'wide-resnet50-2.torchvision-v2',
    title: 'WideResNet50-2, ImageNet-1k (torchvision IMAGENET1K_V2)',
    publisher: 'PyTorch (torchvision), trained on ImageNet-1k with the recipe of 2021',
    licence: 'BSD-3-Clause',
    source: { kind: 'url', urls: ['https://download.pytorch.org/models/wide_resnet50_2-9ba9bcbe.pth'], file: 'wide_resnet50_2-9ba9bcbe.pth', size: '263.1 MB' },
    sha256: '9ba9bcbe',
  },
  {
    ...shared,
    name: 'wide-resnet50-2.timm',
    title: 'WideResNet50-2, ImageNet-1k (timm wide_resnet50_2.racm_in1k)',
    publisher: 'Hugging Face (timm), trained on ImageNet-1k with RandAugment',
    licence: 'Apache-2.0',
    source: {
      kind: 'url',
      urls: ['https://github.com/huggingface/pytorch-image-models/releases/download/v0.1-weights/wide_resnet50_racm-8234f177.pth'],
      file: 'wide_resnet50_racm-8234f177.pth',
      hub: { repository: 'timm/wide_resnet50_2.racm_in1k', file: 'model.safetensors' },
    },
    sha256: '8234f177',
  },
];
