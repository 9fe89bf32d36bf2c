import type { Engine } from '../engine/load.ts';
import { createKernels } from '../engine/kernels.ts';
import type { ProgramSpec, Values } from '../engine/program.ts';
import { traceProgram } from '../engine/trace.ts';
import { weightsIn } from '../engine/weights-in.ts';
import { reasonOf } from './finding.ts';
import type { NodeRun } from './run-node.ts';

/**
 * Traces a node as the compiler does for a native graph, a prediction and a training step; says why that is refused,
 * where it is: a value that was read back, chance that the trace would freeze, a tensor from outside.
 */
export function whyNotTraceable(engine: Engine, run: NodeRun): string | undefined {
  try {
    traceProgram(engine, createKernels(engine), specOf(run));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function specOf({ definition, params, inputs, outputs, weights, feeds, values }: NodeRun): ProgramSpec {
  const valuesOf = (isFrozen: boolean): Record<string, Values> =>
    Object.fromEntries(
      weights.filter(({ role }) => (role === 'frozen') === isFrozen).map(({ name, shape }) => [name, { shape, data: values.get(name)! }]),
    );
  const given = Object.entries(feeds).map(([socket, { shape }]) => [socket, { shape, dtype: 'float32' as const }]);
  const traced = (training: boolean): ProgramSpec['functions'][string] => ({
    inputs: { ...Object.fromEntries(given), [seed]: { shape: [2], dtype: 'int32' } },
    run: (ctx, { [seed]: seedTensor, ...tensors }) =>
      ctx.within(definition.type, () => {
        const env = { tf: ctx.tf, kernels: ctx.kernels, weights: weightsIn(ctx, weights), inputs, outputs };
        return definition.build!(env, params as never)(tensors, { training, seed: seedTensor! });
      }),
  });
  return {
    name: definition.type,
    key: [],
    constants: valuesOf(true),
    state: valuesOf(false),
    functions: { predict: traced(false), train: traced(true) },
  };
}

/** No socket has this name. */
const seed = 'mode.seed';
