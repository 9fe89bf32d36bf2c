import { beforeAll, describe, expect, it } from 'vitest';
import type { HostTensor, Tensor, Tf } from '../../../plugins/sdk/index.ts';
import { refName } from '../../../server/compiler/plan.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import { compileInference, firstSamples, sampleOf, type Compile } from '../../../server/runtime/inference.ts';
import type { WeightValues } from '../../../server/runtime/weight-values.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';
import { distilGraph, type DistilOptions } from './trial-graphs.ts';
import { categoryTrial, compileWith, feedOf, noisePictures, planOf, startOf } from './trial-run.ts';

describe('samples of a batch', () => {
  const batch: HostTensor = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };

  it('are the first ones, without what filled the batch up', () => {
    expect(firstSamples(batch, 2)).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
    expect(firstSamples(batch, 3)).toEqual(batch);
  });

  it('or one, without the dimension of the batch', () => {
    expect(sampleOf(batch, 1)).toEqual({ shape: [2], data: Float32Array.of(3, 4) });
    expect(sampleOf({ shape: [2], data: Float32Array.of(7, 8) }, 1)).toEqual({ shape: [], data: Float32Array.of(8) });
  });
});

describeWith(engineNeed(), 'a part outside of training', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await loadEngine()));

  /** What the prediction of a graph gives for three images, and the programs that were made for it. */
  async function predictWith(options: DistilOptions, compile: Compile, weights?: WeightValues) {
    const plan = planOf(distilGraph(options));
    const { part } = plan.predict;
    const programs: { nodes: string[]; mode: string }[] = [];
    const noting: Compile = (spec, how) => {
      const program = compile(spec, how);
      programs.push({ nodes: spec.key.flatMap((key) => (key.startsWith('[') ? [(JSON.parse(key) as string[])[0]!] : [])), mode: program.mode });
      return program;
    };
    return withoutLeaks(engine, 'prediction', async () => {
      const inference = compileInference(noting, 'predict', plan.nodes, part, weights ?? startOf(plan, 1), 3);
      const feeds = await feedOf(plan, 'test', noisePictures('test', 3)).feeds([0, 1, 2], part.inputs.map(refName));
      const found = inference.run(feeds);
      inference.dispose();
      return { found, programs };
    });
  }

  /** Values that training might have come to: none is what it starts as. */
  function fittedOf(options: DistilOptions): WeightValues {
    const start = startOf(planOf(distilGraph(options)), 1);
    return Object.fromEntries(
      Object.entries(start).map(([name, { shape, data }], at) => {
        const isScale = name.endsWith('running_var') || /bn\d\.weight$/.test(name);
        return [name, { shape, data: data.map((value, i) => value + (isScale ? 0.3 : 0.1) * (1 + Math.sin(at + 2 * i))) }];
      }),
    );
  }

  it('with batch-norm folded into convolutions agrees with batch-norm written out, op by op', async () => {
    const weights = fittedOf({});
    const { found } = await predictWith({}, compileWith(engine), weights);
    const expected = unfolded(engine.tf, weights, noisePictures('test', 3));
    const scores = found['maximum.score']!.data;
    expect(Math.max(...expected) / Math.min(...expected)).toBeGreaterThan(1.001);
    expected.forEach((score, i) => expect(Math.abs(scores[i]! / score - 1)).toBeLessThan(1e-5));
  });

  it('gives natively what it gives op by op', async () => {
    const weights = fittedOf({});
    const native = await predictWith({}, compileWith(engine), weights);
    const eager = await predictWith({}, compileWith(engine, 'eager'), weights);
    expect([native, eager].map(({ programs }) => programs.map(({ mode }) => mode))).toEqual([['native'], ['eager']]);
    for (const [name, { shape, data }] of Object.entries(eager.found)) {
      expect(native.found[name]!.shape).toEqual(shape);
      const most = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      data.forEach((value, i) => expect(Math.abs(native.found[name]!.data[i]! - value)).toBeLessThan(1e-5 * most));
    }
  });

  describe('with a node that looks at values', () => {
    it('is cut there: what is above and below runs natively, and the results are the same', async () => {
      const looking = await predictWith({ beforeTeacher: 'trial/look' }, compileWith(engine));
      const whole = await predictWith({ beforeTeacher: 'trial/square' }, compileWith(engine));
      expect(whole.programs.map(({ mode }) => mode)).toEqual(['native']);
      expect(looking.programs.map(({ mode }) => mode)).toEqual(['native', 'eager', 'native']);
      expect(looking.programs[1]!.nodes).toEqual(['before-teacher']);
      expect(looking.programs[0]!.nodes).toContain('student1');
      expect(looking.programs[2]!.nodes).toContain('teacher');
      expect(looking.found).toEqual(whole.found);
    });

    it('is fitted op by op where the loss sees it, with the losses of the native fit', async () => {
      const fit = { epochs: 2, batch: 3 };
      const modes = async (beforeStudent: string) => {
        const used: string[] = [];
        const compile = compileWith(engine);
        const run = await withoutLeaks(engine, beforeStudent, () =>
          categoryTrial(engine, distilGraph({ fit, beforeStudent }), {
            compile: (spec, options) => {
              const program = compile(spec, options);
              if (spec.name.startsWith('fit ')) used.push(program.mode);
              return program;
            },
          }),
        );
        return { ...run, used };
      };
      const [looking, whole] = [await modes('trial/look'), await modes('trial/square')];
      expect([looking.used, whole.used]).toEqual([['eager', 'eager'], ['native', 'native']]);
      for (const fit of ['fit1', 'fit2']) {
        const [found, expected] = [looking.histories[fit]!, whole.histories[fit]!];
        found.forEach(({ trainLoss }, i) => expect(Math.abs(trainLoss / expected[i]!.trainLoss - 1)).toBeLessThan(1e-4));
      }
    });

    it('that does not declare it is named, and nothing is left behind', async () => {
      for (const where of ['beforeTeacher', 'beforeStudent'] as const) {
        await withoutLeaks(engine, 'refused', async () => {
          const refused = categoryTrial(engine, distilGraph({ [where]: 'trial/peek' }), {});
          await expect(refused).rejects.toMatchObject({
            code: 'reads-values-back',
            place: { node: where === 'beforeTeacher' ? 'before-teacher' : 'before-student' },
            hint: expect.stringContaining('declare the node `eager: true`'),
          });
        });
      }
    });
  });

  it('with a node that fails names it, and leaves nothing, also of programs that were made before', async () => {
    const plan = planOf(distilGraph({ beforeTeacher: 'trial/look' }));
    let made = 0;
    const compile: Compile = (spec, options) => {
      if (made++ === 2) throw new Error('no third');
      return compileWith(engine)(spec, options);
    };
    await withoutLeaks(engine, 'refused', () => {
      expect(() => compileInference(compile, 'predict', plan.nodes, plan.predict.part, startOf(plan, 1), 2)).toThrow('no third');
    });
    await withoutLeaks(engine, 'failed', async () => {
      const failing = categoryTrial(engine, distilGraph({ beforeStudent: 'trial/misshape' }));
      await expect(failing).rejects.toMatchObject({ code: 'node-failed', place: { node: 'before-student' } });
    });
  });
});

