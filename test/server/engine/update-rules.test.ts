import { beforeAll, describe, expect, it } from 'vitest';
import type { Optimiser, OptimiserSettings, PluginSettings, Tf } from '../../../plugins/sdk/index.ts';
import { adam, adamw } from '../../../plugins/training/optimisers/adam.ts';
import { sgd } from '../../../plugins/training/optimisers/sgd.ts';
import { compileProgram } from '../../../server/engine/compile-program.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { hyperOf, ruleOf } from '../../../server/engine/update-rules.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

type Settings = Exclude<OptimiserSettings, PluginSettings>;

const known: Record<Settings['kind'], Optimiser> = { adam, adamw, sgd };

/** One weight after each of some steps on given gradients, in doubles, as PyTorch's documentation writes the updates. */
function byHand(settings: Settings, rate: number, start: number, gradients: readonly number[]): number[] {
  let [p, m, v, buffer] = [start, 0, 0, 0];
  return gradients.map((gradient, i) => {
    if (settings.kind === 'sgd') {
      const g = gradient + settings.weightDecay * p;
      buffer = i === 0 ? g : settings.momentum * buffer + g;
      p -= rate * (settings.momentum > 0 ? buffer : g);
      return p;
    }
    const { beta1, beta2, epsilon } = settings;
    if (settings.kind === 'adamw') p -= rate * settings.weightDecay * p;
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    const mHat = m / (1 - beta1 ** (i + 1));
    const vHat = v / (1 - beta2 ** (i + 1));
    p -= (rate * mHat) / (Math.sqrt(vHat) + epsilon);
    return p;
  });
}

const optimisers: Record<string, Settings> = {
  Adam: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  'Adam with a large epsilon': { kind: 'adam', beta1: 0.5, beta2: 0.9, epsilon: 0.1 },
  AdamW: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  SGD: { kind: 'sgd', momentum: 0, weightDecay: 0 },
  'SGD with weight decay': { kind: 'sgd', momentum: 0, weightDecay: 0.1 },
  'SGD with momentum': { kind: 'sgd', momentum: 0.9, weightDecay: 0 },
  'SGD with momentum and weight decay': { kind: 'sgd', momentum: 0.9, weightDecay: 0.1 },
};

describeWith(engineNeed(), 'update rules', () => {
  let engine: Engine;
  let tf: Tf;
  beforeAll(async () => {
    engine = await loadEngine();
    tf = engine.tf;
  });

  const starts = [1, -2, 0.5];
  /** Gradients of five steps for each of three weights. */
  const steps = [[0.3, -1, 2], [0.1, 0, -2], [-0.4, 1e-3, 1], [0.2, 5, 0.5], [0.3, -1, 0]];

  for (const [name, settings] of Object.entries(optimisers)) {
    for (const mode of ['eager', 'native'] as const) {
      it(`${name}, ${mode}: five steps as PyTorch defines them`, () =>
        withoutLeaks(engine, name, () => {
          const rule = ruleOf(known[settings.kind], settings);
          const scalars = Object.fromEntries(rule.hyper.map((h) => [h, { shape: [], dtype: 'float32' as const }]));
          const zeros = (): { shape: number[]; data: Float32Array } => ({ shape: [3], data: new Float32Array(3) });
          const program = compileProgram(
            engine,
            {
              name: 'descend',
              key: [name],
              constants: {},
              state: {
                w: { shape: [3], data: Float32Array.from(starts) },
                ...Object.fromEntries(rule.slots.map((slot) => [`w/${slot}`, zeros()])),
              },
              functions: {
                step: {
                  inputs: { gradient: { shape: [3], dtype: 'float32' }, ...scalars },
                  run: (ctx, inputs) => ({
                    loss: ctx.minimise(() => tf.sum(tf.mul(ctx.read('w'), inputs['gradient']!)), ['w'], rule, inputs),
                    before: ctx.read('w'),
                  }),
                },
              },
            },
            { mode },
          );
          const found = steps.map((gradient, i) => {
            const hyper = Object.entries(hyperOf(known[settings.kind], settings, 0.05, i + 1)).map(([h, value]) => [
              h,
              { shape: [], data: Float32Array.of(value) },
            ]);
            const before = program.read()['w']!.data;
            const { loss, before: seen } = program.call('step', {
              gradient: { shape: [3], data: Float32Array.from(gradient) },
              ...Object.fromEntries(hyper),
            });
            expect(seen!.data).toEqual(before);
            expect(loss!.data[0]).toBeCloseTo(gradient.reduce((sum, g, k) => sum + g * before[k]!, 0), 4);
            return [...program.read(['w'])['w']!.data];
          });
          program.dispose();
          starts.forEach((start, k) => {
            const expected = byHand(settings, 0.05, start, steps.map((gradient) => gradient[k]!));
            expected.forEach((value, i) => expect(found[i]![k]).toBeCloseTo(value, 5));
          });
        }));
    }
  }

  describe('hyperOf', () => {
    it('feeds what the rule names, and nothing else', () => {
      for (const settings of Object.values(optimisers)) {
        expect(Object.keys(hyperOf(known[settings.kind], settings, 0.1, 3)).sort()).toEqual([...ruleOf(known[settings.kind], settings).hyper].sort());
      }
    });

    it('refuses step 0: the first is 1', () => {
      expect(() => hyperOf(adam, optimisers['Adam']!, 0.1, 0)).toThrow('expected a step from 1, found 0');
    });
  });
});
