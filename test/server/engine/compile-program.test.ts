import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tensor, Tf } from '../../../plugins/sdk/index.ts';
import { createRandom } from '../../../plugins/sdk/random.ts';
import { adam } from '../../../plugins/training/optimisers/adam.ts';
import { sgd } from '../../../plugins/training/optimisers/sgd.ts';
import { compileProgram } from '../../../server/engine/compile-program.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import type { Program, ProgramContext, ProgramFeed, ProgramSpec, Values } from '../../../server/engine/program.ts';
import { hyperOf, ruleOf } from '../../../server/engine/update-rules.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

const usual = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

function drawn(shape: readonly number[], ...seed: (string | number)[]): Values {
  const random = createRandom(...seed);
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()) };
}

const filled = (shape: readonly number[], value: number): Values => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
});

const scalars = (settings: typeof usual, rate: number, step: number): Record<string, ProgramFeed> =>
  Object.fromEntries(
    Object.entries(hyperOf(adam, settings, rate, step)).map(([name, value]) => [name, { shape: [], data: Float32Array.of(value) }]),
  );

/** A convolution with batch-norm and moving averages, fitted to a fixed teacher; and its prediction. */
function student(tf: Tf): ProgramSpec {
  const rule = ruleOf(adam, usual);
  const slots = ['kernel', 'scale', 'offset'].flatMap((name) => {
    const shape = name === 'kernel' ? [3, 3, 2, 4] : [4];
    return rule.slots.map((slot) => [`${name}/${slot}`, filled(shape, 0)] as const);
  });
  const features = (ctx: ProgramContext, x: Tensor): Tensor =>
    ctx.within('student', () => tf.conv2d(x as never, ctx.read('kernel') as never, 1, 'same'));
  return {
    name: 'fit student',
    key: ['student'],
    constants: { teacher: drawn([3, 3, 2, 4], 'teacher') },
    state: {
      kernel: drawn([3, 3, 2, 4], 'student'),
      scale: filled([4], 1),
      offset: filled([4], 0),
      mean: filled([4], 0),
      ...Object.fromEntries(slots),
    },
    functions: {
      step: {
        inputs: {
          x: { shape: [2, 6, 6, 2], dtype: 'float32' },
          ...Object.fromEntries(rule.hyper.map((name) => [name, { shape: [], dtype: 'float32' as const }])),
        },
        run: (ctx, inputs) => {
          const target = ctx.within('teacher', () => tf.relu(tf.conv2d(inputs['x'] as never, ctx.read('teacher') as never, 1, 'same')));
          const loss = ctx.minimise(
            () => {
              const { value, mean } = ctx.kernels.batchNormTraining(
                features(ctx, inputs['x']!),
                ctx.read('scale'),
                ctx.read('offset'),
                1e-5,
              );
              ctx.assign('mean', tf.add(tf.mul(ctx.read('mean'), 0.9), tf.mul(mean, 0.1)));
              return tf.mean(tf.square(tf.sub(ctx.kernels.relu(value), target)));
            },
            ['kernel', 'scale', 'offset'],
            rule,
            inputs,
          );
          return { loss };
        },
      },
      predict: {
        inputs: { x: { shape: [1, 6, 6, 2], dtype: 'float32' } },
        run: (ctx, inputs) => ({ features: features(ctx, inputs['x']!), mean: ctx.read('mean') }),
      },
    },
  };
}

function fitTenSteps(program: Program): number[] {
  return Array.from({ length: 10 }, (_, i) => {
    const { loss } = program.call('step', { x: drawn([2, 6, 6, 2], 'batch', i), ...scalars(usual, 0.02, i + 1) });
    return loss!.data[0]!;
  });
}

