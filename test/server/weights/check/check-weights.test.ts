import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../../../plugins/sdk/random.ts';
import { pack } from '../../../../plugins/teachers/index.ts';
import { loadEngine, type Engine } from '../../../../server/engine/load.ts';
import { cacheDirectory } from '../../../../server/home.ts';
import { checkWeights, type WeightsCheck } from '../../../../server/weights/check/check-weights.ts';
import { knownForms } from '../../../../server/weights/check/input-form.ts';
import { readState } from '../../../../server/weights/read-state.ts';
import { openWeightsRegistry, type RegisteredWeights, type WeightsRegistry } from '../../../../server/weights/registry.ts';
import type { StateDict, StateTensor } from '../../../../server/weights/state-dict.ts';
import { engineNeed } from '../../../support/eager-node.ts';
import { describeWith, needs, sharedPath } from '../../../support/needs.ts';

let engine: Engine;
let registry: WeightsRegistry;
const load = async (): Promise<void> => {
  engine = await loadEngine();
  registry = await openWeightsRegistry([pack]);
};

const starter = (name: string): Promise<StateDict> =>
  readState(fileURLToPath(new URL(`../../../../plugins/teachers/starter/${name}.safetensors`, import.meta.url)));
const check = (name: string, state: StateDict, changes: Partial<RegisteredWeights> = {}): WeightsCheck => {
  const entry = { ...registry.entries.find((each) => each.name === name)!, ...changes } as RegisteredWeights;
  return checkWeights(engine, [pack], registry, { entry, file: 'weights.pth', sha256: '', state });
};
const codes = ({ problems }: WeightsCheck): string[] => problems.map(({ code }) => code);

/** Those of the tensors with such names; a network is tried as far as its file goes, so fewer are faster. */
const only = (state: StateDict, pattern: RegExp): StateDict => new Map([...state].filter(([name]) => pattern.test(name)));
const withTensor = (state: StateDict, name: string, change: (tensor: StateTensor) => Float32Array): StateDict =>
  new Map(state).set(name, { ...state.get(name)!, data: change(state.get(name)!) });
/** The input channels of a kernel OIHW the other way round. */
const flipped = ({ shape, data }: StateTensor): Float32Array => {
  const area = shape[2]! * shape[3]!;
  return data.map((_, at) => data[at + (2 - 2 * (Math.floor(at / area) % 3)) * area]!);
};
const noise = ({ shape, data }: StateTensor): Float32Array => {
  const random = createRandom('noise', shape.join());
  return data.map(() => 0.1 * random.normal());
};

