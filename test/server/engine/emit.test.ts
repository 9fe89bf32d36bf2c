import { beforeAll, expect, it } from 'vitest';
import type { Tensor, Tensors, Tf } from '../../../plugins/sdk/index.ts';
import { emitGraph, type EmittedGraph } from '../../../server/engine/emit.ts';
import { createKernels } from '../../../server/engine/kernels.ts';
import { loadEngine, type Engine } from '../../../server/engine/load.ts';
import { withoutLeaks } from '../../../server/engine/memory.ts';
import type { ProgramContext, ProgramSpec } from '../../../server/engine/program.ts';
import { traceProgram } from '../../../server/engine/trace.ts';
import { engineNeed } from '../../support/eager-node.ts';
import { describeWith } from '../../support/needs.ts';

describeWith(engineNeed(), 'emitting a graph', () => {
  let engine: Engine;
  let tf: Tf;
  beforeAll(async () => {
    engine = await loadEngine();
    tf = engine.tf;
  });

  const x = { shape: [2], dtype: 'float32' as const };
  const emit = (run: (ctx: ProgramContext, x: Tensor) => Tensors, extra: Partial<ProgramSpec> = {}): EmittedGraph => {
    const functions = { f: { inputs: { x }, run: (ctx: ProgramContext, inputs: Tensors) => run(ctx, inputs['x']!) } };
    const spec: ProgramSpec = { name: 'trial', key: [], constants: {}, state: {}, functions, ...extra };
    return emitGraph(engine, spec, traceProgram(engine, createKernels(engine), spec));
  };
  const named = ({ nodes }: EmittedGraph, op: string): { name: string; input: string[] }[] => nodes.filter((node) => node.op === op);
  const ops = (graph: EmittedGraph): string[] =>
    graph.nodes.map(({ op }) => op).filter((op) => !['Placeholder', 'Identity', 'Const'].includes(op));
  /** Numbers of the constants that the graph's ops use. */
  const constants = ({ nodes }: EmittedGraph): number[][] =>
    nodes.flatMap(({ op, name, attr }) => {
      if (op !== 'Const' || name.endsWith('/done') || name.endsWith('/written')) return [];
      return [[...new Float32Array(attr['value']!.tensor!.tensorContent.slice().buffer)]];
    });

  it('what depends on constants only is computed once: x · (√16 + c) → x · 7', () => {
    const graph = emit((ctx, x) => ({ y: tf.mul(x, tf.add(tf.sqrt(tf.scalar(16)), ctx.read('c'))) }), {
      constants: { c: { shape: [], data: Float32Array.of(3) } },
    });
    expect(ops(graph)).toEqual(['Mul']);
    expect(constants(graph)).toEqual([[7]]);
  });

  it('equal ops are one: (x² + 1)(x² + 1) squares and adds once', () => {
    const graph = emit((_, x) => ({ y: tf.mul(tf.add(tf.square(x), 1), tf.add(tf.square(x), 1)) }));
    expect(ops(graph).sort()).toEqual(['Add', 'Mul', 'Square']);
  });

  it('the same op with other settings or inputs is another', () => {
    const graph = emit((_, x) => ({ a: tf.leakyRelu(x, 0.1), b: tf.leakyRelu(x, 0.2), c: tf.sub(x, 1), d: tf.sub(1, x) }));
    expect(ops(graph).sort()).toEqual(['LeakyRelu', 'LeakyRelu', 'Sub', 'Sub']);
  });

  it('what nothing depends on is left out', () => {
    const graph = emit((_, x) => (tf.exp(x), { y: tf.neg(x) }));
    expect(ops(graph)).toEqual(['Neg']);
  });

  it('an input that nothing depends on is not asked for', () => {
    const graph = emit(() => ({ y: tf.scalar(1) }));
    expect(graph.functions['f']!.inputs).toEqual([]);
    expect(named(graph, 'Placeholder')).toEqual([]);
  });

  it('a large constant of one number is filled in, another is written out', () => {
    const same = emit((_, x) => ({ y: tf.mul(tf.sum(x), tf.ones([100, 100])) }));
    expect(ops(same).sort()).toEqual(['Fill', 'Mul', 'Sum']);
    expect(constants(same).every((numbers) => numbers.length <= 2)).toBe(true);
    const range = emit((_, x) => ({ y: tf.mul(tf.sum(x), tf.range(0, 300)) }));
    expect(ops(range).sort()).toEqual(['Mul', 'Sum']);
    expect(constants(range)).toContainEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('ops carry the name of their node', () => {
    const graph = emit((ctx, x) => ({ y: ctx.within('net/student é', () => tf.neg(x)) }));
    const { name } = named(graph, 'Neg')[0]!;
    expect(name).toMatch(/^node\/net\/student__\/Neg_\d+$/);
    expect(graph.owners[name.slice(0, name.lastIndexOf('/'))]).toBe('net/student é');
  });

  it('results wait for all updates, updates for all reads of the old value', () => {
    const graph = emit((ctx, x) => (ctx.assign('a', x), { y: tf.neg(x), a: ctx.read('a') }), {
      state: { a: { shape: [2], data: new Float32Array(2) } },
    });
    const [, update] = named(graph, 'AssignVariableOp');
    const { name: read } = named(graph, 'ReadVariableOp')[0]!;
    expect(update!.input).toContain(`^${read}`);
    for (const output of named(graph, 'Identity')) expect(output.input).toContain(`^${update!.name}`);
  });

  it('functions share variables and what they make of them', () => {
    const run = (ctx: ProgramContext): Tensors => ({ y: tf.exp(ctx.read('a')) });
    const graph = emit(run, {
      state: { a: { shape: [2], data: new Float32Array(2) } },
      functions: { f: { inputs: {}, run }, g: { inputs: {}, run } },
    });
    expect(named(graph, 'VarHandleOp')).toHaveLength(1);
    expect(named(graph, 'Exp')).toHaveLength(1);
  });

  it('a trace leaves no tensors', () =>
    withoutLeaks(engine, 'trace', () => emit((_, x) => ({ y: tf.mul(x, tf.sqrt(tf.ones([2]))) }))));
});