/** The scores of the default trial graph, batch-norm as its definition says it and nothing shared with the product. */
function unfolded(tf: Tf, weights: WeightValues, pictures: readonly Float32Array[]): number[] {
  const value = (name: string): Tensor => tf.tensor(weights[name]!.data, [...weights[name]!.shape]);
  const stage = (x: Tensor, node: string, k: number): Tensor => {
    const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]);
    const y = tf.conv2d(padded as never, value(`${node}/conv${k}.weight`) as never, 2, 'valid');
    const norm = (part: string): Tensor => value(`${node}/bn${k}.${part}`);
    return tf.relu(tf.batchNorm(y, norm('running_mean') as never, norm('running_var') as never, norm('bias') as never, norm('weight') as never, 1e-5));
  };
  return pictures.map((picture) =>
    tf.tidy(() => {
      const x = tf.div(tf.sub(tf.tensor(picture, [1, 16, 16, 3]), 0.5), 0.5);
      const map = (teacher: Tensor, student: Tensor, k: number): Tensor => {
        const distance = tf.mean(tf.square(tf.sub(teacher, student)), 3, true);
        const scaled = tf.div(distance, weights[`scale${k}/scale`]!.data[0]!);
        return tf.image.resizeBilinear(scaled as never, [16, 16], false, true);
      };
      const teacher1 = stage(x, 'teacher', 1);
      const teacher2 = stage(teacher1, 'teacher', 2);
      const student1 = stage(x, 'student1', 1);
      const student2 = stage(stage(x, 'student2', 1), 'student2', 2);
      return tf.max(tf.add(map(teacher1, student1, 1), map(teacher2, student2, 2))).dataSync()[0]!;
    }),
  );
}
