import type { Activation, BackboneStage, Net } from '../sdk/index.ts';

export type EfficientNetStage = 'stem' | 'stage1' | 'stage2' | 'stage3' | 'stage4' | 'stage5' | 'stage6' | 'stage7';

/** A stage of inverted bottlenecks: expansion of the width inside, filters, repeats, stride of the first, kernel. */
export interface BottleneckStage {
  name: EfficientNetStage;
  expand: number;
  filters: number;
  repeats: number;
  stride: number;
  kernel: number;
}

/** Tan & Le 2019, table 1; EfficientNet-Lite0 has the same. */
export const bottleneckStages: readonly BottleneckStage[] = [
  { name: 'stage1', expand: 1, filters: 16, repeats: 1, stride: 1, kernel: 3 },
  { name: 'stage2', expand: 6, filters: 24, repeats: 2, stride: 2, kernel: 3 },
  { name: 'stage3', expand: 6, filters: 40, repeats: 2, stride: 2, kernel: 5 },
  { name: 'stage4', expand: 6, filters: 80, repeats: 3, stride: 2, kernel: 3 },
  { name: 'stage5', expand: 6, filters: 112, repeats: 3, stride: 1, kernel: 5 },
  { name: 'stage6', expand: 6, filters: 192, repeats: 4, stride: 2, kernel: 5 },
  { name: 'stage7', expand: 6, filters: 320, repeats: 1, stride: 1, kernel: 3 },
];

const stemFilters = 32;

/** What sets EfficientNet and EfficientNet-Lite apart. */
export interface EfficientNetVariant {
  activation: Activation;
  /** Squeeze-and-excite at a quarter of the block's input channels, or none. */
  squeezeExcite: boolean;
}

/** The stages of an EfficientNet at width and depth 1. Weight names are timm's. */
export function efficientNetStages(variant: EfficientNetVariant): BackboneStage<EfficientNetStage>[] {
  const all: BackboneStage<EfficientNetStage>[] = [
    {
      name: 'stem',
      title: `stem: ${stemFilters} channels, /2`,
      forward: (net, images) =>
        net.convBatchNorm(images, {
          name: 'conv_stem',
          norm: 'bn1',
          filters: stemFilters,
          kernel: 3,
          stride: 2,
          activation: variant.activation,
        }),
    },
  ];
  let step = 2;
  bottleneckStages.forEach((stage, index) => {
    step *= stage.stride;
    all.push({
      name: stage.name,
      title: `stage ${index + 1}: ${stage.filters} channels, /${step}`,
      forward(net, x) {
        for (let block = 0; block < stage.repeats; block++) {
          const stride = block === 0 ? stage.stride : 1;
          x = bottleneck(net, x, `blocks.${index}.${block}`, { ...stage, stride }, variant);
        }
        return x;
      },
    });
  });
  return all;
}

/** Expand (1×1), depthwise, squeeze-and-excite, project (1×1, linear), with a skip where the shape stays. */
function bottleneck<X>(
  net: Net<X>,
  x: X,
  name: string,
  { expand, filters, stride, kernel }: BottleneckStage,
  { activation, squeezeExcite }: EfficientNetVariant,
): X {
  const channels = net.size(x)[2];
  // timm numbers the batch-norms in order and names the projection `conv_pwl` where there is an expansion before it.
  const expanding = expand !== 1;
  const [depthwiseNorm, project, projectNorm] = expanding
    ? [`${name}.bn2`, `${name}.conv_pwl`, `${name}.bn3`]
    : [`${name}.bn1`, `${name}.conv_pw`, `${name}.bn2`];
  const wide = expanding
    ? net.convBatchNorm(x, {
        name: `${name}.conv_pw`,
        norm: `${name}.bn1`,
        filters: channels * expand,
        kernel: 1,
        activation,
      })
    : x;
  const filtered = net.convBatchNorm(wide, {
    name: `${name}.conv_dw`,
    norm: depthwiseNorm,
    filters: channels * expand,
    kernel,
    stride,
    depthwise: true,
    activation,
  });
  const weighed = squeezeExcite
    ? excite(net, filtered, `${name}.se`, Math.max(1, Math.floor(channels / 4)), activation)
    : filtered;
  const y = net.convBatchNorm(weighed, { name: project, norm: projectNorm, filters, kernel: 1 });
  return stride === 1 && channels === filters ? net.add(y, x) : y;
}

/** Squeeze-and-excite: each channel weighed by what all channels' means say. */
function excite<X>(net: Net<X>, x: X, name: string, squeezed: number, activation: Activation): X {
  const squeeze = net.conv(net.globalAvgPool(x), {
    name: `${name}.conv_reduce`,
    filters: squeezed,
    kernel: 1,
    activation,
  });
  const gate = net.conv(squeeze, {
    name: `${name}.conv_expand`,
    filters: net.size(x)[2],
    kernel: 1,
    activation: 'sigmoid',
  });
  return net.multiply(x, gate);
}
