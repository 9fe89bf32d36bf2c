import { describe, expect, it } from 'vitest';
import type { Architecture, WeightSpec } from '../../../plugins/sdk/index.ts';
import { efficientNetB0 } from '../../../plugins/teachers/efficientnet-b0.ts';
import { efficientNetLite0 } from '../../../plugins/teachers/efficientnet-lite0.ts';
import { resnet18 } from '../../../plugins/teachers/resnet18.ts';
import { importWeights } from '../../../server/weights/import.ts';
import type { StateDict } from '../../../server/weights/state-dict.ts';

const init = { kind: 'zeros' } as const;
const role = 'frozen' as const;
const norm = (part: 'scale' | 'shift' | 'mean' | 'variance', name: string): WeightSpec => ({
  name: `bn.${name}`,
  shape: [2],
  layout: 'plain',
  role,
  init,
  normalises: { convolution: 'conv', part, epsilon: 0.001 },
});
/** One convolution of two channels to two, 1×2, and its norm; then a depthwise one of 2×1. */
const specs: WeightSpec[] = [
  { name: 'conv.weight', shape: [1, 2, 2, 2], layout: 'kernel', role, init },
  norm('scale', 'weight'),
  norm('shift', 'bias'),
  norm('mean', 'running_mean'),
  norm('variance', 'running_var'),
  { name: 'depth.weight', shape: [2, 1, 2, 1], layout: 'depthwise', role, init },
];
const small: Architecture = {
  name: 'small',
  title: 'Small',
  keyMaps: [
    { name: 'own', rules: [], unused: ['^head\\.'] },
    { name: 'theirs', rules: [['^C_', 'conv.'], ['^B_', 'bn.'], ['^D_', 'depth.'], ['\\.W$', '.weight']] },
  ],
  weights: () => specs,
};

const tensor = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });
const plain = (): StateDict =>
  new Map([
    // [output, input, row, column], counting up.
    ['conv.weight', tensor([2, 2, 1, 2], 0, 1, 2, 3, 4, 5, 6, 7)],
    ['bn.weight', tensor([2], 1.5, 2.5)],
    ['bn.bias', tensor([2], 0.1, 0.2)],
    ['bn.running_mean', tensor([2], 3, 4)],
    ['bn.running_var', tensor([2], 5, 6)],
    ['depth.weight', tensor([2, 1, 2, 1], 0, 1, 2, 3)],
  ]);

const load = (state: StateDict, wanted = specs) => importWeights(state, small, wanted, 'small.pth');

describe('an import', () => {
  it('lays kernels out as tensors use them', () => {
    const { values, form } = load(plain());
    expect(form).toBe('plain');
    // [row, column, input, output]: output 1, input 0, column 0 was the fifth.
    expect([...values.get('conv.weight')!]).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
    // [row, column, channel, 1].
    expect([...values.get('depth.weight')!]).toEqual([0, 2, 1, 3]);
    expect([...values.get('bn.running_var')!]).toEqual([5, 6]);
  });

  it("finds the publisher's names, inside of wrappers", () => {
    const renamed: StateDict = new Map(
      [...plain()].map(([name, value]) => [
        `_orig_mod.module.${name.replace('conv.', 'C_').replace('bn.', 'B_').replace('depth.', 'D_')}`,
        value,
      ]),
    );
    const { values, keyMap } = load(renamed);
    expect(keyMap).toBe('theirs');
    expect([...values.keys()]).toEqual(specs.map(({ name }) => name));
  });

  it.each(['model.module.', 'module._orig_mod.', '_orig_mod.model.', 'backbone.'])('finds them behind %s', (prefix) => {
    const wrapped: StateDict = new Map([...plain()].map(([name, value]) => [`${prefix}${name}`, value]));
    expect([...load(wrapped).values.keys()]).toEqual(specs.map(({ name }) => name));
  });

  it('finds them where a part alone was compiled, and beside what a wrapper keeps for itself', () => {
    const wrapped: StateDict = new Map([...plain()].map(([name, value]) => [`module.${name.replace('.', '._orig_mod.')}`, value]));
    wrapped.set('n_averaged', tensor([], 3));
    const { values, unused } = load(wrapped);
    expect([...values.keys()]).toEqual(specs.map(({ name }) => name));
    expect(unused).toEqual(['n_averaged']);
  });

  it('refuses the same network twice, naming both', () => {
    const twice: StateDict = new Map([...plain()].flatMap(([name, value]) => [[name, value], [`module.${name}`, value]] as const));
    twice.set('module.more', tensor([1], 0));
    expect(() => load(twice)).toThrowError(expect.objectContaining({ code: 'weights-ambiguous' }));
  });

  it('says which keys belong to nothing, but for those known to', () => {
    const state = plain().set('head.weight', tensor([1], 0)).set('extra.weight', tensor([1], 0));
    expect(load(state).unused).toEqual(['extra.weight']);
  });

  it('takes what a node needs of a network, the rest not being unused', () => {
    const { values, unused } = load(plain(), specs.slice(5));
    expect([...values.keys()]).toEqual(['depth.weight']);
    expect(unused).toEqual([]);
  });
});

