import { findEngine } from '../../server/engine/find.ts';
import { loadEngine } from '../../server/engine/load.ts';
import { createKernels } from '../../server/engine/kernels.ts';
import type { AnyNodeDefinition, HostTensor, Signal, Tensor, Weight } from '../../plugins/sdk/index.ts';
import type { Need } from './needs.ts';

export function engineNeed(): Need {
  return { name: 'engine', met: isEngineThere(), required: process.env['STILLROOM_REQUIRE'] === 'all' };
}

function isEngineThere(): boolean {
  try {
    return findEngine() !== undefined;
  } catch {
    return false;
  }
}

/** Runs one node eagerly, outside training, on one batch; asserts that it leaves no tensor behind. */
export async function runNode(
  definition: AnyNodeDefinition,
  params: unknown,
  inputs: Record<string, HostTensor & Signal>,
  values: ReadonlyMap<string, Float32Array> = new Map(),
): Promise<Record<string, HostTensor>> {
  const engine = await loadEngine();
  const { tf } = engine;
  const before = tf.memory().numTensors;
  const signals = Object.fromEntries(
    Object.entries(inputs).map(([name, { data: _, ...signal }]) => [name, { ...signal, shape: signal.shape.slice(1) }]),
  );
  const inferred = definition.infer(signals, params as never, {
    cost: () => {},
    problem: ({ message }) => {
      throw new Error(message);
    },
  });
  const outputs: Record<string, HostTensor> = {};
  tf.tidy(() => {
    const weights: Record<string, Weight> = {};
    for (const spec of definition.weights?.(signals, params as never) ?? []) {
      const value = tf.tensor(values.get(spec.name)!, [...spec.shape]);
      weights[spec.name] = {
        spec,
        read: () => value,
        assign: () => {
          throw new Error(`${spec.name} was assigned outside training`);
        },
      };
    }
    const env = { tf, kernels: createKernels(engine), weights, inputs: signals, outputs: inferred };
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape, data }] of Object.entries(inputs)) tensors[name] = tf.tensor(data, [...shape]);
    const seed = tf.zeros([2], 'int32');
    const given = definition.build!(env, params as never)(tensors, { training: false, seed });
    for (const [name, tensor] of Object.entries(given)) {
      outputs[name] = { shape: tensor.shape, data: tensor.dataSync() as Float32Array };
    }
  });
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${definition.type} left ${left} tensors`);
  return outputs;
}
