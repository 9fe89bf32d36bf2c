import type { Kernels, Tensor, Tensors } from '../../plugins/sdk/index.ts';
import { createRandom } from '../../plugins/sdk/random.ts';
import type { Engine } from './load.ts';
import { functionOf, sizeOf } from './program-checks.ts';
import { FunctionContext } from './program-context.ts';
import type { ProgramInput, ProgramSpec } from './program.ts';
import { Recorder } from './recorder.ts';
import { requireSteady, type Ref, type Tape } from './tape.ts';

/**
 * The tapes of all functions of a program, each run twice in tfjs on made-up inputs and found to do the same.
 * Leaves no tensor behind.
 */
export function traceProgram(engine: Engine, kernels: Kernels, spec: ProgramSpec): Record<string, Tape> {
  const { tf } = engine;
  const tapes: Record<string, Tape> = {};
  tf.tidy(() => {
    const values = new Map<string, Tensor>();
    for (const [name, { shape, data }] of Object.entries({ ...spec.constants, ...spec.state })) {
      values.set(name, tf.tensor(data, [...shape], 'float32'));
    }
    for (const name of Object.keys(spec.functions)) {
      const tape = traceFunction(engine, kernels, spec, name, values, 0);
      requireSteady(tape, traceFunction(engine, kernels, spec, name, values, 1), spec.name);
      tapes[name] = tape;
    }
  });
  return tapes;
}

function traceFunction(
  engine: Engine,
  kernels: Kernels,
  spec: ProgramSpec,
  name: string,
  values: ReadonlyMap<string, Tensor>,
  attempt: number,
): Tape {
  const { tf, backend, binding } = engine;
  const fn = functionOf(spec, name);
  // Private to tfjs-node, but the one place that says which native tensor stands behind one of tfjs.
  const { getInputTensorIds } = backend as unknown as { getInputTensorIds(tensors: Tensor[]): number[] };
  const idOf = (tensor: Tensor): number => getInputTensorIds.call(backend, [tensor])[0]!;
  const ctx = new FunctionContext(tf, kernels, spec, values);
  const recorder = new Recorder(engine, () => ctx.node);
  const refOf = (tensor: Tensor): Ref => recorder.refOf(idOf(tensor));
  const dtypes: Record<string, number> = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, bool: binding.TF_BOOL };
  for (const [value, tensor] of values) {
    const constant = spec.constants[value];
    if (constant) recorder.freeze(idOf(tensor), constant.shape, constant.data);
    else recorder.declare(idOf(tensor), { kind: 'state', name: value }, dtypes['float32']!);
  }
  let tape: Tape | undefined;
  try {
    tf.tidy(() => {
      const inputs: Tensors = {};
      for (const [input, { shape, dtype }] of Object.entries(fn.inputs)) {
        inputs[input] = tf.tensor(example({ shape, dtype }, input, attempt), [...shape], dtype);
        recorder.declare(idOf(inputs[input]), { kind: 'input', name: input }, dtypes[dtype]!);
      }
      recorder.during(() => {
        const given = fn.run(ctx, inputs);
        const outputs = Object.entries(given).map(([output, tensor]) => ({
          name: output,
          ref: refOf(tensor),
          shape: [...tensor.shape],
          dtype: dtypes[tensor.dtype]!,
        }));
        const assignments = [...ctx.assignments].map(([state, tensor]) => ({ state, ref: refOf(tensor) }));
        const moves = ctx.moves.map(({ state, rule, gradient, hyper }) => ({
          state,
          rule,
          gradient: refOf(gradient),
          hyper: Object.fromEntries(rule.hyper.map((h) => [h, refOf(hyper[h]!)])),
        }));
        const { ops, constants, handed } = recorder;
        tape = { ops, constants, handed, outputs, assignments, moves };
      });
    });
  } finally {
    ctx.dispose();
  }
  return tape!;
}

/** Small numbers that fit most uses; whole numbers are 0 or 1, which are indices of anything that has two. */
function example({ shape, dtype }: ProgramInput, name: string, attempt: number): Float32Array | Int32Array {
  const size = sizeOf(shape);
  if (dtype === 'int32') return new Int32Array(size).fill(attempt);
  const { uniform } = createRandom('example', name, attempt);
  return Float32Array.from({ length: size }, uniform);
}