describe('batch-norm folded into the convolution', () => {
  it("becomes an identity shifted by the convolution's bias", () => {
    const state: StateDict = new Map([
      ...[...plain()].filter(([name]) => !name.startsWith('bn.')),
      ['conv.bias', tensor([2], -1, 7)],
    ]);
    const { values, form, unused } = load(state);
    expect([form, unused]).toEqual(['folded', []]);
    const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      values.get(`bn.${part}`)!,
    );
    // (x − mean) / √(variance + ε) · scale + shift at x = 2.
    const normalised = [0, 1].map((i) => ((2 - mean![i]!) / Math.sqrt(variance![i]! + 0.001)) * scale![i]! + shift![i]!);
    expect(normalised[0]).toBeCloseTo(1, 6);
    expect(normalised[1]).toBeCloseTo(9, 6);
  });

  it('beside a norm moves its mean', () => {
    const { values, form } = load(plain().set('conv.bias', tensor([2], 1, -1)));
    expect(form).toBe('plain');
    expect([...values.get('bn.running_mean')!]).toEqual([2, 5]);
  });
});

describe('weights that do not fit', () => {
  const place = { file: 'small.pth' };

  it('names what is missing', () => {
    const state = plain();
    state.delete('bn.bias');
    state.delete('depth.weight');
    expect(() => load(state)).toThrowError(
      expect.objectContaining({
        code: 'weights-missing',
        message: 'expected 6 tensors for Small, found no "bn.bias", "depth.weight"',
        place,
      }),
    );
  });

  it('names the tensor of another shape', () => {
    const state = plain().set('conv.weight', tensor([2, 2, 2, 1], 0, 1, 2, 3, 4, 5, 6, 7));
    expect(() => load(state)).toThrowError(
      expect.objectContaining({
        code: 'weights-wrong-shape',
        message: 'expected "conv.weight" to be 2×2×1×2, found 2×2×2×1',
        place: { ...place, field: 'conv.weight' },
      }),
    );
  });

  it('names the tensor that is not finite', () => {
    const state = plain().set('bn.bias', tensor([2], 0, NaN));
    expect(() => load(state)).toThrowError(
      expect.objectContaining({
        code: 'weights-not-finite',
        message: 'expected finite numbers in "bn.bias", found NaN at 1',
      }),
    );
  });

  it('names two keys of one meaning', () => {
    const state = plain().set('depth.W', tensor([2, 1, 2, 1], 0, 1, 2, 3));
    const theirs = { ...small, keyMaps: small.keyMaps.slice(1) };
    expect(() => importWeights(state, theirs, specs, 'small.pth')).toThrowError(
      expect.objectContaining({
        code: 'weights-ambiguous',
        message: 'expected one tensor for "depth.weight", found two: "depth.weight" and "depth.W"',
      }),
    );
  });

  it('says whose names it looked for where none fit', () => {
    expect(() => load(new Map([['fc.weight', tensor([1], 0)]]))).toThrowError(
      expect.objectContaining({
        code: 'weights-wrong-architecture',
        message: 'expected weights of Small (named as by own; theirs), found "fc.weight"',
        place,
      }),
    );
    expect(() => load(new Map())).toThrow('found no tensors');
  });
});

/** Names as publishers write them, each with our name for the same tensor; read off their published definitions. */
describe("publishers' names", () => {
  const found = (architecture: Architecture, theirs: string): string | undefined => {
    const all = architecture.weights();
    const state: StateDict = new Map([[theirs, tensor([1], 0)]]);
    for (const { name, shape } of all) {
      try {
        importWeights(state, architecture, [{ name, shape, layout: 'plain', role, init }], 'x');
      } catch (error) {
        // A tensor that was found and has another shape is found.
        if ((error as { code?: string }).code === 'weights-wrong-shape') return name;
      }
    }
    return undefined;
  };

  it.each([
    ['layer1.0.conv1.weight', 'layer1.0.conv1.weight'],
    ['layer4.0.downsample.1.running_var', 'layer4.0.downsample.1.running_var'],
  ])('ResNet18 of torchvision and timm: %s', (theirs, ours) => {
    expect(found(resnet18.architecture, theirs)).toBe(ours);
  });

  it.each([
    ['features.0.0.weight', 'conv_stem.weight'],
    ['features.0.1.running_mean', 'bn1.running_mean'],
    ['features.1.0.block.0.0.weight', 'blocks.0.0.conv_dw.weight'],
    ['features.1.0.block.1.fc1.bias', 'blocks.0.0.se.conv_reduce.bias'],
    ['features.1.0.block.2.0.weight', 'blocks.0.0.conv_pw.weight'],
    ['features.2.1.block.0.0.weight', 'blocks.1.1.conv_pw.weight'],
    ['features.4.2.block.1.1.weight', 'blocks.3.2.bn2.weight'],
    ['features.6.3.block.2.fc2.weight', 'blocks.5.3.se.conv_expand.weight'],
    ['features.7.0.block.3.1.running_var', 'blocks.6.0.bn3.running_var'],
  ])('EfficientNet-B0 of torchvision: %s', (theirs, ours) => {
    expect(found(efficientNetB0.architecture, theirs)).toBe(ours);
  });

  it.each([
    ['_conv_stem.weight', 'conv_stem.weight'],
    ['_bn0.bias', 'bn1.bias'],
    ['_blocks.0._depthwise_conv.weight', 'blocks.0.0.conv_dw.weight'],
    ['_blocks.0._bn2.weight', 'blocks.0.0.bn2.weight'],
    ['_blocks.1._expand_conv.weight', 'blocks.1.0.conv_pw.weight'],
    ['_blocks.4._bn1.weight', 'blocks.2.1.bn2.weight'],
    ['_blocks.15._project_conv.weight', 'blocks.6.0.conv_pwl.weight'],
  ])('EfficientNet-Lite0 of efficientnet-pytorch: %s', (theirs, ours) => {
    expect(found(efficientNetLite0.architecture, theirs)).toBe(ours);
  });
});
