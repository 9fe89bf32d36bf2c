import { backbone } from '../sdk/index.ts';
import { efficientNetStages, type EfficientNetStage } from './efficientnet.ts';
import { lukemelasKeys, timmKeys } from './efficientnet-keys.ts';

/**
 * EfficientNet-Lite0 without its head: ReLU6, no squeeze-and-excite, TensorFlow's SAME padding and batch-norm ε, as the
 * published checkpoint was trained. At 224×224: stage5 112@14², stage7 320@7².
 */
export const efficientNetLite0 = backbone<EfficientNetStage>({
  name: 'efficientnet-lite0',
  title: 'EfficientNet-Lite0',
  cite: 'Liu 2020, Higher accuracy on vision models with EfficientNet-Lite',
  settings: { padding: 'same', epsilon: 1e-3 },
  stages: efficientNetStages({ activation: 'relu6', squeezeExcite: false }),
  defaultStages: ['stage5', 'stage7'],
  keyMaps: [lukemelasKeys, timmKeys],
});
