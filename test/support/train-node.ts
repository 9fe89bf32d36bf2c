import { createKernels } from '../../server/engine/kernels.ts';
import { loadEngine } from '../../server/engine/load.ts';
import type { AnyNodeDefinition, HostTensor, Tensor, Tf, Weight } from '../../plugins/sdk/index.ts';

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
  lossOf: (outputs: Record<string, Tensor>, tf: Tf) => Tensor,
): Promise<TrainingStep> {
  const engine = await loadEngine();
  const { tf } = engine;
  const kernels = createKernels(engine);
  const before = tf.memory().numTensors;
  const signals = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape }]) => [name, { type, shape: shape.slice(1) }]),
  );
  const specs = definition.weights!(signals, params as never);
  const trainable = specs.filter((spec) => spec.role === 'trainable');
  const step: TrainingStep = { loss: NaN, gradients: {}, assigned: {} };
  tf.tidy(() => {
    const tensorOf = new Map(specs.map((spec) => [spec.name, tf.tensor(values.get(spec.name)!, [...spec.shape])]));
    const forward = (...trained: Tensor[]): Tensor => {
      const now = new Map(tensorOf);
      trainable.forEach((spec, i) => now.set(spec.name, trained[i]!));
      const weights: Record<string, Weight> = {};
      for (const spec of specs) {
        weights[spec.name] = {
          spec,
          read: () => now.get(spec.name)!,
          assign: (value) => (step.assigned[spec.name] = value.dataSync() as Float32Array),
        };
      }
      const env = { tf, kernels, weights, inputs: signals, outputs: {} };
      const tensors = Object.fromEntries(
        Object.entries(inputs).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
      );
      const mode = { training: true, seed: tf.zeros([2], 'int32') };
      return lossOf(definition.build!(env, params as never)(tensors, mode), tf);
    };
    const { value, grads } = tf.valueAndGrads(forward)(trainable.map((spec) => tensorOf.get(spec.name)!));
    step.loss = value.dataSync()[0]!;
    trainable.forEach((spec, i) => (step.gradients[spec.name] = tf.norm(grads[i]!).dataSync()[0]!));
  });
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${definition.type} left ${left} tensors`);
  return step;
}