/** One function `f` of one input, `x`. */
function single(
  run: (ctx: ProgramContext, x: Tensor) => Record<string, Tensor>,
  extra: Partial<ProgramSpec> & { shape?: readonly number[]; dtype?: 'float32' | 'int32' } = {},
): ProgramSpec {
  const { shape = [2, 2], dtype = 'float32', ...rest } = extra;
  return {
    name: 'trial',
    key: [],
    constants: {},
    state: {},
    functions: { f: { inputs: { x: { shape, dtype } }, run: (ctx, inputs) => run(ctx, inputs['x']!) } },
    ...rest,
  };
}

describeWith(engineNeed(), 'compiled programs', () => {
  let engine: Engine;
  let tf: Tf;
  beforeAll(async () => {
    engine = await loadEngine();
    tf = engine.tf;
  });

  const compile = (spec: ProgramSpec, mode: 'native' | 'eager' = 'native', cache?: string): Program =>
    compileProgram(engine, spec, { mode, ...(cache === undefined ? {} : { cache }) });
  const x = drawn([2, 2], 'x');
  const failure = (work: () => unknown): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    throw new Error('expected a failure');
  };

  it('native and eager agree over ten steps of convolution, batch-norm and Adam, and leave no tensors', () =>
    withoutLeaks(engine, 'fit', () => {
      const [native, eager] = [compile(student(tf)), compile(student(tf), 'eager')];
      expect([native.mode, eager.mode]).toEqual(['native', 'eager']);
      const [losses, expected] = [fitTenSteps(native), fitTenSteps(eager)];
      expect(losses[9]).toBeLessThan(losses[0]!);
      losses.forEach((loss, i) => expect(Math.abs(loss / expected[i]! - 1)).toBeLessThan(1e-4));
      const [states, reference] = [native.read(), eager.read()];
      expect(Object.keys(states)).toEqual(Object.keys(reference));
      for (const [name, { shape, data }] of Object.entries(states)) {
        expect(shape).toEqual(reference[name]!.shape);
        data.forEach((value, i) => expect(value).toBeCloseTo(reference[name]!.data[i]!, 3));
      }
      const image = { x: drawn([1, 6, 6, 2], 'image') };
      const [found, wanted] = [native.call('predict', image), eager.call('predict', image)];
      expect(found['features']!.shape).toEqual([1, 6, 6, 4]);
      found['features']!.data.forEach((value, i) => expect(value).toBeCloseTo(wanted['features']!.data[i]!, 3));
      expect(found['mean']!.data).toEqual(states['mean']!.data);
      native.dispose();
      eager.dispose();
    }));

  it('the same program with the same inputs gives the same losses twice', () => {
    const [first, second] = [compile(student(tf)), compile(student(tf))];
    expect(fitTenSteps(first)).toEqual(fitTenSteps(second));
    first.dispose();
    second.dispose();
  });

  it('two programs of one graph share no state', () => {
    const [fitted, fresh] = [compile(student(tf)), compile(student(tf))];
    const before = fresh.read();
    fitTenSteps(fitted);
    expect(fresh.read()).toEqual(before);
    expect(fitted.read()['kernel']).not.toEqual(before['kernel']);
    fitted.dispose();
    expect(fresh.read()).toEqual(before);
    fresh.dispose();
  });

  describe.each(['native', 'eager'] as const)('%s', (mode) => {
    it('reads see old values until the function ends, whatever the order', () => {
      const spec = single(
        (ctx, x) => {
          const [a, b] = [ctx.read('a'), ctx.read('b')];
          ctx.assign('a', tf.add(b, x));
          ctx.assign('b', a);
          return { a: ctx.read('a'), sum: tf.add(ctx.read('a'), ctx.read('b')) };
        },
        { shape: [2], state: { a: filled([2], 1), b: filled([2], 10) } },
      );
      const program = compile(spec, mode);
      const { a, sum } = program.call('f', { x: filled([2], 100) });
      expect([...a!.data, ...sum!.data]).toEqual([1, 1, 11, 11]);
      expect([...program.read(['a'])['a']!.data]).toEqual([110, 110]);
      expect([...program.read(['b'])['b']!.data]).toEqual([1, 1]);
      // Had one taken over the other's memory, the next round would show it.
      program.call('f', { x: filled([2], 0) });
      expect([...program.read(['a'])['a']!.data, ...program.read(['b'])['b']!.data]).toEqual([1, 1, 110, 110]);
      program.dispose();
    });

    it('a state takes a copy of an input, not its memory', () => {
      const spec = single((ctx, x) => (ctx.assign('kept', tf.reshape(x, [4])), {}), { state: { kept: filled([4], 0) } });
      const program = compile(spec, mode);
      const feed = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
      expect(program.call('f', { x: feed })).toEqual({});
      feed.data.fill(9);
      expect([...program.read()['kept']!.data]).toEqual([1, 2, 3, 4]);
      program.dispose();
    });

    it('write replaces some states, read gives some or all', () => {
      const program = compile(single((_, x) => ({ x }), { state: { a: filled([2], 1), b: filled([], 5) } }), mode);
      program.write({ b: filled([], 7) });
      expect(program.read()).toEqual({ a: filled([2], 1), b: filled([], 7) });
      expect(Object.keys(program.read(['b']))).toEqual(['b']);
      expect(failure(() => program.write({ a: filled([3], 0) }))).toMatchObject({ code: 'wrong-shape' });
      expect(failure(() => program.read(['c']))).toMatchObject({ code: 'unknown-value' });
      program.dispose();
    });

    it('outputs may be inputs, constants, folded constants or truth values; inputs may go unused', () => {
      const spec = single((ctx, x) => ({ x, c: ctx.read('c'), doubled: tf.mul(ctx.read('c'), 2), one: tf.greater(tf.scalar(2), 1) }), {
        constants: { c: filled([2], 3) },
      });
      const program = compile(spec, mode);
      const found = program.call('f', { x });
      expect(found['x']).toEqual(x);
      expect([...found['c']!.data, ...found['doubled']!.data, ...found['one']!.data]).toEqual([3, 3, 6, 6, 1]);
      program.dispose();
    });

    it('a feed of another shape or type is refused, naming the input', () => {
      const program = compile(single((_, x) => ({ y: tf.neg(x) })), mode);
      for (const wrong of [{ shape: [4], data: x.data }, { shape: [2, 2], data: new Int32Array(4) }]) {
        expect(failure(() => program.call('f', { x: wrong }))).toMatchObject({
          code: 'wrong-feed',
          message: expect.stringContaining('expected float32 [2,2] for "x", found'),
        });
      }
      expect(failure(() => program.call('f', {}))).toMatchObject({ code: 'wrong-feed' });
      expect(failure(() => program.call('g', { x }))).toMatchObject({ code: 'unknown-function' });
      program.dispose();
    });

    it('an op that fails names the node', () => {
      const make = (): unknown => {
        const program = compile(single((ctx, x) => ({ y: ctx.within('net/odd node', () => tf.reshape(x, [3])) })), mode);
        return program.call('f', { x });
      };
      expect(failure(make)).toMatchObject({ code: 'node-failed', place: { node: 'net/odd node' } });
    });

    it('one new value for a state in a call', () => {
      const twice = single((ctx, x) => (ctx.assign('a', x), ctx.assign('a', x), { x }), { state: { a: x } });
      expect(failure(() => compile(twice, mode).call('f', { x }))).toMatchObject({ code: 'assigned-twice' });
    });

    it('a loss that reaches no weight is refused; a weight it does not reach stays', () => {
      const rule = ruleOf(sgd, { kind: 'sgd', momentum: 0, weightDecay: 0 });
      const fit = (reaches: boolean): ProgramSpec =>
        single((ctx, x) => ({
          loss: ctx.minimise(() => tf.sum(reaches ? tf.mul(x, ctx.read('a')) : x), ['a', 'b'], rule, { rate: tf.sum(x) }),
        }), { state: { a: filled([2, 2], 1), b: filled([2, 2], 1) } });
      expect(failure(() => compile(fit(false), mode).call('f', { x }))).toMatchObject({ code: 'no-gradient' });
      const program = compile(fit(true), mode);
      program.call('f', { x });
      expect(program.read()['b']!.data).toEqual(filled([2, 2], 1).data);
      expect(program.read()['a']!.data).not.toEqual(filled([2, 2], 1).data);
      program.dispose();
    });

    it('an error while gradients are taken leaves no tensors', () =>
      withoutLeaks(engine, 'failed fit', () => {
        const rule = ruleOf(sgd, { kind: 'sgd', momentum: 0, weightDecay: 0 });
        const spec = single((ctx, x) => {
          const loss = (): Tensor => {
            const y = ctx.kernels.relu(tf.exp(tf.mul(x, ctx.read('a'))));
            return ctx.within('odd', () => tf.reshape(y, [3]));
          };
          return { loss: ctx.minimise(loss, ['a'], rule, { rate: tf.sum(x) }) };
        }, { state: { a: filled([2, 2], 1) } });
        const make = (): unknown => {
          const program = compile(spec, mode);
          try {
            return program.call('f', { x });
          } finally {
            program.dispose();
          }
        };
        expect(failure(make)).toMatchObject({ code: 'node-failed', place: { node: 'odd' } });
      }));

    it('random numbers follow the fed seed', () => {
      const spec = single((ctx, seed) => ({ y: ctx.kernels.normal([4], seed, 3) }), { shape: [2], dtype: 'int32' });
      const program = compile(spec, mode);
      const draw = (a: number): Float32Array => program.call('f', { x: { shape: [2], data: Int32Array.of(a, 1) } })['y']!.data;
      expect(draw(1)).toEqual(draw(1));
      expect(draw(1)).not.toEqual(draw(2));
      program.dispose();
    });
  });

  it('random numbers are the same natively and eagerly', () => {
    const spec = single((ctx, seed) => ({ u: ctx.kernels.uniform([8], seed, 1), n: ctx.kernels.normal([8], seed, 2) }), { shape: [2], dtype: 'int32' });
    const feeds = { x: { shape: [2], data: Int32Array.of(11, 12) } };
    const [native, eager] = [compile(spec), compile(spec, 'eager')];
    const [found, expected] = [native.call('f', feeds), eager.call('f', feeds)];
    for (const name of ['u', 'n']) found[name]!.data.forEach((v, i) => expect(v).toBeCloseTo(expected[name]!.data[i]!, 6));
    native.dispose();
    eager.dispose();
  });

  describe('what cannot be replayed', () => {
    it('a node that reads values back is named, even where it hides the error', () => {
      const peek = (x: Tensor): Tensor => {
        try {
          return tf.scalar(tf.sum(x).dataSync()[0]!);
        } catch {
          return tf.scalar(0);
        }
      };
      const spec = single((ctx, x) => ({ y: ctx.within('memory', () => ctx.within('coreset', () => peek(x))) }));
      return withoutLeaks(engine, 'refused trace', () => {
        expect(failure(() => compile(spec))).toMatchObject({ code: 'reads-values-back', place: { node: 'coreset' } });
        const eager = compile(spec, 'eager');
        expect(eager.call('f', { x })['y']!.data[0]).toBeCloseTo(x.data.reduce((a, b) => a + b, 0), 5);
        eager.dispose();
      });
    });

    it('reading a constant is no harm', () => {
      const spec = single((_, x) => ({ y: tf.mul(x, tf.add(1, 1).dataSync()[0]!) }));
      const program = compile(spec);
      expect(program.call('f', { x })['y']!.data[0]).toBeCloseTo(x.data[0]! * 2, 6);
      program.dispose();
    });

    it.each<[string, (x: Tensor) => Tensor]>([
      ['noise', (x) => tf.add(x, tf.randomNormal([2, 2]))],
      ['folded noise', (x) => tf.add(x, tf.mul(tf.randomUniform([2, 2]), 0.1))],
      ['noise alone', () => tf.randomNormal([2, 2])],
      ['a random number', (x) => tf.mul(x, Math.random())],
      ['a random setting', (x) => tf.leakyRelu(x, Math.random())],
      ['dropout', (x) => tf.dropout(x, 0.5)],
    ])('%s drawn in JavaScript is refused, naming the node that drew', (_, draw) =>
      withoutLeaks(engine, 'refused trace', () => {
        const spec = single((ctx, x) => {
          const noisy = ctx.within('augment', () => draw(x));
          return { y: ctx.within('student', () => tf.mul(noisy, x)) };
        });
        expect(failure(() => compile(spec))).toMatchObject({ code: 'frozen-randomness', place: { node: 'augment' } });
      }));

    it('a path chosen by chance is refused', () => {
      let calls = 0;
      const spec = single((ctx, x) => ({ y: ctx.within('drop-path', () => (calls++ % 2 ? tf.square(x) : tf.neg(x))) }));
      expect(failure(() => compile(spec))).toMatchObject({ code: 'frozen-randomness', place: { node: 'drop-path' } });
    });
  });

  describe('disk cache', () => {
    let cache: string;
    beforeEach(() => (cache = mkdtempSync(join(tmpdir(), 'stillroom-test-'))));
    afterEach(() => rmSync(cache, { recursive: true }));

    let traces = 0;
    const scaled = (by: number, key = 'a', start = 0): ProgramSpec =>
      single(
        (ctx, x) => {
          traces++;
          ctx.assign('calls', tf.add(ctx.read('calls'), 1));
          return { y: tf.add(tf.mul(x, ctx.read('by')), ctx.read('calls')) };
        },
        { key: [key], constants: { by: filled([], by) }, state: { calls: filled([], start) } },
      );
    /** The first value of the result, and how often the function ran in JavaScript. */
    const tried = (spec: ProgramSpec): { value: number; traces: number } => {
      traces = 0;
      const program = compile(spec, 'native', cache);
      const value = program.call('f', { x: filled([2, 2], 1) })['y']!.data[0]!;
      program.dispose();
      return { value, traces };
    };

    it('a second start needs no trace, and begins with its own states', () =>
      withoutLeaks(engine, 'cached', () => {
        expect(tried(scaled(3))).toEqual({ value: 3, traces: 2 });
        expect(tried(scaled(3))).toEqual({ value: 3, traces: 0 });
        expect(tried(scaled(3, 'a', 40))).toEqual({ value: 43, traces: 0 });
        expect(readdirSync(cache)).toHaveLength(1);
      }));

    it('other constants, another key or another shape are another graph', () => {
      expect(tried(scaled(3)).value).toBe(3);
      expect(tried(scaled(4))).toEqual({ value: 4, traces: 2 });
      expect(tried(scaled(3, 'b')).traces).toBe(2);
      const spec = scaled(3);
      spec.functions['g'] = { inputs: { x: { shape: [1], dtype: 'float32' } }, run: (_, { x }) => ({ x: x! }) };
      expect(tried(spec).traces).toBe(2);
      expect(readdirSync(cache)).toHaveLength(4);
    });

    it.each<[string, (entry: string) => void]>([
      ['cut short', (entry) => truncateSync(join(entry, 'saved_model.pb'), 100)],
      ['of other bytes', (entry) => writeFileSync(join(entry, 'saved_model.pb'), 'nonsense')],
      ['without its facts', (entry) => rmSync(join(entry, 'program.json'))],
    ])('a graph %s is made again', (_, harm) => {
      tried(scaled(3));
      harm(join(cache, readdirSync(cache)[0]!));
      expect(tried(scaled(3))).toEqual({ value: 3, traces: 2 });
      expect(tried(scaled(3))).toEqual({ value: 3, traces: 0 });
    });

    it('where nothing can be stored, the program runs all the same', () => {
      const file = join(cache, 'a-file');
      writeFileSync(file, '');
      const program = compile(scaled(3), 'native', file);
      expect(program.call('f', { x: filled([2, 2], 1) })['y']!.data[0]).toBe(3);
      program.dispose();
    });
  });
});
