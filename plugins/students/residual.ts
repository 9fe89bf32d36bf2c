import {
  choice,
  defineNode,
  features,
  fromNetwork,
  images,
  integer,
  residualSum,
  stages,
  type Net,
  type Network,
} from '../sdk/index.ts';

/** EfficientNet-B0's numbers of filters and strides, stage by stage (Tan & Le 2019, table 1). */
const shapes = {
  stage1: { filters: 16, stride: 1 },
  stage2: { filters: 24, stride: 2 },
  stage3: { filters: 40, stride: 2 },
  stage4: { filters: 80, stride: 2 },
  stage5: { filters: 112, stride: 1 },
  stage6: { filters: 192, stride: 2 },
  stage7: { filters: 320, stride: 1 },
} as const;
type Stage = keyof typeof shapes;
const order = Object.keys(shapes) as Stage[];
const stem = { filters: 32, stride: 2 };

const params = {
  stages: stages<Stage>({
    default: ['stage5', 'stage7'],
    options: {
      stage1: 'stage 1: 16 channels, /2',
      stage2: 'stage 2: 24 channels, /4',
      stage3: 'stage 3: 40 channels, /8',
      stage4: 'stage 4: 80 channels, /16',
      stage5: 'stage 5: 112 channels, /16',
      stage6: 'stage 6: 192 channels, /32',
      stage7: 'stage 7: 320 channels, /32',
    },
    help: 'The stages whose features are given; only what the deepest of them needs is computed.',
  }),
  kernel: integer({
    default: 5,
    min: 1,
    max: 11,
    step: 2,
    unit: 'px',
    help: 'Side of the convolutions, odd.',
  }),
  depth: integer({ default: 1, min: 1, max: 8, help: 'Residual blocks in each stage.' }),
  output: choice({
    default: 'before-relu',
    options: {
      'before-relu': 'the sum of the last block, before its ReLU',
      projection: 'a 1×1 convolution after the ReLU',
    },
    help: 'How a stage gives its features. Either may be negative, as the stages of EfficientNet are.',
  }),
};
type ResidualParams = typeof params;

const network: Network<ResidualParams> = {
  settings: () => ({ padding: 'torch', epsilon: 1e-5, momentum: 0.9, trainable: true }),
  forward<X>(net: Net<X>, inputs: Record<string, X>, { stages, kernel, depth, output }: ForwardParams): Record<string, X> {
    const wanted = new Set<Stage>(stages);
    const found: Record<string, X> = {};
    let x = net.convBatchNorm(inputs['images']!, { name: 'stem.conv', norm: 'stem.bn', kernel, activation: 'relu', ...stem });
    for (const stage of order) {
      if (wanted.size === 0) break;
      const { filters, stride } = shapes[stage];
      for (let block = 0; block < depth; block++) {
        if (block > 0 || stage !== 'stage1') x = net.activation(x, 'relu');
        x = residualSum(net, x, { name: `${stage}.${block}`, filters, kernel, stride: block === 0 ? stride : 1 });
      }
      if (!wanted.delete(stage)) continue;
      found[stage] =
        output === 'before-relu'
          ? x
          : net.conv(net.activation(x, 'relu'), { name: `${stage}.output`, filters, kernel: 1 });
    }
    return found;
  },
};

interface ForwardParams {
  stages: readonly Stage[];
  kernel: number;
  depth: number;
  output: 'before-relu' | 'projection';
}

/**
 * The deep model's student. `images` `[H, W, 3]` to one output a stage, named and shaped as EfficientNet-B0's:
 * at 224×224 `stage5` `[14, 14, 112]`, `stage7` `[7, 7, 320]`.
 */
export const residualStudent = defineNode({
  type: 'student/residual',
  version: 1,
  title: 'Residual student',
  summary:
    'Residual blocks of 5×5 convolutions with the numbers of filters and image sizes of EfficientNet-B0, ' +
    'trained to give its features.',
  category: 'students',
  cite: 'Thomine & Snoussi 2024, §3.1 (depth per stage is not given there: one block)',
  params,
  inputs: { images: images() },
  outputs: ({ stages }) => Object.fromEntries(stages.map((stage) => [stage, features()])),
  ...fromNetwork<ResidualParams>(network),
});
