import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeSignal } from '../../../plugins/sdk/index.ts';
import { check } from '../../../server/compiler/check.ts';
import { parseGraph } from '../../../server/graph/parse.ts';
import { createRegistry } from '../../../server/graph/registry.ts';
import { builtinPacks } from '../../../server/plugins/builtin.ts';

const text = readFileSync(new URL('../../../graphs/dual-model.json', import.meta.url), 'utf8');
const { ok, problems, nodes } = check(parseGraph(text).document!, createRegistry(builtinPacks));

const costOf = (id: string) => nodes.get(id)!.cost;

describe('what check knows of the default graph', () => {
  it('nothing is wrong with it', () => expect({ ok, problems }).toEqual({ ok: true, problems: [] }));

  it('the shape of every feature, map and score', () => {
    const shapes = [...nodes.values()].flatMap(({ id, outputs }) =>
      Object.entries(outputs).map(([socket, signal]) => [`${id}.${socket}`, describeSignal(signal)] as const),
    );
    expect(Object.fromEntries(shapes)).toEqual({
      'dataset.dataset': 'dataset',
      'resize-crop.images': '224×224×3',
      'normalise.images': '224×224×3',
      'teacher-deep.stage5': '14×14×112 /16',
      'teacher-deep.stage7': '7×7×320 /32',
      'student-deep.stage5': '14×14×112 /16',
      'student-deep.stage7': '7×7×320 /32',
      'ae-stage5.reconstruction': '14×14×112 /16',
      'ae-stage7.reconstruction': '7×7×320 /32',
      'teacher-shallow.layer1': '56×56×64 /4',
      'teacher-shallow.layer2': '28×28×128 /8',
      'pool-layer1.features': '28×28×64 /8',
      'pool-layer2.features': '14×14×128 /16',
      'student-shallow.layer1': '28×28×64 /8',
      'student-shallow.layer2': '14×14×128 /16',
      'distance-kd-stage5.map': '14×14×1 /16',
      'distance-kd-stage7.map': '7×7×1 /32',
      'distance-ae-stage5.map': '14×14×1 /16',
      'distance-ae-stage7.map': '7×7×1 /32',
      'distance-layer1.map': '28×28×1 /8',
      'distance-layer2.map': '14×14×1 /16',
      ...Object.fromEntries(
        ['map-kd', 'map-ae', 'map-deep', 'map-both', 'sum-shallow', 'normalise-shallow', 'smooth-shallow'].map((id) => [`${id}.map`, '224×224×1']),
      ),
      ...Object.fromEntries(['kd', 'ae', 'deep', 'shallow', 'product'].map((name) => [`maximum-${name}.score`, 'score'])),
      ...Object.fromEntries(['student', 'ae', 'shallow'].map((name) => [`loss-${name}.loss`, 'loss'])),
      ...Object.fromEntries(['student', 'ae', 'shallow'].map((name) => [`fit-${name}.weights`, 'weights'])),
    });
  });
});

/** Sums that a walk through a network adds up. */
class Tally {
  parameters = 0;
  multiplyAdds = 0;
  values = 0;

  /** A convolution to `side`² positions and what its batch-norm has: scale, shift, mean and variance a channel. */
  normed(side: number, kernel: number, from: number, to: number, groups = 1): void {
    const weights = (kernel * kernel * from * to) / groups;
    this.parameters += weights + 4 * to;
    this.multiplyAdds += side * side * weights;
    this.values += side * side * to;
  }

  /** A 1×1 convolution with a bias to one position. */
  dense(from: number, to: number): void {
    this.parameters += from * to + to;
    this.multiplyAdds += from * to;
    this.values += to;
  }

  writes(values: number): void {
    this.values += values;
  }

  get cost() {
    return { parameters: this.parameters, multiplyAdds: this.multiplyAdds, activationBytes: 4 * this.values };
  }
}

