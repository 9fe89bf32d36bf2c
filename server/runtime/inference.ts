import type { HostTensor, Signal, Tensors } from '../../plugins/sdk/index.ts';
import { refName, type Part, type PlanNode, type ValueRef } from '../compiler/plan.ts';
import type { Program, ProgramInput, ProgramSpec } from '../engine/program.ts';
import { runPart } from './assemble.ts';
import { weightsOf, type WeightValues } from './weight-values.ts';

/** Compiles programs: the engine with its mode and cache already chosen. */
export type Compile = (spec: ProgramSpec) => Program;

/** Inputs of a part for batches of one size. */
export function partInputs(nodes: ReadonlyMap<string, PlanNode>, part: Part, batch: number): Record<string, ProgramInput> {
  return Object.fromEntries(
    part.inputs.map((ref) => [refName(ref), { shape: [batch, ...signalOf(nodes, ref).shape], dtype: 'float32' as const }]),
  );
}

export function signalOf(nodes: ReadonlyMap<string, PlanNode>, { node, socket }: ValueRef): Signal {
  return nodes.get(node)!.outputSignals[socket]!;
}

/** What a trace of the part depends on besides shapes and weights. */
export function partKey(part: Part): string[] {
  return [
    ...part.nodes.map(({ id, definition, params, inputs }) => JSON.stringify([id, definition.type, definition.version, params, inputs])),
    ...part.outputs.map(refName),
  ];
}

/** A part outside of training, all weights fixed, for batches of one size. */
export function compileInference(
  compile: Compile,
  name: string,
  nodes: ReadonlyMap<string, PlanNode>,
  part: Part,
  weights: WeightValues,
  batch: number,
): { run(feeds: Parameters<Program['call']>[1]): Record<string, HostTensor>; dispose(): void } {
  const program = compile({
    name,
    key: partKey(part),
    constants: weightsOf(part.nodes, weights),
    state: {},
    functions: {
      run: {
        inputs: partInputs(nodes, part, batch),
        run: (ctx, inputs): Tensors => runPart(ctx, part, inputs, { training: false, seed: ctx.tf.zeros([2], 'int32') }),
      },
    },
  });
  return { run: (feeds) => program.call('run', feeds), dispose: () => program.dispose() };
}

/** The first `real` samples of a batch. */
export function firstSamples({ shape, data }: HostTensor, real: number): HostTensor {
  const [count = 1, ...rest] = shape;
  return real === count ? { shape, data } : { shape: [real, ...rest], data: data.subarray(0, (data.length / count) * real) };
}

/** One sample of a batch, without the batch dimension. */
export function sampleOf({ shape, data }: HostTensor, index: number): HostTensor {
  const [count = 1, ...rest] = shape;
  const size = data.length / count;
  return { shape: rest, data: data.subarray(index * size, (index + 1) * size) };
}
