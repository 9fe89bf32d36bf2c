import type { KeyMap } from '../sdk/index.ts';
import { bottleneckStages } from './efficientnet.ts';

type Rule = KeyMap['rules'][number];

const head = ['^conv_head\\.', '^bn2\\.', '^classifier\\.', '\\.num_batches_tracked$'];

/** timm's own names, which are the canonical ones. */
export const timmKeys: KeyMap = { name: 'timm', rules: [], unused: head };

/** torchvision's `features.STAGE.BLOCK.block.PART`. */
export const torchvisionKeys: KeyMap = {
  name: 'torchvision',
  rules: [
    ['^features\\.0\\.0\\.', 'conv_stem.'],
    ['^features\\.0\\.1\\.', 'bn1.'],
    ...bottleneckStages.flatMap(({ expand }, stage): Rule[] => {
      const from = (part: string): string => `^features\\.${stage + 1}\\.(\\d+)\\.block\\.${part}\\.`;
      const to = (part: string): string => `blocks.${stage}.$1.${part}.`;
      const parts: [string, string][] =
        expand === 1
          ? [['0\\.0', 'conv_dw'], ['0\\.1', 'bn1'], ['1\\.fc1', 'se.conv_reduce'], ['1\\.fc2', 'se.conv_expand'],
             ['2\\.0', 'conv_pw'], ['2\\.1', 'bn2']]
          : [['0\\.0', 'conv_pw'], ['0\\.1', 'bn1'], ['1\\.0', 'conv_dw'], ['1\\.1', 'bn2'],
             ['2\\.fc1', 'se.conv_reduce'], ['2\\.fc2', 'se.conv_expand'], ['3\\.0', 'conv_pwl'], ['3\\.1', 'bn3']];
      return parts.map(([a, b]) => [from(a), to(b)]);
    }),
  ],
  unused: ['^features\\.8\\.', '^classifier\\.', '\\.num_batches_tracked$'],
};

/** efficientnet-pytorch's `_blocks.N._PART`, its blocks numbered through all stages. */
export const lukemelasKeys: KeyMap = {
  name: 'efficientnet-pytorch',
  rules: [
    ['^_conv_stem\\.', 'conv_stem.'],
    ['^_bn0\\.', 'bn1.'],
    ...numberedBlocks().flatMap(({ stage, block, number, expanding }): Rule[] => {
      const parts: [string, string][] = expanding
        ? [['_expand_conv', 'conv_pw'], ['_bn0', 'bn1'], ['_depthwise_conv', 'conv_dw'], ['_bn1', 'bn2'],
           ['_project_conv', 'conv_pwl'], ['_bn2', 'bn3']]
        : [['_depthwise_conv', 'conv_dw'], ['_bn1', 'bn1'], ['_project_conv', 'conv_pw'], ['_bn2', 'bn2']];
      return parts.map(([a, b]) => [`^_blocks\\.${number}\\.${a}\\.`, `blocks.${stage}.${block}.${b}.`]);
    }),
  ],
  unused: ['^_conv_head\\.', '^_bn1\\.', '^_fc\\.', '\\.num_batches_tracked$'],
};

function numberedBlocks(): { stage: number; block: number; number: number; expanding: boolean }[] {
  return bottleneckStages
    .flatMap(({ repeats, expand }, stage) =>
      Array.from({ length: repeats }, (_, block) => ({ stage, block, expanding: expand !== 1 })),
    )
    .map((block, number) => ({ ...block, number }));
}