describe('ResNet18 to layer2 at 224×224', () => {
  // He et al. 2016, table 1: 7×7/2 to 64, 3×3/2 max-pool, two blocks of two 3×3 at 64, two at 128 of which the first halves.
  const network = new Tally();
  network.normed(112, 7, 3, 64);
  network.writes(56 * 56 * 64);
  for (const [side, from, to] of [[56, 64, 64], [56, 64, 64], [28, 64, 128], [28, 128, 128]] as const) {
    network.normed(side, 3, from, to);
    network.normed(side, 3, to, to);
    if (from !== to) network.normed(side, 1, from, to);
    // The sum, and its ReLU.
    network.writes(2 * side * side * to);
  }

  it('costs what its table adds up to: 684 992 weights, 991 477 760 multiply-adds, 14 049 280 bytes', () => {
    expect(costOf('teacher-shallow')).toEqual(network.cost);
    expect(network.cost).toEqual({ parameters: 684_992, multiplyAdds: 991_477_760, activationBytes: 14_049_280 });
  });

  it('of these weights 683 072 are those that torchvision counts, less 2 averages for each of 960 channels', () => {
    // torchvision: conv1 9 408, bn1 128, layer1 147 968, layer2 525 568.
    expect(costOf('teacher-shallow').parameters - 2 * 960).toBe(9_408 + 128 + 147_968 + 525_568);
  });
});

describe('EfficientNet-B0 to stage 7 at 224×224', () => {
  // Tan & Le 2019, table 1: expansion, kernel, filters, repeats, stride; squeeze-and-excite at a quarter of the input.
  const table = [
    [1, 3, 16, 1, 1],
    [6, 3, 24, 2, 2],
    [6, 5, 40, 2, 2],
    [6, 3, 80, 3, 2],
    [6, 5, 112, 3, 1],
    [6, 5, 192, 4, 2],
    [6, 3, 320, 1, 1],
  ] as const;
  const network = new Tally();
  let [side, channels, normed] = [112, 32, 32];
  network.normed(side, 3, 3, channels);
  for (const [expansion, kernel, filters, repeats, firstStride] of table) {
    for (let block = 0; block < repeats; block++) {
      const stride = block === 0 ? firstStride : 1;
      const wide = expansion * channels;
      if (expansion > 1) network.normed(side, 1, channels, wide);
      side /= stride;
      network.normed(side, kernel, wide, wide, wide);
      network.writes(wide);
      network.dense(wide, channels / 4);
      network.dense(channels / 4, wide);
      network.multiplyAdds += side * side * wide;
      network.writes(side * side * wide);
      network.normed(side, 1, wide, filters);
      if (stride === 1 && channels === filters) network.writes(side * side * filters);
      normed += (expansion > 1 ? 2 * wide : wide) + filters;
      channels = filters;
    }
  }

  it('costs what its table adds up to', () => expect(costOf('teacher-deep')).toEqual(network.cost));

  it('has the weights that torchvision counts, less head and classifier, and 2 averages a channel of each norm', () => {
    expect(costOf('teacher-deep').parameters - 2 * normed).toBe(5_288_548 - (320 * 1280 + 2 * 1280) - (1280 * 1000 + 1000));
  });

  it('takes the 0.39·10⁹ multiply-adds that the paper states, less those of head and classifier', () => {
    const rest = 49 * 320 * 1280 + 1280 * 1000;
    expect((costOf('teacher-deep').multiplyAdds + rest) / 1e9).toBeCloseTo(0.39, 2);
  });
});

describe('the modules at 224×224', () => {
  it.each([
    ['ae-stage5', 14, 7, 112, 28],
    ['ae-stage7', 7, 4, 320, 80],
  ])('%s: %d → %d → back, %d channels through %d', (id, side, inner, channels, width) => {
    const network = new Tally();
    network.normed(side, 1, channels, width);
    network.normed(inner, 3, width, width);
    // Enlarged to where it came from.
    network.writes(side * side * width);
    network.normed(side, 3, width, width);
    network.parameters += width * channels + channels;
    network.multiplyAdds += side * side * width * channels;
    network.writes(side * side * channels);
    expect(costOf(id)).toEqual(network.cost);
  });
});