describeWith(engineNeed(), 'weights that are tried', () => {
  let resnet18: StateDict;
  let b0: StateDict;
  let stem: StateDict;
  beforeAll(async () => {
    await load();
    resnet18 = only(await starter('resnet18'), /^(conv1|bn1|layer1)/);
    b0 = await starter('efficientnet-b0');
    stem = only(b0, /^(conv_stem|bn1)\./);
  });

  it('show what each stage gives, as far as the file goes', () => {
    const found = check('resnet18.starter', resnet18);
    expect(codes(found)).toEqual([]);
    expect(found.stages.map(({ stage, shape }) => [stage, shape])).toEqual([['stem', [56, 56, 64]], ['layer1', [56, 56, 64]]]);
    for (const { deviation, zeros, notFinite } of found.stages) {
      expect(deviation).toBeGreaterThan(0.1);
      expect(zeros).toBeGreaterThan(0);
      expect(notFinite).toBe(0);
    }
    expect(found.fits[0]!.form.name).toBe('as declared');
    expect(found.untold.join()).toContain('padding: numbers do not show it');
  });

  it('that are drawn at random are untrained: first filters, further ones, batch-norms', () => {
    const begin: Record<string, number> = { weight: 1, bias: 0, running_mean: 0, running_var: 1 };
    const random: StateDict = new Map([...resnet18].map(([name, tensor]) => {
      const data = tensor.shape.length === 4 ? noise(tensor) : tensor.data.map(() => begin[name.split('.').at(-1)!]!);
      return [name, { ...tensor, data }];
    }));
    const found = check('resnet18.starter', random);
    expect(codes(found)).toEqual(['weights-untrained', 'weights-untrained', 'weights-untrained']);
    expect(found.problems[0]!.message).toMatch(/found noise: neighbouring numbers correlate by -?0\.0\d, not by 0\.25/);
    expect(found.problems[1]!.message).toContain('noise in 4 of 4 further convolutions: "layer1.0.conv1.weight"');
    expect(found.problems[2]!.message).toContain('found 5 as they begin: "conv1"');
    expect(found.untold).toContain('normalisation and order of channels: only trained weights tell');
  });

  it('that are random in one place are said to be, though batch-norm has settled', () => {
    const found = check('resnet18.starter', withTensor(resnet18, 'layer1.1.conv2.weight', noise));
    expect(codes(found)).toEqual(['weights-untrained']);
    expect(found.problems[0]!.message).toContain('noise in 1 of 4 further convolutions: "layer1.1.conv2.weight"');
  });

  /** The same network, taking its images in another form: scale and shift go into the first layer. */
  const taking = (form: (typeof knownForms)[number]): StateDict => {
    const declared = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
    const { shape, data } = stem.get('conv_stem.weight')!;
    const channel = (at: number): number => Math.floor(at / 9) % 3;
    const kernels = data.map((value, at) => (value * form.deviation[channel(at)]!) / declared.deviation[channel(at)]!);
    const shifts = new Float32Array(shape[0]!);
    data.forEach((value, at) => {
      const c = channel(at);
      shifts[Math.floor(at / 27)]! += (value * (form.mean[c]! - declared.mean[c]!)) / declared.deviation[c]!;
    });
    const scaled = withTensor(stem, 'conv_stem.weight', () => kernels);
    const moved = withTensor(scaled, 'bn1.running_mean', (tensor) => tensor.data.map((value, f) => value - shifts[f]!));
    return form.order === 'RGB' ? moved : withTensor(moved, 'conv_stem.weight', flipped);
  };

  it.each(knownForms)('are told to want images of $name, $order', (form) => {
    const { problems } = check('efficientnet-b0.starter', taking(form));
    const normalisation = problems.find(({ code }) => code === 'weights-wrong-normalisation');
    if (form.mean[0] === 0.485 && form.deviation[0] > 0.2) expect(normalisation).toBeUndefined();
    else {
      expect(normalisation!.message).toContain(`found that ${form.name} fits better`);
      expect(normalisation!.hint).toContain(`mean ${form.mean.join(' ')} and deviation`);
    }
    // Declared as they are, nothing is wrong.
    const { mean, deviation } = form;
    if (form.order === 'RGB') expect(codes(check('efficientnet-b0.starter', taking(form), { normalisation: { mean, deviation } }))).toEqual([]);
  });

  it('with swapped channels are not accused where nothing tells', () => {
    const found = check('efficientnet-b0.starter', withTensor(stem, 'conv_stem.weight', flipped));
    expect(codes(found)).toEqual([]);
    expect(found.untold).toContain('order of channels: red first and blue first fit alike');
  });

  it('that were trained on no photographs are not accused of their input', () => {
    const random = createRandom('strange');
    const strange = withTensor(stem, 'bn1.running_var', ({ data }) => data.map((value) => value * 100 ** random.normal()));
    const found = check('efficientnet-b0.starter', strange);
    expect(codes(found)).toEqual([]);
    expect(found.untold.join()).toContain('has seen what photographs give in none of the known forms');
  });

  it('whose stages never change are said to give nothing', () => {
    const nothing = (name: string) => (state: StateDict): StateDict => withTensor(state, name, ({ data }) => data.map(() => 0));
    const silent = nothing('bn1.bias')(nothing('bn1.weight')(stem));
    expect(check('efficientnet-b0.starter', silent).problems).toMatchObject([
      { code: 'weights-bad-features', message: 'expected features that vary, found 32 of 32 channels that never change in stem' },
    ]);
    const loud = withTensor(stem, 'bn1.weight', ({ data }) => data.map((value) => value * 1e36));
    expect(codes(check('efficientnet-b0.starter', loud))).toEqual(['weights-bad-features']);
  });

  it('declared to be trained with another padding than the network has are told', () => {
    expect(check('efficientnet-b0.starter', stem, { padding: 'same' }).problems).toMatchObject([
      { code: 'weights-wrong-padding', message: expect.stringContaining("with PyTorch's padding, as the network pads") },
    ]);
  });

  it('run to the last stage', () => {
    const found = check('efficientnet-b0.starter', b0);
    expect(found.stages.map(({ stage }) => stage)).toEqual(['stem', 'stage1', 'stage2', 'stage3', 'stage4', 'stage5', 'stage6', 'stage7']);
    expect(codes(found)).toEqual([]);
  });

  it('that hold no number somewhere are refused by name', () => {
    const broken = withTensor(stem, 'bn1.bias', ({ data }) => data.map((value, i) => (i === 3 ? NaN : value)));
    expect(() => check('efficientnet-b0.starter', broken)).toThrowError(
      expect.objectContaining({ code: 'weights-not-finite', message: 'expected finite numbers in "bn1.bias", found NaN at 3' }),
    );
  });
});

