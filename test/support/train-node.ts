import { openBackend } from '../../server/conformance/backend.ts';
import { runNode } from '../../server/conformance/run-node.ts';
import type { AnyNodeDefinition, HostTensor, Tensor, Tf } from '../../plugins/sdk/index.ts';

export interface TrainingStep {
  loss: number;
  /** Euclidean norm of the loss's gradient, by trainable weight. */
  gradients: Record<string, number>;
  /** What the node moved itself, by weight. */
  assigned: Record<string, Float32Array>;
}

/** Runs one node eagerly in training and says what the gradients of a loss on its outputs are; leaves no tensor. */
export async function trainNode(
  definition: AnyNodeDefinition,
  params: unknown,
  inputs: Record<string, HostTensor & { type: 'images' | 'features' }>,
  values: ReadonlyMap<string, Float32Array>,
  loss: (outputs: Record<string, Tensor>, tf: Tf) => Tensor,
): Promise<TrainingStep> {
  const signals = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape }]) => [name, { type, shape: shape.slice(1) }]),
  );
  const weights = definition.weights!(signals, params as never);
  const run = { definition, params, inputs: signals, outputs: {}, weights, feeds: inputs, values, training: true, loss };
  const step = runNode(await openBackend(), run);
  if (step.left !== 0) throw new Error(`${definition.type} left ${step.left} tensors`);
  return {
    loss: step.loss!,
    gradients: mapValues(step.gradients, (gradient) => norm(gradient ?? new Float32Array(0))),
    assigned: mapValues(step.assigned, ({ data }) => data),
  };
}

function mapValues<A, B>(record: Record<string, A>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
