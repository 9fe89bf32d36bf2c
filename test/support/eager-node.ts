import { openBackend } from '../../server/conformance/backend.ts';
import { runNode as runOnce } from '../../server/conformance/run-node.ts';
import { findEngine } from '../../server/engine/find.ts';
import type { AnyNodeDefinition, HostTensor, Signal } from '../../plugins/sdk/index.ts';
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
  const signals = Object.fromEntries(
    Object.entries(inputs).map(([name, { data: _, ...signal }]) => [name, { ...signal, shape: signal.shape.slice(1) }]),
  );
  const outputs = definition.infer(signals, params as never, {
    cost: () => {},
    problem: ({ message }) => {
      throw new Error(message);
    },
  });
  const weights = definition.weights?.(signals, params as never) ?? [];
  const run = { definition, params, inputs: signals, outputs, weights, feeds: inputs, values };
  const result = runOnce(await openBackend(), run);
  const [assigned] = Object.keys(result.assigned);
  if (assigned) throw new Error(`${assigned} was assigned outside training`);
  if (result.left !== 0) throw new Error(`${definition.type} left ${result.left} tensors`);
  return Object.fromEntries(Object.entries(result.outputs).map(([name, { shape, data }]) => [name, { shape, data }]));
}