const trunk = 'weights/resnet18_imagenet_trunk.safetensors';

describeWith([engineNeed(), needs.shared(trunk)], "ImageNet's ResNet18, batch-norm folded,", () => {
  let state: StateDict;
  beforeAll(async () => {
    await load();
    state = only(await readState(sharedPath(trunk)), /^conv1/);
  });
  const named = (changed: StateDict): WeightsCheck => check('resnet18.torchvision', changed);

  it('looks right, and its normalisation cannot be told', () => {
    const found = named(state);
    expect(codes(found)).toEqual([]);
    expect([found.form, found.fits]).toEqual(['folded', []]);
    expect(found.untold.join()).toContain('without statistics of batch-norm only the scale can be judged');
  });

  it('with channels swapped is told by its filters', () => {
    const found = named(withTensor(state, 'conv1.weight', flipped));
    expect(found.problems).toMatchObject([
      { code: 'weights-channels-swapped', field: 'conv1', message: expect.stringContaining('47 of 56 first filters weigh the third channel more'), hint: expect.stringContaining('.flip(1)') },
    ]);
  });

  it('scaled for images of 0…255 is told by the strength of its responses', () => {
    const found = named(withTensor(state, 'conv1.weight', ({ data }) => data.map((value) => value / 58)));
    expect(found.problems).toMatchObject([{ code: 'weights-wrong-normalisation', message: expect.stringContaining('they want larger input, such as 0…255') }]);
  });

  it('with filters drawn at random is untrained', () => {
    expect(codes(named(withTensor(state, 'conv1.weight', noise)))).toEqual(['weights-untrained']);
  });
});

const lite0 = join(cacheDirectory(), 'weights', 'efficientnet-lite0-57934424.pth');

describeWith([engineNeed(), { name: 'EfficientNet-Lite0 in the cache', met: existsSync(lite0), required: false }], "ImageNet's EfficientNet-Lite0", () => {
  let state: StateDict;
  beforeAll(async () => {
    await load();
    state = only(await readState(lite0), /^(_conv_stem|_bn0)\./);
  });

  it('looks right: what its batch-norm has seen is what photographs give as declared', () => {
    const found = check('efficientnet-lite0.imagenet', state);
    expect(codes(found)).toEqual([]);
    expect(found.fits[0]!.divergence).toBeLessThan(0.03);
    expect(found.fits[0]!.ratio).toBeCloseTo(1, 1);
    expect(found.untold).toEqual([expect.stringContaining('converted from another framework: TensorFlow pads SAME')]);
  });

  it("fed with ImageNet's normalisation is told to want −1…1", () => {
    const normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
    const { problems } = check('efficientnet-lite0.imagenet', state, { normalisation });
    expect(problems).toMatchObject([{ code: 'weights-wrong-normalisation', hint: 'in the graph set the normalisation to mean 0.5 0.5 0.5 and deviation 0.5 0.5 0.5' }]);
  });

  it('with channels swapped is told by what its batch-norm has seen', () => {
    const { problems } = check('efficientnet-lite0.imagenet', withTensor(state, '_conv_stem.weight', flipped));
    expect(problems).toMatchObject([{ code: 'weights-channels-swapped', message: expect.stringContaining('what photographs give with blue first') }]);
  });
});
