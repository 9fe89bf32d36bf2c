import { backbone } from '../sdk/index.ts';
import { efficientNetStages, type EfficientNetStage } from './efficientnet.ts';
import { timmKeys, torchvisionKeys } from './efficientnet-keys.ts';

/**
 * EfficientNet-B0 without its head, as torchvision and timm's plain `efficientnet_b0` have it: swish,
 * squeeze-and-excite, PyTorch's padding. At 224×224: stage5 112@14², stage7 320@7².
 */
export const efficientNetB0 = backbone<EfficientNetStage>({
  name: 'efficientnet-b0',
  title: 'EfficientNet-B0',
  cite: 'Tan & Le 2019, EfficientNet, table 1',
  settings: { padding: 'torch', epsilon: 1e-5 },
  stages: efficientNetStages({ activation: 'swish', squeezeExcite: true }),
  defaultStages: ['stage5', 'stage7'],
  keyMaps: [timmKeys, torchvisionKeys],
});
