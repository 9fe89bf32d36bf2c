import type { HostTensor, Signal, Tensors } from '../../plugins/sdk/index.ts';
import { refName, type Part, type PlanNode, type ValueRef } from '../compiler/plan.ts';
import { segmentsOf } from '../compiler/segments.ts';
import type { Program, ProgramContext, ProgramFeed, ProgramInput, ProgramSpec } from '../engine/program.ts';
import { runPart } from './assemble.ts';
import { weightsOf, type WeightValues } from './weight-values.ts';

/** Compiles programs: the engine with its mode and cache already chosen. */
export type Compile = (spec: ProgramSpec, options: CompileOptions) => Program;
export interface CompileOptions {
  /** It looks at values, so it runs op by op whatever the mode. */
  eager: boolean;
  /** Another process can use the same graph. */
  reusable: boolean;
}

/** A part, ready to run batch after batch. */
export interface Inference {
  run(feeds: Record<string, ProgramFeed>): Record<string, HostTensor>;
  /** Of one whose weights may move: gives some of them other values. */
  write(weights: WeightValues): void;
  dispose(): void;
}

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

/**
 * A part outside of training, for batches of one size, its weights fixed. With `keep` its graph is kept on disk though
 * fitted weights are written into it: another process that predicts with the same ones starts without a trace. With
 * `moves` all but imported weights can be written anew between two runs.
 */
export function compileInference(
  compile: Compile,
  name: string,
  nodes: ReadonlyMap<string, PlanNode>,
  part: Part,
  weights: WeightValues,
  batch: number,
  { keep = false, moves = false }: { keep?: boolean; moves?: boolean } = {},
): Inference {
  const programs: Program[] = [];
  const states: ReadonlySet<string>[] = [];
  const dispose = (): void => {
    for (const program of programs.splice(0)) program.dispose();
  };
  try {
    for (const segment of segmentsOf(part)) {
      const run = {
        inputs: partInputs(nodes, segment, batch),
        run: (ctx: ProgramContext, inputs: Tensors): Tensors =>
          runPart(ctx, segment, inputs, { training: false, seed: ctx.tf.zeros([2], 'int32') }),
      };
      const isFrozen = ({ definition }: PlanNode): boolean => definition.pretrained !== undefined;
      const state = moves ? weightsOf(segment.nodes.filter((node) => !isFrozen(node)), weights) : {};
      const constants = weightsOf(moves ? segment.nodes.filter(isFrozen) : segment.nodes, weights);
      const reusable = keep || moves || segment.nodes.every((node) => node.weights.every(({ role }) => role === 'frozen'));
      programs.push(compile({ name, key: partKey(segment), constants, state, functions: { run } }, { eager: segment.eager, reusable }));
      states.push(new Set(Object.keys(state)));
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    run(feeds) {
      let values = feeds as Record<string, HostTensor>;
      for (const program of programs) values = { ...values, ...program.call('run', values) };
      return Object.fromEntries(part.outputs.map((ref) => [refName(ref), values[refName(ref)]!]));
    },
    write(moved) {
      for (const [i, program] of programs.entries()) {
        const mine = Object.entries(moved).filter(([name]) => states[i]!.has(name));
        if (mine.length > 0) program.write(Object.fromEntries(mine));
      }
    },
    dispose,
  };
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
