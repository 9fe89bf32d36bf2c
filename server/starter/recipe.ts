import type { Net, WeightSpec } from '../../plugins/sdk/index.ts';
import { efficientNetB0 } from '../../plugins/teachers/efficientnet-b0.ts';
import { efficientNetStages } from '../../plugins/teachers/efficientnet.ts';
import { resnet18 } from '../../plugins/teachers/resnet18.ts';
import type { Values } from '../engine/program.ts';
import { startFromLite0 } from './start-from-lite0.ts';

/** Once through the one-cycle schedule, the later from where the earlier ended. */
export interface Cycle {
  steps: number;
  /** Positions along each border that are not compared: what a network makes of its padding is its own. */
  border: number;
}

/** How starter weights of one architecture are made from EfficientNet-Lite0's ImageNet features. */
export interface Recipe {
  architecture: string;
  /** The trainable network, its weights under the architecture's own names. */
  network: typeof resnet18.mirror | typeof efficientNetB0.mirror;
  stages: readonly string[];
  /** Target features by the stage that has to give them; through a linear 1×1 head where `head` says so. */
  targets<X>(net: Net<X>, images: X): Record<string, X>;
  head: boolean;
  /** Starting values from the target's weights, where the two networks have weights in common. */
  start?(spec: WeightSpec, target: ReadonlyMap<string, Values>): Float32Array | undefined;
  /**
   * What batch-norm uses while training: each batch's own statistics, or those it began with; the latter are of the
   * photographs that the target was trained on, not of generated images.
   */
  statistics: 'batch' | 'fixed';
  batch: number;
  side: number;
  cycles: readonly Cycle[];
  /** Base of the one-cycle schedule; its peak is ten times as high. */
  rate: number;
}

const lite0 = efficientNetStages({ activation: 'relu6', squeezeExcite: false });

function upTo<X>(net: Net<X>, x: X, from: number, to: number): X {
  for (const stage of lite0.slice(from, to)) x = stage.forward(net, x);
  return x;
}

/** A block's expansion: what its depthwise convolution sees just before the stride. */
const expanded = <X>(net: Net<X>, x: X, block: string): X =>
  net.convBatchNorm(x, {
    name: `${block}.conv_pw`,
    norm: `${block}.bn1`,
    filters: net.size(x)[2] * 6,
    kernel: 1,
    activation: 'relu6',
  });

export const resnet18Recipe: Recipe = {
  architecture: 'resnet18',
  network: resnet18.mirror,
  stages: ['layer1', 'layer2'],
  targets(net, images) {
    const quarter = upTo(net, images, 0, 3);
    const eighth = upTo(net, quarter, 3, 4);
    return { layer1: expanded(net, quarter, 'blocks.2.0'), layer2: expanded(net, eighth, 'blocks.3.0') };
  },
  head: true,
  statistics: 'batch',
  batch: 16,
  side: 160,
  cycles: [
    { steps: 2000, border: 0 },
    { steps: 1000, border: 2 },
  ],
  rate: 4e-4,
};

export const efficientNetB0Recipe: Recipe = {
  architecture: 'efficientnet-b0',
  network: efficientNetB0.mirror,
  stages: ['stage2', 'stage3', 'stage5', 'stage7'],
  targets(net, images) {
    const stage2 = upTo(net, images, 0, 3);
    const stage3 = upTo(net, stage2, 3, 4);
    const stage5 = upTo(net, stage3, 4, 6);
    return { stage2, stage3, stage5, stage7: upTo(net, stage5, 6, 8) };
  },
  head: false,
  start: startFromLite0,
  statistics: 'fixed',
  batch: 16,
  side: 160,
  cycles: [{ steps: 600, border: 0 }],
  rate: 1e-4,
};
